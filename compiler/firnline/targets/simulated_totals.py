"""What a simulation comes to: by retention and action, day by day, and at the end."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from firnline.rules.kept_acts import kept_called
from firnline.rules.retention_of import retention_of
from firnline.s3.phrases import done_in_words, singular
from firnline.s3.simulate.batch import ActionTaken, BatchStep
from firnline.s3.simulate.clock import midnight_from
from firnline.s3.simulate.stored import ItemKind, LifecycleAction, StoredItem
from firnline.s3.simulate.tally import Tally, added
from firnline.s3.terms import Clock
from firnline.targets.simulated import Simulated

OLD_VERSION = singular(Clock.NONCURRENT_VERSIONS)


class Happening(NamedTuple):
    """Some items to which one action happens at one midnight, by one retention or rule."""

    at: datetime
    owner: str
    action: LifecycleAction
    storage_class: str | None
    tally: Tally

    @property
    def done(self) -> str:
        return done_in_words(self.action, self.storage_class)


@dataclass(frozen=True, slots=True)
class Totals:
    """`first_run` is the first midnight after the simulation begins; `stored` and `left` count by
    kind, in words.
    """

    first_run: datetime | None
    happenings: tuple[Happening, ...]
    stored: dict[str, Tally]
    left: dict[str, Tally]
    untouched: Tally


def totals_of(simulated: Simulated) -> Totals:
    groups = _groups(simulated)
    listed = [each for each in groups if not each.put]
    return Totals(
        first_run=midnight_from(simulated.since) if simulated.since else None,
        happenings=tuple(_happenings(groups, simulated.kept)),
        stored=added((each.called, each.tally) for each in listed),
        left=added((each.called_at_the_end, each.tally) for each in groups if each.remains),
        untouched=sum((each.tally for each in listed if not each.steps), Tally()),
    )


def owner_of(taken: ActionTaken, kept: frozenset[str]) -> str:
    """The retention, or else the rule, that requires an action first."""
    rule = taken.rules[0]
    if rule.id in kept:
        return kept_called(rule.id)
    return retention_of(rule.id) or rule.id


class _Group(NamedTuple):
    """Items like this one to which the same happens; `put` by S3 meanwhile."""

    item: StoredItem
    steps: tuple[BatchStep, ...]
    put: bool
    tally: Tally

    @property
    def called(self) -> str:
        return _called(self.item.kind, self.item.current)

    @property
    def called_at_the_end(self) -> str:
        marked = any(step.taken.action is LifecycleAction.DELETE_MARKER for step in self.steps)
        return _called(self.item.kind, self.item.current and not marked)

    @property
    def remains(self) -> bool:
        return not self.steps or self.steps[-1].left is not None


def _called(kind: ItemKind, current: bool) -> str:
    return OLD_VERSION if kind is ItemKind.OBJECT_VERSION and not current else kind.value


def _groups(simulated: Simulated) -> list[_Group]:
    """Few against the items: those to which the same happens share their steps."""
    first_put = len(simulated.items) - simulated.made
    sizes: dict[Hashable, list[int]] = {}
    firsts: dict[Hashable, tuple[StoredItem, tuple[BatchStep, ...], bool]] = {}
    for place, (item, steps) in enumerate(zip(simulated.items, simulated.histories, strict=True)):
        # An enum's hash is a function in Python; these are not.
        kind = item.kind is ItemKind.OBJECT_VERSION, item.kind is ItemKind.DELETE_MARKER
        key = id(steps), kind, item.current, place >= first_put
        if key not in sizes:
            sizes[key] = []
            firsts[key] = item, steps, place >= first_put
        sizes[key].append(item.size)
    return [
        _Group(*first, Tally(len(sizes[key]), sum(sizes[key]))) for key, first in firsts.items()
    ]


def _happenings(groups: Iterable[_Group], kept: frozenset[str]) -> Iterator[Happening]:
    """In order of time; what is done to the most bytes first."""
    sums = added(
        (
            (step.at, owner_of(step.taken, kept), step.taken.action, step.taken.storage_class),
            group.tally,
        )
        for group in groups
        for step in group.steps
    )
    found = [Happening(*key, tally) for key, tally in sums.items()]
    yield from sorted(found, key=lambda each: (each.at, -each.tally.bytes, each.done, each.owner))
