"""The retention schedule, for a spreadsheet: a row for each bucket and scope."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from io import StringIO

from firnline.language.said import Said
from firnline.rules.kept_acts import OWNER_OF_KEPT
from firnline.rules.program import Bucket
from firnline.targets.schedule.approvers import approvals_of, code_owners
from firnline.targets.schedule.document import document_of
from firnline.targets.schedule.model import BucketRows, Kept, Row, Schedule, Setting
from firnline.targets.schedule.words import (
    kept_in_words,
    promised_in_words,
    reason_in_words,
    scope_in_words,
    tier_in_words,
)

_ENDS = ("readable", "bytes", "old_versions")
COLUMNS = (
    *("owner", "bucket", "prefix", "scope", "policy", "retention"),
    *(f"{end}_{bound}" for end in _ENDS for bound in ("min_days", "max_days", "no_max_because")),
    *("promises", "holds", "hold_ask_again", "hold_approved_by", "days_without_holds"),
    *("code_owners", "approvals", "why", "versioning", "tiers", "registries", "uploads_max_days"),
    *("old_versions_by", "kept_rules", "source", "known_by", "as_of", "digest"),
)


def to_csv(schedule: Schedule) -> str:
    """What has no maximum has an empty cell there, and the next one says why."""
    text = StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    stamp = schedule.today.isoformat(), document_of(schedule)["digest"]
    for group in schedule.groups:
        for bucket in group.buckets:
            for row in group.rows:
                rows.writerow([*_cells(schedule, group, bucket, row), *stamp])
    return text.getvalue()


def _cells(schedule: Schedule, group: BucketRows, bucket: Bucket, row: Row) -> Iterator[object]:
    decides = row.settings[0] if row.settings else None
    owners = [each.owner for each in row.settings] + [OWNER_OF_KEPT] * bool(row.kept)
    yield from ("; ".join(dict.fromkeys(owners)), bucket.key)
    yield from (row.prefix, scope_in_words(row, most=None))
    yield from (decides.policy, decides.retention or "") if decides else ("", "")
    for kept in (row.ends.readable, row.ends.bytes, row.ends.old_versions):
        yield from _days(kept)
    yield "; ".join(
        f"{policy.name.value}/{each.name.value}: {promised_in_words(each)}"
        for policy, each in row.promises
    )
    yield "; ".join(f"{policy.name.value}/{hold.name.value}" for policy, hold in row.holds)
    yield "; ".join(_day(hold.ask_again) for _, hold in row.holds)
    yield "; ".join(hold.approved_by for _, hold in row.holds)
    yield _without_holds(row)
    yield "; ".join(code_owners(row, schedule.approvers))
    approved = approvals_of(row, [bucket.key], schedule.approvers)
    yield "; ".join(
        " ".join(filter(None, (each.by, each.ticket, f"until {each.until.value}")))
        for each in approved
    )
    yield "; ".join(dict.fromkeys(each.why for each in row.settings))
    yield group.versioning.value if group.versioning else ""
    yield "; ".join(map(tier_in_words, row.tiers))
    yield "; ".join(row.registries)
    yield "" if row.uploads is None else row.uploads
    yield row.old_versions.name if row.old_versions else ""
    yield "; ".join(row.kept)
    yield "; ".join(map(_place, row.settings))
    yield group.known_by.value


def _days(kept: Kept) -> tuple[object, ...]:
    least = "" if kept.least is None else kept.least
    return least, "" if kept.most is None else kept.most, reason_in_words(kept)


def _without_holds(row: Row) -> str:
    if row.without_holds is None:
        return ""
    ends = row.without_holds
    names = ("readable", "bytes", "old versions")
    every = zip(names, (ends.readable, ends.bytes, ends.old_versions), strict=True)
    return "; ".join(f"{name} {kept_in_words(kept)}" for name, kept in every)


def _day(day: Said[date] | None) -> str:
    return day.value.isoformat() if day else ""


def _place(setting: Setting) -> str:
    return f"{setting.path}:{setting.line}"
