"""A folder that compiles → its retention schedule, as of a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from firnline.language.model import Folder
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.coverage import cleared_buckets
from firnline.rules.program import Bucket
from firnline.targets.schedule.model import Approvers, BucketRows, KnownBy, Schedule
from firnline.targets.schedule.rows import rows_of


def schedule_of(
    folder: Folder, buckets: Iterable[BucketRules], approvers: Approvers, today: date
) -> Schedule:
    """`buckets`: also those patterns that no lock resolves. Raises `NotAnalysed`."""
    groups: dict[tuple[int, KnownBy], list[BucketRules]] = {}
    for each in buckets:
        if each.program is not None:
            groups.setdefault((id(each.program), _known_by(each.bucket)), []).append(each)
    found = [_group(same, known_by) for (_, known_by), same in groups.items()]
    return Schedule(
        today,
        tuple(sorted(found, key=lambda group: group.buckets[0].key)),
        tuple(sorted(set(_uncovered(folder)))),
        folder.lock is not None,
        approvers,
    )


def _group(same: list[BucketRules], known_by: KnownBy) -> BucketRows:
    first = same[0]
    assert first.program is not None
    buckets = tuple(sorted((each.bucket for each in same), key=lambda bucket: bucket.key))
    return BucketRows(
        buckets,
        known_by,
        first.bucket.versioning,
        first.bucket.object_lock,
        rows_of(first.program, first.rules),
    )


def _known_by(bucket: Bucket) -> KnownBy:
    if bucket.locked:
        return KnownBy.LOCK
    return KnownBy.PATTERN if "*" in bucket.name else KnownBy.NAME


def _uncovered(folder: Folder) -> Iterator[str]:
    """By account, region and name, as far as the fleet file labels the account."""
    yield from (bucket.key for bucket in cleared_buckets(folder))
    if folder.lock is None:
        return
    for locked in folder.lock.buckets:
        if not locked.covered:
            account = folder.fleet.account_with(locked.account_id) if folder.fleet else None
            label = account.label.value if account else locked.account_id
            yield f"{label}/{locked.region}/{locked.name.value}"
