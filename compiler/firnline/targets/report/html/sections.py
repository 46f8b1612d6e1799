"""The same by month, owner, bucket and prefix: charts, and tables that can be sorted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from markupsafe import Markup

from firnline.diagnostics.how_many import how_many
from firnline.inventory.forecast.bounded import BoundedVolume
from firnline.inventory.forecast.first_run import Happens
from firnline.inventory.forecast.stays import by_class
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.portions.dollars import Dollars
from firnline.inventory.portions.due import StoredFate
from firnline.inventory.portions.portion import Portion
from firnline.s3.terms import Bytes
from firnline.targets.between import volume_between
from firnline.targets.charts.cost import MonthlyCost, cost_by_month
from firnline.targets.charts.stored import (
    FateOf,
    FateOfBytes,
    StoredIn,
    prefixes_by_class,
    prefixes_by_fate,
)
from firnline.targets.report.dollars import dollars_of, left_out
from firnline.targets.report.html.template import Cell, charts, folded, section, table
from firnline.targets.report.model import NEXT_MONTH, Line, Report
from firnline.targets.report.sentences import (
    how_prefixes_count,
    label,
    owners_in_words,
    read_in_words,
    retentions_in_words,
    what_before_is,
    which_versions,
)
from firnline.targets.report.verdict import deletions

_DRAWN: Final = 15
_ROWS: Final = 1_000
_BELOW_ALL: Final = -1e15
"""By which dollars are sorted that are not known, so that the column is still one of numbers."""
_NUMBERS: Final = ("Size, objects", "$ a month", "Deleted or hidden next month", "Saved")


def by_month(report: Report) -> Markup:
    rows = [
        (
            Cell(f"{report.starts[number]:%Y-%m-%d}", number, f"month {number + 1}"),
            *(_dollars(each) for each in report.paid(number) if report.has_dollars),
            _volume(report.whole.done([Happens.DELETED, Happens.ABORTED], number)),
        )
        for number in report.months
    ]
    if not report.has_dollars:
        told = table(("From", "Deleted for good"), rows)
        return section("months", "By month", told, say=["Cost by month: not known."])
    heads = ("From", "Before", "After", "Saved", "Deleted for good")
    return section(
        "months",
        "Cost by month",
        charts(("", cost_by_month(list(_costs(report))))),
        table(heads, rows),
        say=[what_before_is(report.base), *left_out(report.paid(NEXT_MONTH))],
    )


def _costs(report: Report) -> Iterator[MonthlyCost]:
    for number in report.months:
        before, after, _ = (each.amount for each in report.paid(number))
        if before is not None and after is not None:
            yield MonthlyCost(f"{report.starts[number]:%Y-%m}", before, after)


def by_storage_class(report: Report) -> Markup:
    now, usd = report.whole.now, report.whole.usd_by_class
    rows = [
        (Cell(name), _stored(volume), _dollars(usd[name]))
        for name, volume in by_class(now.billed).items()
    ]
    return section(
        "classes",
        "By storage class",
        table(("Storage class", *_NUMBERS[:2]), rows),
        say=["Today, for a month as it is.", which_versions(now), *left_out(usd.values())],
    )


def by_owner(report: Report) -> Markup:
    rows = [(Cell(owners_in_words(each.owners)), *_cells(each.portion)) for each in report.owners]
    totals = [each.portion.paid.saved for each in report.owners]
    whole = table(("Owner", *_NUMBERS), rows)
    return section("owners", "By owner", whole, say=left_out(totals))


def by_bucket(report: Report) -> Markup:
    rows = [
        (
            Cell(
                each.name, under=f"{each.account} {each.region}, versioning {each.versioning.value}"
            ),
            *_cells(each.portion),
        )
        for each in report.buckets
    ]
    return section("buckets", "By bucket", table(("Bucket", *_NUMBERS), rows))


def by_prefix(report: Report) -> Markup:
    drawn = [(label(line, report), line) for line in report.lines[:_DRAWN]]
    fates = prefixes_by_fate("fates", [FateOf(name, _fates(line)) for name, line in drawn])
    sizes = prefixes_by_class(
        "prefix-bytes", [StoredIn(name, _classes(line)) for name, line in drawn]
    )
    rows = [(_name(line, report), *_cells(line.portion)) for line in report.lines[:_ROWS]]
    more = len(report.lines) - _ROWS
    say = [f"Not shown: {how_many(more, 'prefix', 'prefixes')} (--out csv)."] if more > 0 else []
    say += filter(None, [how_prefixes_count(report)])
    whole = table(("Prefix, owner and retention", *_NUMBERS), rows)
    return section(
        "prefixes",
        "By prefix",
        charts(
            (f"What happens to it within {how_many(len(report.months), 'month')}", fates),
            ("How much is stored, by storage class", sizes),
        ),
        whole if len(rows) <= _DRAWN else folded(f"All {len(rows):,} prefixes", whole),
        say=say,
    )


def _name(line: Line, report: Report) -> Cell:
    owners, retentions = owners_in_words(line.owners), retentions_in_words(line.retentions)
    under = owners if owners == retentions else f"{owners} · {retentions}"
    if line.read is not None:
        under += f" · {read_in_words(line.read)}"
    return Cell(label(line, report), under=under, is_key=True)


def _fates(line: Line) -> dict[FateOfBytes, int]:
    known = {drawn: line.portion.fate(fate).bytes.at_least for fate, drawn in _FATES}
    known[FateOfBytes.UNKNOWN] = line.portion.now.total.bytes - sum(known.values())
    return known


_FATES: Final = (
    (StoredFate.DELETED_NEXT_MONTH, FateOfBytes.DELETED_SOON),
    (StoredFate.DELETED_LATER, FateOfBytes.DELETED),
    (StoredFate.MOVED, FateOfBytes.MOVED),
    (StoredFate.KEPT, FateOfBytes.KEPT),
)


def _classes(line: Line) -> dict[str, int]:
    return {name: volume.bytes for name, volume in by_class(line.portion.now.stored).items()}


def amounts(portion: Portion) -> Sequence[Cell]:
    """How much is stored, and what it costs a month."""
    return _stored(portion.now.total), _dollars(portion.usd_a_month)


def _stored(volume: Volume) -> Cell:
    return Cell(Bytes(volume.bytes).rounded, volume.bytes, f"{volume.objects:,}")


def _cells(portion: Portion) -> Sequence[Cell]:
    return (
        *amounts(portion),
        _volume(deletions(portion, NEXT_MONTH).in_all),
        _dollars(portion.paid.saved),
    )


def _volume(volume: BoundedVolume) -> Cell:
    return Cell(volume_between(volume), volume.bytes.at_most)


def _dollars(total: Dollars) -> Cell:
    known = _BELOW_ALL if total.amount is None else round(float(total.amount.at_most), 2)
    return Cell(dollars_of(total), known)
