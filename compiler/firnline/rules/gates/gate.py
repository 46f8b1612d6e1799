"""What needs an approval (`GatedItem`), and why (`Gate`); no disk, no git, no clock."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple, assert_never

from firnline.diagnostics.kinds import Kind, Severity
from firnline.language.fingerprint import sha256_of
from firnline.language.gate_settings import NO_GATE_SETTINGS, GateSettings, Level
from firnline.rules.diff.changes import Change
from firnline.rules.diff.items import Comparison, digest_of
from firnline.s3.model import Rule
from firnline.s3.shape import rule_to_s3


class FirstRun(NamedTuple):
    """The bytes that the first run of the new rules deletes and the old ones would not, at least
    and at most; the bytes of all that is stored where the change may do something; and the objects
    in its buckets, wherever they are.
    """

    least: int
    most: int
    scope: int
    objects: int

    def plus(self, other: FirstRun) -> FirstRun:
        return FirstRun(*(one + another for one, another in zip(self, other, strict=True)))


LIVE: Final = "live"
"""What is deployed, as commands and messages call it."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """`base` is what the first snapshot is called; `first_runs` are by the digest of a review item,
    on its buckets or on one of them, without those of which nothing is known. In `empty` buckets
    nothing is stored.
    """

    base: str
    found: Comparison
    settings: GateSettings = NO_GATE_SETTINGS
    first_runs: Mapping[str, FirstRun] = field(default_factory=dict)
    empty: frozenset[str] = frozenset()

    @property
    def base_in_words(self) -> str:
        """Behind `on`."""
        return "live buckets" if self.base == LIVE else self.base


@dataclass(frozen=True, slots=True)
class Gate:
    """One reason why an item needs an approval. `is_unknown` where facts are missing that would
    tell whether it does.
    """

    kind: Kind
    message: str
    notes: tuple[str, ...] = ()
    is_unknown: bool = False
    level: Level = Level.GATE

    @property
    def severity(self) -> Severity:
        match self.level:
            case Level.GATE:
                return Severity.GATE
            case Level.ERROR:
                return Severity.ERROR
            case Level.WARNING | Level.OFF:
                return Severity.WARNING
            case _:
                assert_never(self.level)


@dataclass(frozen=True, slots=True)
class GatedItem:
    """A review item that needs an approval, or what is new on a bucket that had no rules. `changes`
    are all that it consists of, `old` and `new` what it does in words. `approved` are the codes of
    the gates that an approval opens, and `notes` say why another approval does not. Where a `rule`
    of others goes, `changes` are what it does.
    """

    retention: str | None
    buckets: tuple[str, ...]
    changes: tuple[Change, ...]
    old: str
    new: str
    gates: tuple[Gate, ...]
    first_run: FirstRun | None = None
    is_first_rules: bool = False
    approved: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    rule: Rule | None = None

    @property
    def digest(self) -> str:
        return self.digest_on(self.buckets)

    @property
    def codes(self) -> tuple[str, ...]:
        """Of the gates that an approval can open."""
        codes = (gate.kind.code for gate in self.gates if gate.level is Level.GATE)
        return tuple(sorted(codes))

    @property
    def is_open(self) -> bool:
        """Whether a gate of it waits for its approval."""
        return not self.approved.issuperset(self.codes)

    @property
    def is_refused(self) -> bool:
        """Whether the project takes a gate of it for an error."""
        return any(gate.level is Level.ERROR for gate in self.gates)

    def united_with(self, other: GatedItem) -> GatedItem:
        """With the gates of both, where one approval is of both: they have the same digest."""
        return replace(
            self,
            gates=(*self.gates, *(each for each in other.gates if each not in self.gates)),
            first_run=self.first_run or other.first_run,
            approved=self.approved | other.approved,
            notes=tuple(dict.fromkeys((*self.notes, *other.notes))),
        )

    def digest_on(self, buckets: tuple[str, ...]) -> str:
        """Of the same item on these buckets, in their order."""
        if self.rule is not None:
            shape = json.dumps(
                [rule_to_s3(self.rule.in_order), *buckets], sort_keys=True, default=str
            )
            return f"sha256:{sha256_of(f'rule goes {shape}')}"
        digests = sorted(digest_of(change, buckets) for change in self.changes)
        if not self.is_first_rules:
            return digests[0]
        return f"sha256:{sha256_of('first rules ' + ' '.join(digests))}"
