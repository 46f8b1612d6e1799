"""What policies say of the runs of one registry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from firnline.language.model import Policy, matches
from firnline.language.run_retentions import Checkpoints, KeepBest, RunRetention
from firnline.language.said import Said
from firnline.s3.terms import Days

DEFAULT_GRACE: Final = timedelta(days=14)
"""Where no policy has `references` to the registry."""


@dataclass(frozen=True, slots=True)
class RunSettings:
    """`grace` is how long what has ended or was deleted is kept all the same."""

    retentions: tuple[RunRetention, ...] = ()
    grace: timedelta = DEFAULT_GRACE


def run_settings(policies: Iterable[Policy], registry: str) -> RunSettings:
    """What all policies together say of the runs of a registry; the longest grace counts."""
    policies = tuple(policies)
    references = [each.references for each in policies if each.references]
    graces = [
        timedelta(days=each.grace.value)
        for each in references
        if each.grace and registry in [named.value for named in each.registries]
    ]
    return RunSettings(
        retentions=tuple(
            retention
            for policy in policies
            for retention in policy.run_retentions
            if retention.registry.value == registry
        ),
        grace=max(graces, default=DEFAULT_GRACE),
    )


@dataclass(frozen=True, slots=True)
class OfExperiment:
    """What all sections together say of one experiment. Each `keep_best` is with the name of its
    section; without a clause that keeps, every finished run is kept. `checkpoints` are all
    different settings: with more than one, none holds.
    """

    keep_best: tuple[tuple[str, KeepBest], ...]
    keep_younger_than: timedelta | None
    keep_read_within: timedelta | None
    abandoned_after: timedelta | None
    checkpoints: tuple[Checkpoints, ...]

    @property
    def has_clause(self) -> bool:
        ages = (self.keep_younger_than, self.keep_read_within)
        return bool(self.keep_best) or any(each is not None for each in ages)


def of_experiment(experiment: str, retentions: Sequence[RunRetention]) -> OfExperiment | None:
    """Where several sections are about it, what any of them keeps is kept."""
    about = [
        each
        for each in retentions
        if any(matches(experiment, pattern.value) for pattern in each.experiments)
    ]
    if not about:
        return None
    return OfExperiment(
        keep_best=tuple((each.name.value, each.keep_best) for each in about if each.keep_best),
        keep_younger_than=_longest(each.keep_younger_than for each in about),
        keep_read_within=_longest(each.keep_read_within for each in about),
        abandoned_after=_longest(each.abandoned_after for each in about),
        checkpoints=different(each.checkpoints for each in about),
    )


def _longest(said: Iterable[Said[Days] | None]) -> timedelta | None:
    return max((timedelta(days=each.value) for each in said if each), default=None)


def different(said: Iterable[Checkpoints | None]) -> tuple[Checkpoints, ...]:
    """One of each content."""
    return tuple({each.content: each for each in said if each}.values())
