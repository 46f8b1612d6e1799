"""Which references do the rules of buckets threaten? One pass over a references file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from firnline.language.model import matches
from firnline.reach.doomed.threats import Loss, Threat, Threats
from firnline.reach.location import Location
from firnline.reach.reference_file import Answered, Found, Head
from firnline.reach.references import Reference, Root, Strength
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.program import Bucket, Program

MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Needed:
    """One of the references that are threatened: `because` leads to why it is needed."""

    registry: str
    because: tuple[str, ...]
    location: Location


@dataclass(frozen=True, slots=True)
class Doomed:
    """What one setting of a policy does in one bucket to so many references, of which some are
    `named`. `is_firm`: a registered or deployed model needs it, not only a run.
    """

    bucket: Bucket
    program: Program
    threat: Threat
    is_firm: bool
    named: tuple[Needed, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Compared:
    """A references file beside policies. Of its `references`, which are firm or live, so many lie
    in buckets that these policies do not cover.
    """

    head: Head
    doomed: tuple[Doomed, ...]
    references: int
    elsewhere: int
    roots: tuple[tuple[str, Root], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One bucket, and what its program threatens."""

    bucket: Bucket
    program: Program
    threats: Threats


class Covering:
    """The programs of a bucket, by its name. Without a lock a pattern of a policy stands for all
    names that it fits.
    """

    def __init__(self, named: Sequence[BucketRules], patterns: Sequence[BucketRules] = ()) -> None:
        self._patterns = patterns
        self._threats: dict[Program, Threats] = {}
        self._of: dict[str, list[Entry]] = {}
        for each in named:
            self._of.setdefault(each.bucket.name, []).extend(self._entry(each))

    def of(self, name: str) -> list[Entry]:
        found = self._of.get(name)
        if found is None:
            fitting = [each for each in self._patterns if _fits(each, name)]
            named = [replace(each, bucket=replace(each.bucket, name=name)) for each in fitting]
            found = self._of[name] = [entry for each in named for entry in self._entry(each)]
        return found

    def _entry(self, each: BucketRules) -> Iterator[Entry]:
        program = each.program
        if program is not None:
            if program not in self._threats:
                self._threats[program] = Threats(program)
            yield Entry(each.bucket, program, self._threats[program])


def compare(lines: Iterable[datetime | Answered | Found], covering: Covering) -> Compared:
    """`lines` as `read_whole` reads them. Raises what they raise."""
    made: datetime | None = None
    answered: list[Answered] = []
    roots: list[tuple[str, Root]] = []
    met = _Met(covering)
    for line in lines:
        if isinstance(line, datetime):
            made = line
        elif isinstance(line, Answered):
            answered.append(line)
        elif isinstance(line[1], Root):
            roots.append((line[0], line[1]))
        elif isinstance(line[1], Reference):
            met.add(line[0], line[1])
    assert made is not None  # `read_whole` refuses a file without its first line
    return Compared(
        Head(made, tuple(answered)), met.doomed, met.references, met.elsewhere, tuple(roots)
    )


def threatening(threats: Threats, reference: Reference) -> Iterator[Threat]:
    """Of those to its location the ones that matter: what a run needs may be archived, and what is
    needed only for its grace may be deleted.
    """
    if reference.strength is Strength.SOFT:
        return
    for threat in threats.of(reference.location):
        if threat.loss is Loss.DELETED or is_firm(reference):
            yield threat


def is_firm(reference: Reference) -> bool:
    return reference.strength >= Strength.PIN


class _Met:
    """What was compared so far."""

    def __init__(self, covering: Covering) -> None:
        self._covering = covering
        self._found: dict[tuple[Entry, Threat, bool], _Count] = {}
        self.references = 0
        self.elsewhere = 0

    @property
    def doomed(self) -> tuple[Doomed, ...]:
        return tuple(
            Doomed(entry.bucket, entry.program, threat, firm, tuple(count.named), count.count)
            for (entry, threat, firm), count in self._found.items()
        )

    def add(self, registry: str, reference: Reference) -> None:
        if reference.strength is Strength.SOFT:
            return
        entries = self._covering.of(reference.location.bucket)
        self.references += 1
        self.elsewhere += not entries
        for entry in entries:
            for threat in threatening(entry.threats, reference):
                key = entry, threat, is_firm(reference)
                count = self._found.get(key) or self._found.setdefault(key, _Count())
                count.add(registry, reference)


@dataclass(slots=True)
class _Count:
    """Of the readings of one text, which follow each other, only the first counts."""

    named: list[Needed] = field(default_factory=list)
    count: int = 0
    last: tuple[str, tuple[str, ...]] | None = None

    def add(self, registry: str, reference: Reference) -> None:
        if self.last == (registry, reference.because):
            return
        self.last = registry, reference.because
        self.count += 1
        if len(self.named) < MOST_NAMED:
            self.named.append(Needed(registry, reference.because, reference.location))


def _fits(pattern: BucketRules, name: str) -> bool:
    bucket, program = pattern.bucket, pattern.program
    return matches(name, bucket.name) and any(
        policy.covers(bucket.account, name, bucket.region)
        for policy in (program.policies if program else ())
    )
