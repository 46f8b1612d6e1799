"""What happens day by day: by month or year where those are too many rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from firnline.diagnostics.visible import visible
from firnline.s3.simulate.tally import Tally, added
from firnline.s3.terms import Bytes
from firnline.targets.aligned import aligned
from firnline.targets.simulated_totals import Happening

_PERIODS: Final = {"day": 10, "month": 7, "year": 4}
"""How much of a date tells it."""


def days_of(happenings: Sequence[Happening], columns: int, most: int | None) -> list[str]:
    """Lines of a table, with not more than `most` rows if possible."""
    tables = {period: list(_rows(happenings, length)) for period, length in _PERIODS.items()}
    fitting = [period for period, rows in tables.items() if most is None or len(rows) <= most]
    period = fitting[0] if fitting else "year"
    rows = tables[period]
    shown = rows if most is None else rows[: max(most, 1)]
    more = len(rows) - len(shown)
    lines = aligned([(period, "", "objects", "size", "by"), *shown], columns, right=(2, 3))
    return [*lines, f"… and {more:,} more rows: see --all"] if more else lines


def sized(tally: Tally) -> str:
    """Markers, and uploads in listings, have no size."""
    return Bytes(tally.bytes).rounded if tally.bytes else ""


def _rows(happenings: Iterable[Happening], length: int) -> Iterable[tuple[str, ...]]:
    """By time, and there what is done to the most bytes first."""
    found = [((f"{each.at:%Y-%m-%d}"[:length], each.done), each) for each in happenings]
    sums = added((row, each.tally) for row, each in found)
    owners: dict[tuple[str, str], dict[str, None]] = {row: {} for row in sums}
    for row, each in found:
        owners[row][each.owner] = None
    for row in sorted(sums, key=lambda row: (row[0], -sums[row].bytes, row[1])):
        by = visible(", ".join(owners[row]))
        yield *row, f"{sums[row].count:,}", sized(sums[row]), by
