"""`firnline diff --references FILE`: which references does the change doom?"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice

from firnline.cli.doomed import read_references
from firnline.cli.snapshot_keys import ReadSnapshot, name_of
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import BucketPlace
from firnline.reach.doomed.change import Change
from firnline.reach.doomed.doomed import Covering, Doomed, Entry, entries_of
from firnline.reach.doomed.findings import findings
from firnline.reach.doomed.threats import Threats
from firnline.reach.doomed.trusted import distrust
from firnline.rules.bucket_rules import rules_of_patterns
from firnline.rules.diff.items import Snapshot
from firnline.rules.threats import of_rules
from firnline.targets.review.model import DoomedByChange

Found = tuple[tuple[Doomed, ...], tuple[Doomed, ...], tuple[Doomed, ...]]


def doomed_by_change(
    arguments: Namespace,
    read: tuple[ReadSnapshot, ReadSnapshot],
    sides: tuple[Snapshot, Snapshot],
    today: date,
) -> DoomedByChange:
    """Raises `CommandFailed`."""
    file, are_dated = arguments.references, bool(arguments.inventory)
    before, after = (_covering(*each) for each in zip(read, sides, strict=True))
    change = Change(before, after, names_all=are_dated)
    head, _ = read_references(file, change.see)
    compilation = read[1].compilation
    policies = compilation.folder.policies if compilation else ()
    doubts = tuple(distrust(head, file, policies, today))
    found = (change.added, change.removed, change.standing)
    if are_dated:
        found = _dated(found, sides, arguments, today)
    return DoomedByChange(file, head.made, doubts, *found)


def _dated(found: Found, sides: Sequence[Snapshot], arguments: Namespace, today: date) -> Found:
    """Raises `CommandFailed`."""
    from firnline.cli.doomed_days import dated  # an extra, and slow to import

    only = {name_of(key) for side in sides for key in side}
    each = iter(dated(sum(found, ()), arguments, only.pop() if len(only) == 1 else None, today))
    added, removed, standing = (tuple(islice(each, len(part))) for part in found)
    return added, removed, standing


def told(found: DoomedByChange) -> tuple[Diagnostic, ...]:
    """What the change brings, and why the file may not be relied on."""
    return (*found.doubts, *findings(found.added, found.made, found.file))


def _covering(read: ReadSnapshot, side: Snapshot) -> Covering:
    if read.compilation is None:
        return Covering(_of_rules(side))
    wanted = {name_of(key) for key in side}
    buckets = [each for each in read.compilation.buckets if each.bucket.name in wanted]
    patterns = rules_of_patterns(read.compilation.folder)
    fitting = [each for each in patterns if each.bucket.name in wanted]
    return Covering(entries_of(buckets), fitting)


def _of_rules(side: Snapshot) -> Iterator[Entry]:
    for key, config in side.items():
        place = config.written or BucketPlace(name_of(key))
        threats = Threats(of_rules(config.rules, place))
        yield Entry(name_of(key), threats, None, config.versioning)
