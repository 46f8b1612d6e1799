"""A retention schedule → one page of HTML that needs nothing else: a summary with all holds, what
the columns say, and a table for each group of buckets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from markupsafe import Markup

from firnline import __version__
from firnline.diagnostics.how_many import how_many
from firnline.language.model import Hold, Policy
from firnline.rules.kept_acts import kept_called
from firnline.targets.html.page import Heading, whole_page
from firnline.targets.html.template import file_of, in_full, rendered
from firnline.targets.schedule.approvers import approvals_in_words, approvals_of, code_owners
from firnline.targets.schedule.document import document_of
from firnline.targets.schedule.model import BucketRows, Kept, Row, Schedule
from firnline.targets.schedule.words import (
    kept_in_words,
    known_in_words,
    promised_in_words,
    reason_in_words,
    scope_in_words,
    tier_in_words,
    uploads_in_words,
)

_PACKAGE: Final = "firnline.targets.schedule"
_FOR_EVER: Final = 10**9
_MOST_BUCKETS: Final = 12


@dataclass(frozen=True, slots=True)
class Days:
    """A cell; sorted by the least number of days."""

    said: str
    why: str
    order: int


def page(schedule: Schedule) -> str:
    under = [f"as of {schedule.today}", approvals_in_words(schedule.approvers)]
    return whole_page(
        Heading("Retention schedule", schedule.namespace, under),
        [
            _summary(schedule),
            *(_group(each, place, schedule) for place, each in enumerate(schedule.groups)),
            _not_in_it(schedule),
        ],
        rendered(
            "footer.html",
            _PACKAGE,
            digest=document_of(schedule)["digest"],
            command=in_full(f"firnline schedule --today {schedule.today}"),
            version=__version__,
        ),
        file_of(_PACKAGE, "schedule.css"),
        sorts=True,
    )


def _summary(schedule: Schedule) -> Markup:
    rows = [row for group in schedule.groups for row in group.rows]
    owners = {each.owner for row in rows for each in row.settings}
    holds = dict.fromkeys(each for row in rows for each in row.holds)
    decided = [row for row in rows if row.settings or row.kept]
    return rendered(
        "summary.html",
        _PACKAGE,
        buckets=sum(len(group.buckets) for group in schedule.groups),
        scopes=len(decided),
        owners=len(owners),
        endless=sum(row.ends.bytes.most is None for row in decided),
        holds=[_held(*each, schedule.today) for each in holds],
        by_others=sum(bool(row.kept) for row in rows),
        has_lock=schedule.has_lock,
    )


def _held(policy: Policy, hold: Hold, today: date) -> dict[str, object]:
    ask_again = hold.ask_again.value if hold.ask_again else None
    return {
        "name": f"{policy.name.value}/{hold.name.value}",
        "prefixes": [prefix.value or "the whole bucket" for prefix in hold.prefixes],
        "why": hold.why,
        "approved_by": hold.approved_by,
        "ask_again": ask_again,
        "is_due": ask_again is not None and ask_again <= today,
    }


def _group(group: BucketRows, place: int, schedule: Schedule) -> Markup:
    names = [bucket.key for bucket in group.buckets]
    return rendered(
        "group.html",
        _PACKAGE,
        place=place,
        title=names[0] if len(names) == 1 else how_many(len(names), "bucket"),
        names=names[:_MOST_BUCKETS] if len(names) > 1 else [],
        more=max(len(names) - _MOST_BUCKETS, 0),
        versioning=group.versioning.value if group.versioning else "not known",
        object_lock=group.object_lock,
        known=known_in_words(group.known_by),
        rows=[_cells(row, group, schedule) for row in group.rows],
    )


def _cells(row: Row, group: BucketRows, schedule: Schedule) -> dict[str, object]:
    return {
        "scope": scope_in_words(row),
        "settings": row.settings,
        "kept": [kept_called(each) for each in row.kept],
        "whys": list(dict.fromkeys(each.why for each in row.settings)),
        "owners": list(dict.fromkeys(each.owner for each in row.settings)),
        "approvers": list(_approvers(row, group, schedule)),
        "readable": _days(row.ends.readable),
        "bytes": _days(row.ends.bytes),
        "old_versions": _days(row.ends.old_versions),
        "without_holds": _days(row.without_holds.bytes) if row.without_holds else None,
        "notes": list(_notes(row)),
        "holds": [_held(*each, schedule.today) for each in row.holds],
    }


def _days(kept: Kept) -> Days:
    why = reason_in_words(kept)
    return Days(kept_in_words(kept), why, _FOR_EVER if kept.least is None else kept.least)


def _approvers(row: Row, group: BucketRows, schedule: Schedule) -> Iterator[str]:
    owners = code_owners(row, schedule.approvers)
    if owners:
        yield f"changes reviewed by {', '.join(owners)}"
    keys = [bucket.key for bucket in group.buckets]
    for each in approvals_of(row, keys, schedule.approvers):
        ticket = f" ({each.ticket})" if each.ticket else ""
        until = "ended on" if each.until.value <= schedule.today else "until"
        yield f"approved by {each.by}{ticket}, {until} {each.until.value}"


def _notes(row: Row) -> Iterator[str]:
    for policy, promise in row.promises:
        name = f"{policy.name.value}/{promise.name.value}"
        yield f"promise {name}: {promised_in_words(promise)}"
    yield from map(tier_in_words, row.tiers)
    if row.uploads is not None:
        yield f"uploads: {uploads_in_words(row.uploads)}"
    if row.registries:
        yield f"needed as long as {', '.join(row.registries)} knows it"


def _not_in_it(schedule: Schedule) -> Markup:
    if not schedule.uncovered:
        return Markup()
    return rendered("not_in_it.html", _PACKAGE, names=schedule.uncovered)
