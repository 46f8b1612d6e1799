"""A fleet → one page of HTML that needs nothing else, and says the same without its script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from markupsafe import Markup

from firnline import __version__
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.inventory.coverage.uncovered import Amount, BucketCoverage, Coverage
from firnline.inventory.money import dollars
from firnline.s3.terms import Bytes
from firnline.targets.fleet.model import FleetPage, PageBucket, Shown
from firnline.targets.html.page import Heading, whole_page
from firnline.targets.html.template import file_of, in_full, rendered
from firnline.targets.words import describe

_PACKAGE: Final = "firnline.targets.fleet"
_NAMED: Final = 12
_MOST_FINDINGS: Final = 100
_MARKS: Final = {
    Severity.ERROR: "refused",
    Severity.GATE: "gate",
    Severity.WARNING: "warning",
    Severity.NOTE: "note",
}


def page(fleet: FleetPage) -> str:
    compared = f"policies of the folder {fleet.policies}" + (
        f", or {fleet.base}" if fleet.base else ""
    )
    sections = [
        _verdict(fleet),
        _findings(fleet),
        _accounts(fleet),
        _holds(fleet),
        _coverage(fleet.coverage) if fleet.coverage else Markup(),
    ]
    return whole_page(
        Heading(
            "Fleet",
            fleet.namespace,
            [f"read on {fleet.at:%Y-%m-%d at %H:%M} UTC, compared with the {compared}"],
        ),
        [each for each in sections if each],
        rendered(
            "footer.html",
            _PACKAGE,
            command=in_full(f"firnline verify {fleet.policies}"),
            version=__version__,
        ),
        file_of(_PACKAGE, "fleet.css"),
        sorts=True,
    )


def _verdict(fleet: FleetPage) -> Markup:
    drifted = any(each.severity is Severity.ERROR for each in fleet.findings)
    unsure = fleet.unread or fleet.of_state(Shown.PENDING)
    short = sum(each.kind.code == "FL734" for each in fleet.findings)
    return rendered(
        "verdict.html",
        _PACKAGE,
        standing="refused" if drifted else "pending" if unsure else "free",
        conclusion=fleet.conclusion,
        short=how_many(short, "bucket") if short else None,
        figures=[(state.value, len(fleet.of_state(state))) for state in Shown],
        unread=fleet.unread,
    )


def _findings(fleet: FleetPage) -> Markup:
    found = [each for each in fleet.findings if each.severity is not Severity.NOTE]
    if not fleet.findings:
        return Markup()
    return rendered(
        "findings.html",
        _PACKAGE,
        findings=[_finding(each) for each in found[:_MOST_FINDINGS]],
        more=max(0, len(found) - _MOST_FINDINGS),
        notes=list(_alike(each for each in fleet.findings if each.severity is Severity.NOTE)),
    )


def _alike(found: Iterable[Diagnostic]) -> Iterator[dict[str, object]]:
    """One of those that say the same of several buckets, and how many these are."""
    alike: dict[object, list[Diagnostic]] = {}
    for each in found:
        alike.setdefault((each.kind, each.notes), []).append(each)
    for same in alike.values():
        places = [str(each.place) for each in same]
        yield {
            **_finding(same[0]),
            "count": how_many(len(same), "bucket"),
            "places": places[:_NAMED],
            "left": max(0, len(places) - _NAMED),
        }


def _finding(each: Diagnostic) -> dict[str, object]:
    return {
        "code": each.kind.code,
        "mark": _MARKS[each.severity],
        "title": each.kind.title,
        "place": str(each.place),
        "message": each.message,
        "notes": each.notes,
        "help": in_full(each.help),
    }


def _accounts(fleet: FleetPage) -> Markup:
    rows = []
    for account in fleet.accounts:
        of_account = [each for each in fleet.buckets if each.account_id == account.id]
        numbers = [(s.value, sum(each.state is s for each in of_account)) for s in Shown]
        others = "not known" if account.others is None else f"{account.others:,}"
        rows.append((account.label, account.id, numbers, others))
    return rendered("accounts.html", _PACKAGE, rows=rows, states=[each.value for each in Shown])


def _holds(fleet: FleetPage) -> Markup:
    """Buckets with the same rules and versioning stand together, the most first."""
    alike: dict[object, list[PageBucket]] = {}
    for each in fleet.buckets:
        alike.setdefault((each.rules, each.versioning), []).append(each)
    groups = sorted(alike.values(), key=lambda group: (-len(group), group[0].key))
    return rendered("holds.html", _PACKAGE, groups=[_group(each) for each in groups])


def _group(buckets: Sequence[PageBucket]) -> dict[str, object]:
    first = buckets[0]
    lines = describe(first.rules, first.versioning)
    return {
        "title": first.key if len(buckets) == 1 else how_many(len(buckets), "bucket"),
        "buckets": [(each.key, each.state.value, each.state is Shown.AGREES) for each in buckets],
        "folds": len(buckets) > _NAMED,
        "versioning": first.versioning.value,
        "lines": [(line.subject, line.text) for line in lines if line.enabled],
    }


def _coverage(coverage: Coverage) -> Markup:
    return rendered(
        "coverage.html",
        _PACKAGE,
        rows=list(map(_covered, coverage.buckets)),
        prices=coverage.prices,
        untold=[*coverage.untold[:_NAMED]],
        more=max(0, len(coverage.untold) - _NAMED),
        unpoliced=[each.bucket for each in coverage.unpoliced],
    )


def _covered(each: BucketCoverage) -> dict[str, object]:
    return {
        "bucket": each.bucket,
        "as_of": str(each.as_of) if each.as_of else "no date",
        "cells": [*_amount("Stored", each.stored), *_amount("Not covered", each.uncovered)],
    }


def _amount(label: str, amount: Amount) -> Iterator[tuple[str, str, str]]:
    size = amount.volume.bytes
    usd = amount.usd_a_month
    yield label, Bytes(size).rounded, str(size)
    said = "not known" if usd is None else f"{dollars(usd)} a month"
    yield "costs", said, str(float(usd or 0))
