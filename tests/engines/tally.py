"""How many midnights were equal, which rows explain the others, and what nothing explains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.engines.compare import Difference
from tests.engines.departures import TABLE, Departure
from tests.engines.play import Midnight
from tests.engines.state import Bucket, Version

MOST_LATE = 0.3
"""The share of bucket-midnights that a slow machine may leave uncompared."""


@dataclass(slots=True)
class Tally:
    """`unexplained` are the midnights with a difference that no rows explain."""

    worlds: int = 0
    compared: int = 0
    equal: int = 0
    eventful: int = 0
    late: int = 0
    by_row: Counter[Departure] = field(default_factory=Counter)
    unexplained: list[Midnight] = field(default_factory=list)

    def add(self, midnight: Midnight) -> None:
        if midnight.late:
            self.late += 1
            return
        self.compared += 1
        self.equal += not midnight.differences
        self.eventful += midnight.is_eventful
        self.by_row.update({row for each in midnight.differences for row in each.rows or ()})
        if any(each.rows is None for each in midnight.differences):
            self.unexplained.append(midnight)

    @property
    def failure(self) -> str | None:
        if self.unexplained:
            return (
                "no row of docs/proof.md explains these differences: Firnline is wrong, or "
                "tests/engines/departures.py lacks a row"
            )
        if not self.compared or self.late > MOST_LATE * (self.late + self.compared):
            return "the machine was too slow or too busy to compare enough: try fewer --worlds"
        return None

    def in_one_line(self) -> str:
        return (
            f"{self.compared:,} bucket-midnights compared, {self.compared - self.equal:,} differ, "
            f"{len(self.unexplained)} unexplained"
        )

    def to_table(self) -> Iterator[str]:
        """A midnight that takes two rows to explain counts in both."""
        yield f"{'worlds':<38}{self.worlds:>7,}"
        yield f"{'bucket-midnights compared':<38}{self.compared:>7,}"
        yield self._line("with lifecycle actions", self.eventful)
        yield self._line("equal", self.equal)
        for row in TABLE:
            yield self._line(row.name, self.by_row[row])
        yield self._line("unexplained", len(self.unexplained))
        if self.late:
            yield f"{'not compared, the machine was late':<38}{self.late:>7,}"

    def _line(self, name: str, count: int) -> str:
        return f"  {name:<36}{count:>7,}{count / max(self.compared, 1):>9.2%}"


def describe(midnight: Midnight) -> Iterator[str]:
    """A midnight with its differences, and how to play its world again."""
    world = midnight.world
    yield f"world {world.number} of seed {world.seed}, at the end of day {midnight.day + 1}"
    for each in midnight.differences:
        yield from _describe(each, midnight.before)
    yield f"  python -m tests.engines --seed {world.seed} --only {world.number}"


def _describe(difference: Difference, before: Bucket) -> Iterator[str]:
    rows = difference.rows
    explained = "UNEXPLAINED" if rows is None else ", ".join(row.name for row in rows)
    yield f"  {difference.key}: {explained}"
    for version in before.keys.get(difference.key, ()):
        yield f"    before     {_version(version)}"
    for upload in before.uploads.values():
        if upload.key == difference.key:
            created = f"{upload.created:%b %d %H:%M:%S}"
            yield f"    before     an incomplete multipart upload of {created}"
    yield f"    Firnline   {', '.join(difference.ours) or 'nothing'}"
    yield f"    SeaweedFS  {', '.join(difference.theirs) or 'nothing'}"


def _version(version: Version) -> str:
    what = "delete marker" if version.is_marker else f"{version.size} bytes"
    tags = "".join(f" {key}={value}" for key, value in version.tags)
    replaced = "".join(f", replaced {each:%b %d %H:%M:%S}" for each in version.replaced)
    return f"{version.id}: {what}{tags}, made {version.created:%b %d %H:%M:%S}{replaced}"
