"""The verdict: what is deleted next month, what it saves, and who must be asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from firnline.diagnostics.how_many import how_many
from firnline.inventory.forecast.bounded import BoundedVolume
from firnline.rules.kept_acts import OWNER_OF_KEPT
from firnline.s3.terms import Bytes
from firnline.targets.between import bytes_between, count_between
from firnline.targets.report.dollars import NOT_KNOWN, dollars_of, why_not_known
from firnline.targets.report.html.template import rendered
from firnline.targets.report.model import Report
from firnline.targets.report.sentences import (
    about,
    contact_in_words,
    more_places,
    places,
    rules_before,
    what_base_deletes,
    what_else_is_deleted,
    what_is_deleted,
    what_it_saves,
    who_approves,
)
from firnline.targets.report.verdict import Contact, Verdict, may_be, verdict


class Figure(NamedTuple):
    """A number that stands out, what it is, and what else is to be said of it."""

    name: str
    value: str
    more: str = ""


class _Contact(NamedTuple):
    heading: str
    is_anybody: bool
    about: str
    places: Sequence[str]
    more: str


def verdict_section(report: Report) -> Markup:
    found = verdict(report)
    deletes = may_be(found.deletions.in_all)
    return rendered(
        "verdict.html",
        standing="open" if deletes else "free",
        said=_said(found.deletions.in_all),
        headline=what_is_deleted(found),
        more=[
            *what_else_is_deleted(found),
            *what_base_deletes(found, report.base),
            *why_not_known(report),
            *filter(None, [what_it_saves(found, report.base, len(report.months))]),
        ],
        contacts=[_contact(each, report) for each in found.contacts],
        approves=who_approves(report),
        figures=list(_figures(report, found)),
    )


def _said(deleted: BoundedVolume) -> str:
    if not may_be(deleted):
        return "Deletes nothing next month"
    return "Deletes next month" if deleted.objects.at_least else "May delete next month"


def _contact(contact: Contact, report: Report) -> _Contact:
    return _Contact(
        contact_in_words(contact),
        contact.owners != (OWNER_OF_KEPT,),
        about(contact),
        places(contact, report),
        more_places(contact),
    )


def _figures(report: Report, found: Verdict) -> Iterator[Figure]:
    deleted = found.deletions.in_all
    yield Figure(
        f"Deleted{' or hidden' if may_be(found.deletions.hidden) else ''} next month",
        bytes_between(deleted.bytes),
        count_between(deleted.objects, "object"),
    )
    stored = report.whole.now.total
    objects = f"{how_many(stored.objects, 'object')} on {report.as_of:%Y-%m-%d}"
    if report.has_dollars:
        yield from _dollars(report, found, objects)
    else:
        yield Figure("Stored", Bytes(stored.bytes).rounded, objects)
        yield Figure("Costs a month today", NOT_KNOWN)


def _dollars(report: Report, found: Verdict, objects: str) -> Iterator[Figure]:
    months = len(report.months)
    compared = f"compared with {rules_before(report.base)}"
    yield Figure("Saved next month", dollars_of(found.saves_next_month), compared)
    yield Figure(f"Saved in {months} months", dollars_of(found.saves), compared)
    yield Figure("Costs a month today", dollars_of(found.usd_a_month), objects)
    yield Figure(
        f"Costs in month {months}",
        dollars_of(found.after_usd),
        f"{dollars_of(found.before_usd)} with {rules_before(report.base)}",
    )
