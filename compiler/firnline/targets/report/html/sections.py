"""The same by month, owner, bucket and prefix: charts, and tables that can be sorted."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from markupsafe import Markup

from firnline.diagnostics.how_many import how_many
from firnline.inventory.forecast.between import Between
from firnline.inventory.forecast.bounded import BoundedVolume
from firnline.inventory.forecast.first_run import Happens
from firnline.inventory.forecast.stays import by_class
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.money import dollars
from firnline.inventory.portions.due import StoredFate
from firnline.inventory.portions.portion import Portion
from firnline.s3.terms import Bytes
from firnline.targets.between import dollars_between, volume_between
from firnline.targets.charts.cost import MonthlyCost, cost_by_month
from firnline.targets.charts.stored import (
    FateOf,
    FateOfBytes,
    StoredIn,
    prefixes_by_class,
    prefixes_by_fate,
)
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
_NUMBERS: Final = ("Size, objects", "$ a month", "Deleted or hidden next month", "Saved")


def by_month(report: Report) -> Markup:
    change, whole = report.forecast.change, report.whole
    costs = [
        MonthlyCost(
            f"{report.starts[number]:%Y-%m}",
            change.before.costs[number].total,
            change.after.costs[number].total,
        )
        for number in report.months
    ]
    rows = [
        (
            Cell(f"{report.starts[number]:%Y-%m-%d}", number, f"month {number + 1}"),
            _dollars(costs[number].before),
            _dollars(costs[number].after),
            _dollars(change.saved[number]),
            _volume(whole.done([Happens.DELETED, Happens.ABORTED], number)),
        )
        for number in report.months
    ]
    heads = ("From", "Before", "After", "Saved", "Deleted for good")
    return section(
        "months",
        "Cost by month",
        charts(("", cost_by_month(costs))),
        table(heads, rows),
        say=[what_before_is(report.base)],
    )


def by_storage_class(report: Report) -> Markup:
    now, usd = report.whole.now, report.whole.usd_by_class
    rows = [
        (Cell(name), _stored(volume), Cell(dollars(usd[name]), _cents(usd[name])))
        for name, volume in by_class(now.billed).items()
    ]
    return section(
        "classes",
        "By storage class",
        table(("Storage class", *_NUMBERS[:2]), rows),
        say=["Today, for a month as it is.", which_versions(now)],
    )


def by_owner(report: Report) -> Markup:
    rows = [(Cell(owners_in_words(each.owners)), *_cells(each.portion)) for each in report.owners]
    return section("owners", "By owner", table(("Owner", *_NUMBERS), rows))


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
    total = portion.now.total
    return (
        _stored(total),
        Cell(dollars(portion.usd_a_month), _cents(portion.usd_a_month)),
    )


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


def _dollars(amount: Between[Fraction]) -> Cell:
    return Cell(dollars_between(amount), _cents(amount.at_most))


def _cents(amount: Fraction) -> float:
    return round(float(amount), 2)
