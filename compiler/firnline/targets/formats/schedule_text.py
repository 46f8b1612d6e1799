"""The retention schedule, for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.diagnostics.wrapping import wrapped
from firnline.language.model import Hold, Policy
from firnline.rules.kept_acts import OWNER_OF_KEPT, kept_called
from firnline.targets.schedule.approvers import approvals_in_words, approvals_of, code_owners
from firnline.targets.schedule.document import document_of
from firnline.targets.schedule.model import BucketRows, Ends, Kept, Row, Schedule
from firnline.targets.schedule.words import (
    kept_in_words,
    known_in_words,
    promised_in_words,
    reason_in_words,
    scope_in_words,
    tier_in_words,
    uploads_in_words,
)

_MOST_BUCKETS = 5
_INDENT = "    "
_GAP = 18


def to_text(schedule: Schedule, columns: int) -> str:
    lines = [f"retention schedule as of {schedule.today}, {document_of(schedule)['digest']}"]
    lines += wrapped(approvals_in_words(schedule.approvers), columns, hanging=2)
    for group in schedule.groups:
        lines += ["", *_group(group, schedule, columns)]
    lines += _not_in_it(schedule, columns)
    return "\n".join(lines) + "\n"


def _group(group: BucketRows, schedule: Schedule, columns: int) -> Iterator[str]:
    names = [visible(bucket.key) for bucket in group.buckets]
    more = len(names) - _MOST_BUCKETS
    named = ", ".join(names[:_MOST_BUCKETS]) + (f" and {more:,} more" if more > 0 else "")
    yield from wrapped(named, columns, hanging=2)
    versioning = group.versioning.value if group.versioning else "not known"
    lock = ", with Object Lock" if group.object_lock else ""
    known = "; ".join(
        filter(None, (f"versioning {versioning}{lock}", known_in_words(group.known_by)))
    )
    yield from wrapped(known, columns, hanging=2)
    for row in group.rows:
        yield ""
        yield from _row(row, group, schedule, columns)


def _row(row: Row, group: BucketRows, schedule: Schedule, columns: int) -> Iterator[str]:
    yield from wrapped(f"  {scope_in_words(row)}", columns, hanging=2)
    for name, text in _facts(row, group, schedule):
        label = f"{_INDENT}{name:<{_GAP}}"
        yield from wrapped(label + text, columns, hanging=_GAP)


def _facts(row: Row, group: BucketRows, schedule: Schedule) -> Iterator[tuple[str, str]]:
    yield from _ends(row.ends)
    if row.without_holds:
        days = ", ".join(f"{name} {text}" for name, text in _ends(row.without_holds))
        yield "without the hold", days
    for setting in row.settings or ():
        yield (
            "owner",
            f"{visible(setting.owner)}, by {setting.name} ({setting.path}:{setting.line})",
        )
    if row.kept:
        by = ", ".join(map(kept_called, row.kept))
        yield "owner", f"{OWNER_OF_KEPT} decides, {by}"
    elif not row.settings:
        yield "owner", "nobody: no policy says how long objects are kept here"
    for why in dict.fromkeys(each.why for each in row.settings):
        yield "why", visible(why)
    for policy, promise in row.promises:
        yield "promise", f"{policy.name.value}/{promise.name.value}: {promised_in_words(promise)}"
    for policy, hold in row.holds:
        yield "hold", _hold(policy, hold, schedule.today)
    if row.tiers:
        yield "tiers", ", ".join(map(tier_in_words, row.tiers))
    if row.uploads is not None:
        yield "uploads", uploads_in_words(row.uploads)
    if row.registries:
        yield "registries", ", ".join(map(visible, row.registries))
    yield from _approvers(row, group, schedule)


def _ends(ends: Ends) -> Iterator[tuple[str, str]]:
    yield "readable", _kept(ends.readable)
    yield "bytes", _kept(ends.bytes)
    yield "old versions", _kept(ends.old_versions)


def _kept(kept: Kept) -> str:
    why = reason_in_words(kept)
    return kept_in_words(kept) + (f": {why}" if why else "")


def _hold(policy: Policy, hold: Hold, today: date) -> str:
    name = f"{policy.name.value}/{hold.name.value}: {visible(hold.why)}"
    said = f"{name}; approved by {visible(hold.approved_by)}"
    if hold.ask_again is None:
        return said
    since = "was due" if hold.ask_again.value <= today else "due"
    return f"{said}; review {since} on {hold.ask_again.value}"


def _approvers(row: Row, group: BucketRows, schedule: Schedule) -> Iterator[tuple[str, str]]:
    owners = code_owners(row, schedule.approvers)
    if owners:
        yield "changes need", f"a review by {', '.join(map(visible, owners))} (CODEOWNERS)"
    keys = [bucket.key for bucket in group.buckets]
    for each in approvals_of(row, keys, schedule.approvers):
        ticket = f", {visible(each.ticket)}" if each.ticket else ""
        until = "ended on" if each.until.value <= schedule.today else "until"
        yield "approved", f"by {visible(each.by)}{ticket}, {until} {each.until.value}"


def _not_in_it(schedule: Schedule, columns: int) -> Iterator[str]:
    if not schedule.has_lock:
        no_lock = (
            "no fleet lock: which buckets there are is not known; `firnline resolve` writes it"
        )
        yield from ("", *wrapped(no_lock, columns, hanging=2))
    if schedule.uncovered:
        count = how_many(len(schedule.uncovered), "bucket")
        yield from ("", f"{count} of the fleet lock without a policy:")
        yield from (f"  {visible(key)}" for key in schedule.uncovered)
