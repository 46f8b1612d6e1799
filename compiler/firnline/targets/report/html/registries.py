"""What do policies do to what registries need, and what is there that nobody needs?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from markupsafe import Markup

from firnline.diagnostics.how_many import how_many
from firnline.inventory.money import dollars
from firnline.s3.terms import Bytes
from firnline.targets.charts.stored import ForReason, orphans_by_reason
from firnline.targets.report.html.template import Cell, charts, rendered, section, table
from firnline.targets.report.model import Report
from firnline.targets.report.needed import Needed, Unneeded

_ROWS: Final = 100
_DRAWN: Final = 12


def registries(report: Report) -> Markup:
    """Empty where nothing tells of any."""
    parts: list[Markup] = []
    if report.needed is not None:
        parts.append(_needed(report.needed))
    if report.unneeded is not None:
        parts += _unneeded(report.unneeded)
    return section("registries", "What registries need", *parts) if parts else Markup()


def _needed(found: Needed) -> Markup:
    many = how_many(found.references, "reference")
    head = f"{many} of {', '.join(found.registries)}, read on {found.read_on}."
    return rendered(
        "needed.html",
        head=head,
        nothing="The policies delete and archive nothing of it.",
        findings=[
            (each.kind.code, f"{each.resource}: {each.message}" if each.resource else each.message)
            for each in found.findings
        ],
        days=list(found.on_which_days),
    )


def _unneeded(found: Unneeded) -> Iterator[Markup]:
    size = sum(each.bytes for each in found.orphans)
    usd = sum((each.usd_a_month for each in found.orphans), Fraction())
    said = f"Nothing needs {Bytes(size).rounded}, which cost {dollars(usd)} a month"
    yield rendered("unneeded.html", said=f"{said}, by an audit of registries read {found.read_on}.")
    if not found.orphans:
        return
    yield charts(("", orphans_by_reason("orphans", list(_reasons(found)))))
    rows = [
        (
            Cell(each.reason, under=each.bucket),
            Cell(each.owner or "not known"),
            Cell(Bytes(each.bytes).rounded, each.bytes, f"{each.objects:,}"),
            Cell(dollars(each.usd_a_month), round(float(each.usd_a_month), 2)),
        )
        for each in found.orphans[:_ROWS]
    ]
    yield table(("Why nothing needs it", "Owner", "Size, objects", "$ a month"), rows, numbers=2)


def _reasons(found: Unneeded) -> Iterator[ForReason]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for each in found.orphans:
        sums[each.reason][0] += each.bytes
        sums[each.reason][1] += each.objects
    ranked = sorted(sums.items(), key=lambda each: -each[1][0])
    for reason, (size, objects) in ranked[:_DRAWN]:
        yield ForReason(reason, size, f"{Bytes(size).rounded} · {how_many(objects, 'object')}")
