"""What a month costs before and after, with the bounds between which it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from matplotlib.ticker import MaxNLocator

from firnline.inventory.forecast.between import Between
from firnline.inventory.money import dollars
from firnline.targets.between import dollars_between
from firnline.targets.charts.drawing import AT_END, IN_MIDDLE, WIDTH, Drawing, Says, room_for
from firnline.targets.charts.legend import Entry, draw_legend, height_of
from firnline.targets.charts.svg import to_svg
from firnline.targets.charts.tone import Tone

_PLOT: Final = 130
_BELOW: Final = 20
_TICKS: Final = 5
_LABEL_GAP: Final = 8
_LEAST: Final = 0.05
"""Dollars: ticks are no parts of a cent."""
_MOST_DOTS: Final = 24


@dataclass(frozen=True, slots=True)
class MonthlyCost:
    """`month` as it is written under the scale, such as `2026-12`."""

    month: str
    before: Between[Fraction]
    after: Between[Fraction]


def cost_by_month(months: Sequence[MonthlyCost], name: str = "cost-by-month") -> str:
    """Of at least one month."""
    legend = list(_legend(months))
    top = height_of(legend) + 10
    drawing = Drawing(_says(months, name), top + _PLOT + _BELOW)
    draw_legend(drawing, legend)
    amounts = [bound for month in months for bound in _bounds(month)]
    scale = _Scale.over(min(0.0, *amounts), max(amounts), top, len(months))
    _axes(drawing, scale, [month.month for month in months])
    for tone, of in _LINES:
        _course(drawing, scale, [of(month) for month in months], tone)
    return to_svg(drawing)


_LINES: Final[tuple[tuple[Tone, Callable[[MonthlyCost], Between[Fraction]]], ...]] = (
    (Tone.BEFORE, lambda month: month.before),
    (Tone.AFTER, lambda month: month.after),
)


@dataclass(frozen=True, slots=True)
class _Scale:
    ticks: tuple[float, ...]
    left: float
    top: float
    months: int

    @classmethod
    def over(cls, least: float, most: float, top: float, months: int) -> _Scale:
        locator = MaxNLocator(_TICKS, steps=[1, 2, 5, 10])
        ticks = tuple(map(float, locator.tick_values(least, max(most, least + _LEAST))))
        widest = max(room_for(_amount(each)) for each in ticks)
        return cls(ticks, widest + _LABEL_GAP, top, months)

    def x(self, place: int) -> float:
        steps = max(self.months - 1, 1)
        margin = room_for("0000-00") / 2
        return self.left + margin + (WIDTH - self.left - 2 * margin) * place / steps

    def y(self, amount: float) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return self.top + _PLOT * (high - amount) / (high - low)


def _axes(drawing: Drawing, scale: _Scale, months: Sequence[str]) -> None:
    for tick in scale.ticks:
        drawing.text(scale.left - _LABEL_GAP, scale.y(tick) + 4, _amount(tick), AT_END)
        edges = [(scale.left, scale.y(tick)), (WIDTH, scale.y(tick))]
        drawing.line(edges, "axis" if tick == 0 else "grid")
    for place in _shown(len(months), WIDTH - scale.left):
        drawing.text(scale.x(place), scale.top + _PLOT + 15, months[place], IN_MIDDLE)


def _shown(months: int, room: float) -> range:
    """The months with words: as many as there is room for, evenly."""
    fit = max(int(room / (room_for("0000-00") + 10)), 1)
    return range(0, months, -(-months // fit))


def _course(
    drawing: Drawing, scale: _Scale, amounts: Sequence[Between[Fraction]], tone: Tone
) -> None:
    most = [(scale.x(at), scale.y(float(each.at_most))) for at, each in enumerate(amounts)]
    least = [(scale.x(at), scale.y(float(each.at_least))) for at, each in enumerate(amounts)]
    if most != least:
        drawing.area([*most, *reversed(least)], f"band {tone.value}")
        drawing.line(least, f"line {tone.value}")
    drawing.line(most, f"line {tone.value}")
    if len(amounts) <= _MOST_DOTS:
        drawing.dots(sorted({*most, *least}), f"dot {tone.value}")


def _bounds(month: MonthlyCost) -> Iterator[float]:
    for side in (month.before, month.after):
        yield from (float(side.at_least), float(side.at_most))


def _legend(months: Sequence[MonthlyCost]) -> Iterator[Entry]:
    for tone, of in _LINES:
        last = f"{dollars_between(of(months[-1]))} in {months[-1].month}"
        yield Entry(f"{tone.value}: {last}", line=f"line {tone.value}")
    if not all(side.is_exact for month in months for side in (month.before, month.after)):
        yield Entry("area: between the bounds", area=f"band {Tone.BEFORE.value}")


def _says(months: Sequence[MonthlyCost], name: str) -> Says:
    first, last = months[0], months[-1]
    return Says(
        name,
        "Cost by month, before and after",
        f"{first.month}: {dollars_between(first.before)} before, {dollars_between(first.after)}"
        f" after. {last.month}: {dollars_between(last.before)} before,"
        f" {dollars_between(last.after)} after.",
    )


def _amount(tick: float) -> str:
    return dollars(Fraction(tick).limit_denominator(1000)).removesuffix(".00")
