"""A report for people at a terminal: the verdict, then tables by owner, bucket and prefix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.diagnostics.wrapping import wrapped
from firnline.inventory.forecast.first_run import Happens
from firnline.inventory.forecast.not_counted import WHY
from firnline.inventory.forecast.stays import by_class
from firnline.inventory.money import dollars
from firnline.inventory.portions.dollars import Dollars
from firnline.inventory.portions.portion import Portion
from firnline.s3.terms import Bytes
from firnline.targets.aligned import aligned, aligned_whole
from firnline.targets.between import volume_between
from firnline.targets.report.dollars import dollars_of, first_names, left_out, why_not_known
from firnline.targets.report.model import NEXT_MONTH, Report
from firnline.targets.report.sentences import (
    contact_in_words,
    how_prefixes_count,
    label,
    owners_in_words,
    read_in_words,
    what_base_deletes,
    what_before_is,
    what_else_is_deleted,
    what_is_deleted,
    what_it_saves,
    which_versions,
    who_approves,
    whom_to_ask,
)
from firnline.targets.report.verdict import deletions, verdict

_SHOWN: Final = 40
_NUMBERS: Final = ("objects", "size", "$ a month", "deleted or hidden next month", "saved")


def to_text(report: Report, columns: int) -> str:
    parts = [
        _verdict(report, columns),
        _months(report, columns),
        _classes(report, columns),
        _owners(report, columns),
        _buckets(report, columns),
        _prefixes(report, columns),
        _coverage(report, columns),
        _registries(report, columns),
        _stands_on(report, columns),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _verdict(report: Report, columns: int) -> list[str]:
    found = verdict(report)
    said = [what_is_deleted(found), *what_else_is_deleted(found)]
    said += what_base_deletes(found, report.base)
    said += why_not_known(report)
    said += filter(None, [what_it_saves(found, report.base, len(report.months))])
    said += [f"{contact_in_words(each)}: {whom_to_ask(each, report)}." for each in found.contacts]
    said.append(who_approves(report))
    return [line for each in said for line in wrapped(visible(each), columns, hanging=2)]


def _months(report: Report, columns: int) -> list[str]:
    costs = ("cost before", "after", "saved") if report.has_dollars else ()
    rows: list[Sequence[str]] = [("month (from)", *costs, "deleted for good")]
    for number in report.months:
        deleted = report.whole.done([Happens.DELETED, Happens.ABORTED], number)
        rows.append(
            (
                f"{number + 1} ({report.starts[number]:%Y-%m-%d})",
                *(dollars_of(each) for each in report.paid(number) if report.has_dollars),
                volume_between(deleted),
            )
        )
    said = wrapped(visible(what_before_is(report.base)), columns, hanging=2)
    return [
        *aligned(rows, columns, right=range(1, len(rows[0]))),
        *_left_out(report.paid(NEXT_MONTH), columns),
        *(said if report.has_dollars else ()),
    ]


def _classes(report: Report, columns: int) -> list[str]:
    now, usd = report.whole.now, report.whole.usd_by_class
    rows = [
        (f"{volume.objects:,}", Bytes(volume.bytes).rounded, dollars_of(usd[name]), visible(name))
        for name, volume in by_class(now.billed).items()
    ]
    heads = ("objects", "size", "$ a month", "storage class")
    return [
        *aligned([heads, *rows], columns, right=range(3)),
        *_left_out(usd.values(), columns),
        *wrapped(which_versions(now), columns, hanging=2),
    ]


def _owners(report: Report, columns: int) -> list[str]:
    rows = [(*_numbers(each.portion), owners_in_words(each.owners)) for each in report.owners]
    totals = [each.portion.paid.saved for each in report.owners]
    return [*_table([(*_NUMBERS, "owner"), *rows], columns), *_left_out(totals, columns)]


def _buckets(report: Report, columns: int) -> list[str]:
    rows = [(*_numbers(each.portion), each.name) for each in report.buckets]
    return _table([(*_NUMBERS, "bucket"), *rows], columns)


def _prefixes(report: Report, columns: int) -> list[str]:
    shown = report.lines[:_SHOWN]
    rows = [
        (*_numbers(line.portion), label(line, report), owners_in_words(line.owners))
        for line in shown
    ]
    lines = _table([(*_NUMBERS, "prefix", "owner"), *rows], columns)
    lines += [
        f"{visible(label(line, report))}: {read_in_words(line.read)}"
        for line in shown
        if line.read is not None
    ]
    if (more := len(report.lines) - _SHOWN) > 0:
        lines.append(f"… and {more:,} more prefixes: --out csv, json or html")
    if counting := how_prefixes_count(report):
        lines.append(counting)
    return lines


def _coverage(report: Report, columns: int) -> list[str]:
    found = report.coverage
    said = []
    if found.not_told:
        said.append(
            f"policies cover {_names(found.not_told)}, but nothing given here says what is stored"
            " there"
        )
    if found.not_covered:
        said.append(f"no policy covers {_names(found.not_covered)}, where objects are stored")
    return [line for each in said for line in wrapped(each, columns, hanging=2)]


def _registries(report: Report, columns: int) -> list[str]:
    said: list[str] = []
    if (needed := report.needed) is not None:
        many = how_many(needed.references, "reference")
        said.append(f"{many} of {_names(needed.registries)}, read on {needed.read_on}")
        said += [f"{each.kind.code}: {visible(each.message)}" for each in needed.findings]
        said += map(visible, needed.on_which_days)
    lines = [line for each in said for line in wrapped(each, columns, hanging=2)]
    if (unneeded := report.unneeded) is not None and unneeded.orphans:
        rows: list[Sequence[str]] = [
            ("objects", "size", "$ a month", "why nobody needs it", "owner")
        ]
        for each in unneeded.orphans[:_SHOWN]:
            amounts = f"{each.objects:,}", Bytes(each.bytes).rounded, dollars(each.usd_a_month)
            rows.append((*amounts, visible(each.reason), visible(each.owner or "-")))
        lines += aligned_whole(rows, columns, right=range(3))
    return lines


def _stands_on(report: Report, columns: int) -> list[str]:
    forecast = report.forecast
    said = [
        *forecast.facts,
        *(f"prices: {each.in_words}" for each in forecast.prices),
        f"not counted: {'; '.join(WHY[each] for each in forecast.not_counted)}",
    ]
    return [line for each in said for line in wrapped(each, columns, hanging=2)]


def _numbers(portion: Portion) -> tuple[str, ...]:
    total = portion.now.total
    return (
        f"{total.objects:,}",
        Bytes(total.bytes).rounded,
        dollars_of(portion.usd_a_month),
        volume_between(deletions(portion, NEXT_MONTH).in_all),
        dollars_of(portion.paid.saved),
    )


def _table(rows: Sequence[Sequence[str]], columns: int) -> list[str]:
    shown = [[visible(cell) for cell in row] for row in rows]
    return aligned_whole(shown, columns, right=range(len(_NUMBERS)))


def _left_out(totals: Iterable[Dollars], columns: int) -> list[str]:
    return [line for each in left_out(totals) for line in wrapped(visible(each), columns)]


def _names(names: Sequence[str]) -> str:
    return visible(first_names(names))
