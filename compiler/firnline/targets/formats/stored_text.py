"""What is stored, for people: a table of prefixes, and of tags and owners, each with a total."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.diagnostics.wrapping import wrapped
from firnline.inventory.forecast.cost import Usd
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.money import dollars
from firnline.s3.terms import Bytes
from firnline.targets.aligned import aligned
from firnline.targets.stored_report import ByTag, Line, OwnerLine, Part, StoredReport, TagLine


def to_text(report: StoredReport, columns: int) -> str:
    head = [report.facts, f"prices: {report.prices}"]
    lines = [line for each in head for line in wrapped(each, columns, hanging=2)]
    tables = [_by_prefix(report), *(_by_tag(report, each) for each in report.by_tag)]
    if report.by_owner is not None:
        tables.append(_by_owner(report.by_owner, report.lines[0]))
    for rows in tables:
        lines += ["", *aligned(rows, columns, right=(0, 1, 2, 3))]
    return "\n".join(lines) + "\n"


def _by_prefix(report: StoredReport) -> list[Sequence[str]]:
    whole = report.lines[0]
    owner = ["owner"] if report.has_owners else []
    rows: list[Sequence[str]] = [(*_AMOUNTS, "prefix", *owner)]
    for line in report.lines[1:]:
        owners = [", ".join(map(visible, line.owners)) or "-"] if report.has_owners else []
        rows.append((*_amounts(line.total, line.usd_a_month, whole), _prefix(line), *owners))
    rows.append((*_amounts(whole.total, whole.usd_a_month, whole), "in all", *[""] * len(owner)))
    return rows


def _prefix(line: Line) -> str:
    return "  " * (line.depth - 1) + visible(line.prefix)


def _by_tag(report: StoredReport, found: ByTag) -> list[Sequence[str]]:
    whole = report.lines[0]
    rows: list[Sequence[str]] = [(*_AMOUNTS, "tag")]
    for line in found.lines:
        name = _called(found.tag, line)
        rows.append((*_amounts(line.total, line.usd_a_month, whole), name))
    rows.append((*_amounts(whole.total, whole.usd_a_month, whole), "in all"))
    return rows


def _by_owner(lines: Sequence[OwnerLine], whole: Line) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = [(*_AMOUNTS, "owner by the policies")]
    for line in lines:
        owners = " or ".join(visible(each) if each else "no policy" for each in line.owners)
        rows.append((*_amounts(line.total, line.usd_a_month, whole), owners))
    rows.append((*_amounts(whole.total, whole.usd_a_month, whole), "in all"))
    return rows


def _called(tag: str, line: TagLine) -> str:
    match line.part:
        case Part.VALUE:
            return f"{visible(tag)}={visible(line.value)}"
        case Part.OTHER_VALUES:
            return how_many(int(line.value), "more value")
        case Part.UNTAGGED:
            return "untagged"
        case Part.NOT_TOLD:
            return "tags not told"
        case _:
            assert_never(line.part)


_AMOUNTS = ("objects", "size", "of all", "$ a month")


def _amounts(total: Volume, usd: Usd, whole: Line) -> tuple[str, ...]:
    share = 100 * total.bytes / (whole.total.bytes or 1)
    return f"{total.objects:,}", Bytes(total.bytes).rounded, f"{share:.0f}%", dollars(usd)
