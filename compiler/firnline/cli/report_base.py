"""`firnline report --base SNAPSHOT`: the rules that what policies do is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from firnline.cli.base import NO_BASE, base_of, snapshot_of
from firnline.cli.base_snapshot import Base
from firnline.cli.failed import CommandFailed
from firnline.cli.listing_file import called
from firnline.cli.matching import matched
from firnline.cli.reporting import with_others
from firnline.cli.snapshot_keys import ReadSnapshot, name_of
from firnline.cli.snapshots import LIVE, folder_of
from firnline.cli.stored import StoredIn
from firnline.diagnostics.visible import visible
from firnline.language.project import Project
from firnline.rules.diff.items import NOT_KNOWN, Snapshot
from firnline.targets.report.model import ComparedWith


class Sides(NamedTuple):
    """What the rules are of the buckets that are reported on: compared with, and by policies."""

    before: Snapshot
    after: Snapshot
    base: ComparedWith | None


def sides(
    said: str | None,
    policies: str,
    after: ReadSnapshot,
    stored: Sequence[StoredIn],
    named: str | None,
    now: datetime,
) -> Sides:
    """`said` of the base on the command line; `named` is the bucket of a listing that does not name
    its own. Raises `CommandFailed`, `NoBaseCommit`, `NoPolicies`.
    """
    compilation = after.compilation
    assert compilation is not None
    after = replace(after, snapshot=with_others(after.snapshot, stored, named, compilation))
    only = dict.fromkeys((*(each.bucket or named for each in stored), named))
    wanted = [name for name in only if name]
    base = base_of(said or NO_BASE, Project(), [policies])
    if base is None:
        return Sides(*matched(ReadSnapshot({}), after, wanted), None)
    before = snapshot_of(base, folder_of([policies]), wanted)
    if before.compilation is not None:
        others = with_others(before.snapshot, stored, named, before.compilation)
        before = replace(before, snapshot=others)
    old, new = matched(before, after, wanted)
    _refuse_unknown(base, before, old, new)
    return Sides({key: old[key] for key in new if key in old}, new, _compared(base, now))


def _refuse_unknown(base: Base, read: ReadSnapshot, old: Snapshot, new: Snapshot) -> None:
    """Raises `CommandFailed`."""
    for key in new:
        if old.get(key) is NOT_KNOWN:
            raise CommandFailed(f"what the rules of {name_of(key)} do is not known yet", code=1)
        if key not in old and not read.says_all:
            unknown = f"the rules of `{visible(name_of(key))}`"
            raise CommandFailed(f"{base.label} does not tell {unknown}: {_remedy(base)}")


def _remedy(base: Base) -> str:
    if base.named == LIVE:
        return "it reads the buckets of the fleet lock, which `firnline resolve` writes"
    return "compare with a file that has them, or report on the buckets that it has"


def _compared(base: Base, now: datetime) -> ComparedWith:
    return ComparedWith(called(base.label), base.commit, now if base.named == LIVE else None)
