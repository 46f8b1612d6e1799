"""`firnline diff --references FILE`: which references does the change doom?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from firnline.cli.doomed import read_references
from firnline.cli.snapshot_keys import ReadSnapshot, name_of
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import BucketPlace
from firnline.reach.doomed.change import Change
from firnline.reach.doomed.doomed import Covering, Entry, entries_of
from firnline.reach.doomed.findings import findings
from firnline.reach.doomed.of_rules import of_rules
from firnline.reach.doomed.threats import Threats
from firnline.reach.doomed.trusted import distrust
from firnline.rules.bucket_rules import rules_of_patterns
from firnline.rules.diff.items import Snapshot
from firnline.targets.review.model import DoomedByChange


def doomed_by_change(
    file: str,
    read: tuple[ReadSnapshot, ReadSnapshot],
    sides: tuple[Snapshot, Snapshot],
    today: date,
) -> DoomedByChange:
    """Raises `CommandFailed`."""
    before, after = (_covering(*each) for each in zip(read, sides, strict=True))
    change = Change(before, after)
    head, _ = read_references(file, change.see)
    compilation = read[1].compilation
    policies = compilation.folder.policies if compilation else ()
    doubts = tuple(distrust(head, file, policies, today))
    return DoomedByChange(file, head.made, doubts, change.added, change.removed, change.standing)


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
