"""A folder that compiles → its retention schedule, as of a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from firnline.language.model import Folder
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.coverage import cleared_buckets, namespace_of
from firnline.rules.program import Program
from firnline.targets.schedule.model import Approvers, BucketRows, KnownBy, Schedule
from firnline.targets.schedule.rows import rows_of


def schedule_of(
    folder: Folder, buckets: Iterable[BucketRules], approvers: Approvers, today: date
) -> Schedule:
    """`buckets`: also those patterns that no lock resolves. Raises `NotAnalysed`."""
    groups: dict[tuple[object, ...], list[BucketRules]] = {}
    for each in buckets:
        if each.program is not None:
            groups.setdefault(_alike(each.program), []).append(each)
    found = [_group(same) for same in groups.values()]
    return Schedule(
        today,
        namespace_of(folder),
        tuple(sorted(found, key=lambda group: group.buckets[0].key)),
        tuple(sorted(set(_uncovered(folder)))),
        folder.lock is not None,
        approvers,
    )


def _alike(program: Program) -> tuple[object, ...]:
    """The same for programs that differ in nothing but their buckets."""
    first = program.buckets[0]
    facts = first.versioning, first.object_lock, first.type, first.partition, first.locked
    return (*map(id, program.policies), *facts, program.kept)


def _group(same: list[BucketRules]) -> BucketRows:
    first = same[0]
    assert first.program is not None
    buckets = tuple(sorted((each.bucket for each in same), key=lambda bucket: bucket.key))
    return BucketRows(
        buckets,
        KnownBy.LOCK if first.bucket.locked else KnownBy.POLICIES,
        first.bucket.versioning,
        first.bucket.object_lock,
        rows_of(first.program, first.rules),
    )


def _uncovered(folder: Folder) -> Iterator[str]:
    """By account, region and name, as far as the fleet file labels the account."""
    yield from (bucket.key for bucket in cleared_buckets(folder))
    for locked in folder.lock.buckets if folder.lock else ():
        if not locked.covered:
            account = folder.fleet.account_with(locked.account_id) if folder.fleet else None
            label = account.label.value if account else locked.account_id
            yield f"{label}/{locked.region}/{locked.name.value}"
