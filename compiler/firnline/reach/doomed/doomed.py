"""Which references do the rules of buckets threaten? One pass over a references file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from firnline.language.model import matches
from firnline.reach.doomed.threats import Threats
from firnline.reach.location import Location
from firnline.reach.reference_file import Answered, Found, Head
from firnline.reach.references import Reference, Root, Strength
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.program import Program
from firnline.rules.threats import Loss, Threat, of_program
from firnline.s3.terms import Versioning

MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One bucket by its name, and what threatens objects there; `program` is that of its policies,
    where it has any.
    """

    bucket: str
    threats: Threats
    program: Program | None
    versioning: Versioning | None


@dataclass(frozen=True, slots=True)
class Lost:
    """Of what is stored now under a reference so many objects are lost, the first on a day;
    `is_due` where that is today or past.
    """

    day: date
    objects: int
    is_due: bool


@dataclass(frozen=True, slots=True)
class Needed:
    """One of the references that are threatened: `because` leads to why it is needed, and `also`
    are the other readings of its location. `lost` is None where nothing is known to be.
    """

    registry: str
    because: tuple[str, ...]
    location: Location
    also: tuple[Location, ...] = ()
    lost: Lost | None = None


@dataclass(frozen=True, slots=True)
class Doomed:
    """What one threat does in one bucket to so many references, of which some are `named`.
    `is_firm`: a registered or deployed model needs it, not only a run. `stored_as_of` is when the
    objects were listed by which it is known what is `lost`; None where they were not.
    """

    entry: Entry
    threat: Threat
    is_firm: bool
    named: tuple[Needed, ...]
    count: int
    stored_as_of: datetime | None = None


class Covering:
    """What covers a bucket, by its name. Without a lock a pattern of a policy stands for all names
    that it fits.
    """

    def __init__(self, entries: Iterable[Entry], patterns: Sequence[BucketRules] = ()) -> None:
        self._patterns = patterns
        self._of: dict[str, list[Entry]] = {}
        for each in entries:
            self._of.setdefault(each.bucket, []).append(each)

    def of(self, name: str) -> list[Entry]:
        found = self._of.get(name)
        if found is None:
            fitting = [each for each in self._patterns if _fits(each, name)]
            named = [replace(each, bucket=replace(each.bucket, name=name)) for each in fitting]
            found = self._of[name] = list(entries_of(named))
        return found


def entries_of(buckets: Iterable[BucketRules]) -> Iterator[Entry]:
    """Of those that have a program: they share the threats of one that they share."""
    known: dict[Program, Threats] = {}
    for each in buckets:
        if (program := each.program) is not None:
            threats = known.get(program) or known.setdefault(program, Threats(of_program(program)))
            yield Entry(each.bucket.name, threats, program, each.bucket.versioning)


def read(
    lines: Iterable[datetime | Answered | Found], see: Callable[[str, Reference], None]
) -> tuple[Head, tuple[tuple[str, Root], ...]]:
    """`lines` as `read_whole` reads them; `see` is handed each reference, with its registry. Raises
    what they raise.
    """
    made: datetime | None = None
    answered: list[Answered] = []
    roots: list[tuple[str, Root]] = []
    for line in lines:
        if isinstance(line, datetime):
            made = line
        elif isinstance(line, Answered):
            answered.append(line)
        elif isinstance(line[1], Root):
            roots.append((line[0], line[1]))
        elif isinstance(line[1], Reference):
            see(line[0], line[1])
    assert made is not None  # `read_whole` refuses a file without its first line
    return Head(made, tuple(answered)), tuple(roots)


class Met:
    """Which references are threatened, of those that were seen so far. Of these, which are firm or
    live, so many lie `elsewhere`, in buckets that nothing covers.
    """

    def __init__(self, covering: Covering, *, names_all: bool = False) -> None:
        self._covering = covering
        self._found = Tally(names_all=names_all)
        self.references = 0
        self.elsewhere = 0

    @property
    def doomed(self) -> tuple[Doomed, ...]:
        return self._found.doomed

    def see(self, registry: str, reference: Reference) -> None:
        if reference.strength is Strength.SOFT:
            return
        entries = self._covering.of(reference.location.bucket)
        self.references += 1
        self.elsewhere += not entries
        for entry, threat in threatening(entries, reference):
            self._found.add(entry, threat, registry, reference)


class Tally:
    """References by what threatens them, and whether they are firm. `names_all`: otherwise the
    first few, so that a million references need no room.
    """

    def __init__(self, *, names_all: bool = False) -> None:
        self._names_all = names_all
        self._counts: dict[tuple[Entry, Threat, bool], _Count] = {}

    @property
    def doomed(self) -> tuple[Doomed, ...]:
        return tuple(
            Doomed(*key, tuple(each.named), each.count) for key, each in self._counts.items()
        )

    def add(self, entry: Entry, threat: Threat, registry: str, reference: Reference) -> None:
        key = entry, threat, is_firm(reference)
        count = self._counts.get(key) or self._counts.setdefault(key, _Count())
        count.add(registry, reference, names_all=self._names_all)


def threatening(entries: Iterable[Entry], reference: Reference) -> Iterator[tuple[Entry, Threat]]:
    """What threatens its location and matters: what a run needs may be archived, and what is needed
    only for its grace may be deleted.
    """
    if reference.strength is Strength.SOFT:
        return
    for entry in entries:
        for threat in entry.threats.of(reference.location):
            if threat.loss is Loss.DELETED or is_firm(reference):
                yield entry, threat


def is_firm(reference: Reference) -> bool:
    return reference.strength >= Strength.PIN


@dataclass(slots=True)
class _Count:
    """Of the readings of one text, which follow each other, only the first counts."""

    named: list[Needed] = field(default_factory=list)
    count: int = 0
    last: tuple[str, tuple[str, ...]] | None = None

    def add(self, registry: str, reference: Reference, *, names_all: bool) -> None:
        if self.last == (registry, reference.because):
            if names_all:
                needed = self.named[-1]
                self.named[-1] = replace(needed, also=(*needed.also, reference.location))
            return
        self.last = registry, reference.because
        self.count += 1
        if names_all or len(self.named) < MOST_NAMED:
            self.named.append(Needed(registry, reference.because, reference.location))


def _fits(pattern: BucketRules, name: str) -> bool:
    bucket, program = pattern.bucket, pattern.program
    return matches(name, bucket.name) and any(
        policy.covers(bucket.account, name, bucket.region)
        for policy in (program.policies if program else ())
    )
