"""Where SeaweedFS departs from what we say S3 does, as a table whose rows can be played.

A difference is explained by the rows under which the day-by-day S3 of `tests/testing/naive_world`
leaves exactly what the server left. `docs/proof.md` has the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from typing import Any

from tests.engines.state import DAY, NEW_MARKER, Bucket, Remaining, Version
from tests.engines.worlds import LONGEST
from tests.testing import naive_world


@dataclass(frozen=True, slots=True)
class Departure:
    """`source`: the file in SeaweedFS's weed/s3api/s3lifecycle and the function that does so."""

    name: str
    source: str


# Expiration with Days or Date does not remove a delete marker that is alone.
SOLE_MARKER = Departure("days-spare-a-sole-marker", "evaluate.go, EvaluateAction")
# A marker that a pass makes is made after midnight: what counts from it is due a day later.
AFTER_MIDNIGHT = Departure("marker-made-after-midnight", "due_at.go, ComputeDueAt")
# A version that a pass makes noncurrent counts for NewerNoncurrentVersions in the same pass.
COUNTS_AT_ONCE = Departure(
    "newly-noncurrent-counts-at-once", "router/router.go, routePointerTransitionExpand"
)
# A marker goes in the pass that deletes the last version under it.
GOES_AT_ONCE = Departure("marker-goes-at-once", "router/router.go, routeSoleSurvivorMarker")
# A version whose successor is deleted is still noncurrent since that one replaced it.
FIRST_SUCCESSOR = Departure(
    "noncurrent-since-first-successor", "noncurrent_since.go, SuccessorFromEntryStamp"
)
# An event counts newer versions around the version that it made current, also when that one has
# become noncurrent since: one of those that NewerNoncurrentVersions keeps goes.
COUNTS_AROUND = Departure(
    "event-counts-around-its-version", "router/router.go, routePointerTransitionExpand"
)
# ObjectSizeGreaterThan: 0 matches empty objects and delete markers.
OVER_ZERO = Departure("over-zero-is-no-bound", "rule.go, Rule.FilterSizeGreaterThan")

TABLE = (
    *(SOLE_MARKER, AFTER_MIDNIGHT, COUNTS_AT_ONCE, GOES_AT_ONCE),
    *(FIRST_SUCCESSOR, COUNTS_AROUND, OVER_ZERO),
)

REPLAYED = LONGEST * DAY
"""A pass replays events as old as the longest rule of the server counts days."""


def explain(
    bucket: Bucket, key: str, at: datetime, ours: Remaining, theirs: Remaining
) -> tuple[Departure, ...] | None:
    """The fewest rows under which a midnight leaves theirs; none where no rows do, or where it does
    not leave ours without any."""
    if after_midnight(bucket, key, at) != ours:
        return None
    for count in range(1, len(TABLE) + 1):
        for rows in combinations(TABLE, count):
            if after_midnight(bucket, key, at, rows) == theirs:
                return rows
    return None


def after_midnight(
    bucket: Bucket, key: str, at: datetime, rows: tuple[Departure, ...] = ()
) -> Remaining:
    """What a midnight leaves of a key where S3 departs by those rows."""
    world = _DepartingWorld(
        "Enabled" if bucket.versioned else "",
        [_rule(rule, rows) for rule in bucket.rules],
        "all_storage_classes_128K",
        {key: _versions(bucket.keys[key], at, rows)},
        [],
    )
    world.days_spare_sole_markers = SOLE_MARKER in rows
    world.one_midnight(key, at)
    if COUNTS_AT_ONCE in rows:
        world.judge_again(key, at, "delete_version")
    if COUNTS_AROUND in rows:
        for moment, id in bucket.became_current.get(key, ()):
            if moment >= at - REPLAYED:
                world.replay(key, at, id)
    if GOES_AT_ONCE in rows:
        world.judge_again(key, at, "remove_delete_marker")
    known = {version.id for version in bucket.keys[key]}
    return tuple(each.id if each.id in known else NEW_MARKER for each in world.keys[key])


class _DepartingWorld(naive_world.NaiveWorld):
    days_spare_sole_markers = False
    only: str | None = None

    def judge_again(self, key: str, at: datetime, action: str) -> None:
        """Judges what the midnight has left, and does that action alone."""
        self.only = action
        self.one_midnight(key, at)

    def replay(self, key: str, at: datetime, id: str) -> None:
        """An event of the log: that version has become the current one. Judges the versions at the
        ranks that matter to a rule, as if it still were."""
        counts = {
            rule["NoncurrentVersionExpiration"].get("NewerNoncurrentVersions", 0)
            for rule in self.rules
            if rule["Status"] == "Enabled" and "NoncurrentVersionExpiration" in rule
        }
        newest_first = self.keys[key][::-1]
        if not any(counts) or id not in {version.id for version in newest_first}:
            return
        others = [version for version in newest_first if version.id != id]
        for newer in sorted({0} | counts):
            # The server refuses to delete what is really current.
            if newer < len(others) and others[newer] is not newest_first[0]:
                self._end_noncurrent(key, others[newer], newer, at)

    def _end_noncurrent(
        self, key: str, version: naive_world.Version, newer: int, at: datetime
    ) -> None:
        if any(
            rule["Status"] == "Enabled"
            and naive_world.matches(rule, key, version)
            and any(self.wishes_of_old(rule, version, newer, at))
            for rule in self.rules
        ):
            self.keys[key] = [each for each in self.keys[key] if each is not version]

    def wishes(self, key: str, place: int, now: datetime) -> Iterator[tuple[tuple[str, str], str]]:
        for wish, rule in super().wishes(key, place, now):
            if self.only in (None, wish[0]):
                yield wish, rule

    def marker_goes(self, rule: dict[str, Any], marker: naive_world.Version, now: datetime) -> bool:
        by_flag = "ExpiredObjectDeleteMarker" in rule.get("Expiration", {})
        if self.days_spare_sole_markers and not by_flag:
            return False
        return super().marker_goes(rule, marker, now)


def _versions(
    stack: tuple[Version, ...], at: datetime, rows: tuple[Departure, ...]
) -> list[naive_world.Version]:
    versions = [
        naive_world.Version(
            version.id,
            _stamp(version.created, rows),
            version.size,
            dict(version.tags),
            is_marker=version.is_marker,
        )
        for version in stack
    ]
    for older, newer in pairwise(versions):
        older.noncurrent_since = newer.created
    if FIRST_SUCCESSOR in rows:
        for naive, version in zip(versions[:-1], stack, strict=False):
            naive.noncurrent_since = _stamp(_since_first_successor(version, at), rows)
    return versions


def _since_first_successor(version: Version, at: datetime) -> datetime:
    """Written to a version whenever it is replaced. To a null version nothing is written: it is
    judged when the event of its being replaced is replayed, the oldest event first."""
    last = version.replaced[-1]
    if version.id != "null":
        return last
    return next((moment for moment in version.replaced if moment >= at - REPLAYED), last)


def _stamp(moment: datetime, rows: tuple[Departure, ...]) -> datetime:
    """Users do nothing at midnight: what is made then is made by lifecycle."""
    at_midnight = moment.hour == moment.minute == moment.second == 0
    return moment + timedelta(minutes=1) if at_midnight and AFTER_MIDNIGHT in rows else moment


def _rule(rule: dict[str, Any], rows: tuple[Departure, ...]) -> dict[str, Any]:
    """As the naive S3 takes it, with a datetime for a date."""
    if date := rule.get("Expiration", {}).get("Date"):
        rule = {**rule, "Expiration": {"Date": datetime.fromisoformat(date)}}
    bounds = rule["Filter"].get("And", {})
    if OVER_ZERO in rows and bounds.get("ObjectSizeGreaterThan") == 0:
        kept = {name: value for name, value in bounds.items() if name != "ObjectSizeGreaterThan"}
        rule = {**rule, "Filter": {"And": kept}}
    return rule
