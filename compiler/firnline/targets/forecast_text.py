"""A forecast for people: the first run, month by month, by class, and whether it pays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible, width
from firnline.diagnostics.wrapping import wrapped
from firnline.inventory.forecast.between import Between
from firnline.inventory.forecast.bounded import NO_VOLUME, BoundedOutlook
from firnline.inventory.forecast.forecast import Forecast
from firnline.inventory.forecast.not_counted import WHY
from firnline.inventory.forecast.reads import ClassReads, OpenReads
from firnline.inventory.forecast.stays import INTELLIGENT_TIERING
from firnline.inventory.money import dollars
from firnline.targets.aligned import aligned
from firnline.targets.between import bytes_between, dollars_between, volume_between
from firnline.targets.forecast_verdict import verdict
from firnline.targets.happens_words import HAPPENS, in_words
from firnline.targets.rule_of_thumb_text import told

_COSTS = {
    "storage": "storage",
    "transitions": "transition requests",
    "early_deletion": "early deletion",
    "small_objects": "small objects, up to 128 KiB",
    "overhead": "overhead of archived objects",
    "monitoring": "Intelligent-Tiering monitoring",
}
_MONTHS_SHOWN = 12
_ANY_WIDTH = 1_000


def to_text(forecast: Forecast, columns: int) -> str:
    parts = [
        _head(forecast, columns),
        _first_run(forecast, columns),
        _months(forecast, columns),
        _classes(forecast, columns),
        _costs(forecast, columns),
        wrapped(verdict(forecast.change), columns, hanging=2),
        _reads(forecast, columns),
        _rule_of_thumb(forecast, columns),
        _not_counted(forecast, columns),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _head(forecast: Forecast, columns: int) -> list[str]:
    names = ", ".join(map(visible, forecast.buckets))
    months = how_many(len(forecast.starts) - 1, "month")
    lines = [
        f"{names}: {months} from {forecast.starts[0]:%Y-%m-%d}",
        *forecast.facts,
        *(f"prices: {each.in_words}" for each in forecast.prices),
    ]
    return [line for each in lines for line in wrapped(each, columns, hanging=2)]


def _first_run(forecast: Forecast, columns: int) -> list[str]:
    runs = [side.first_run for side in _sides(forecast)]
    rows: list[Sequence[str]] = [("first run", "before", "after")]
    for happens, words in HAPPENS.items():
        pair = [run.happens[happens] for run in runs]
        if any(volume.objects.at_most for volume in pair):
            rows.append((words, *map(volume_between, pair)))
    for into in dict.fromkeys(name for run in runs for name in run.transitions):
        pair = [run.transitions.get(into, NO_VOLUME) for run in runs]
        rows.append((in_words(into), *map(volume_between, pair)))
    return aligned(rows, columns, right=(1, 2)) if len(rows) > 1 else ["first run: nothing is due"]


def _sides(forecast: Forecast) -> tuple[BoundedOutlook, BoundedOutlook]:
    return forecast.change.before, forecast.change.after


def _months(forecast: Forecast, columns: int) -> list[str]:
    """One table, or two where it is wider than the screen."""
    months, stored, costs = (list(rows) for rows in zip(*_by_month(forecast), strict=True))
    whole = aligned(_beside(months, stored, costs), _ANY_WIDTH, right=range(1, 6))
    if max(map(width, whole)) <= columns:
        return whole
    # The row of the sum says nothing of what is stored.
    tables = _beside(months[:-1], stored[:-1]), _beside(months, costs)
    parts = [aligned(rows, columns, right=range(1, 4)) for rows in tables]
    return [*parts[0], "", *parts[1]]


def _beside(*columns: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    return [[cell for cells in row for cell in cells] for row in zip(*columns, strict=True)]


_Cells = Sequence[str]


def _by_month(forecast: Forecast) -> Iterator[tuple[_Cells, _Cells, _Cells]]:
    """The month, what is stored, what it costs."""
    yield ["month (from)"], ["stored before", "after"], ["cost before", "after", "saved"]
    change, sides = forecast.change, _sides(forecast)
    count = len(change.saved)
    step = -(-count // _MONTHS_SHOWN)
    for number in range(step - 1, count, step):
        costs = [*(side.costs[number].total for side in sides), change.saved[number]]
        yield (
            [f"{number + 1} ({forecast.starts[number]:%Y-%m-%d})"],
            [bytes_between(side.stored[number].bytes) for side in sides],
            [dollars_between(each) for each in costs],
        )
    totals = [*(side.in_all.total for side in sides), change.saved_so_far[-1]]
    yield ["in all"], ["", ""], [dollars_between(each) for each in totals]


def _classes(forecast: Forecast, columns: int) -> list[str]:
    ends = [side.by_class[-1] for side in _sides(forecast)]
    rows: list[Sequence[str]] = [(f"stored on {forecast.starts[-1]:%Y-%m-%d}", "before", "after")]
    for name in dict.fromkeys(name for end in ends for name in end):
        rows.append((name, *(volume_between(end.get(name, NO_VOLUME)) for end in ends)))
    return aligned(rows, columns, right=(1, 2))


def _costs(forecast: Forecast, columns: int) -> list[str]:
    rows: list[Sequence[str]] = [("what it costs, in all", "before", "after")]
    for name, words in _COSTS.items():
        pair = [getattr(side.in_all, name) for side in _sides(forecast)]
        if any(amount.at_most for amount in pair):
            rows.append((words, *map(dollars_between, pair)))
    return aligned(rows, columns, right=(1, 2))


def _reads(forecast: Forecast, columns: int) -> list[str]:
    found = forecast.reads
    if found is None:
        return []
    rows: list[Sequence[str]] = [("reads a month", "before", "after", "$ before", "after")]
    sides = found.before, found.after
    for name in sorted({name for side in sides for name in side.by_class}):
        rows.append((name, *_of_a_side([side.by_class.get(name) for side in sides])))
    if any(side.open for side in sides):
        rows.append(("class by unknown tags", *_of_a_side([side.open for side in sides])))
    rows.append(("in all", "", "", *(_usd(side.usd) for side in sides)))
    tiered = any(INTELLIGENT_TIERING in side.by_class for side in sides)
    kept = f", and what stays in the dearest tier of {INTELLIGENT_TIERING}" if tiered else ""
    said = (
        f"what reads cost beside that: requests, retrieval and restores{kept}, if they go on as in"
        f" the logs from {found.since:%Y-%m-%d} to {found.until:%Y-%m-%d}"
    )
    return [*aligned(rows, columns, right=range(1, 5)), *wrapped(said, columns, hanging=2)]


def _of_a_side(pair: Sequence[ClassReads | OpenReads | None]) -> Iterator[str]:
    """Reads on either side, and then the costs."""
    yield from (f"{each.volume.reads:,}" if each else "0" for each in pair)
    yield from (_usd(each.usd) if each else dollars(Fraction()) for each in pair)


def _usd(amount: Between[Fraction] | Fraction | None) -> str:
    if amount is None:
        return "not known"
    return dollars(amount) if isinstance(amount, Fraction) else dollars_between(amount)


def _rule_of_thumb(forecast: Forecast, columns: int) -> list[str]:
    if forecast.rule_of_thumb is None:
        return []
    return told(forecast.rule_of_thumb, forecast.change, _COSTS, columns)


def _not_counted(forecast: Forecast, columns: int) -> list[str]:
    return wrapped(
        f"not counted: {'; '.join(WHY[each] for each in forecast.not_counted)}", columns, hanging=2
    )
