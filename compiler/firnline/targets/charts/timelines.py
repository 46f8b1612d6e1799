"""Retentions → a bar for each over one scale of days: in which class, and when it is gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import nan
from typing import Final

from matplotlib.ticker import MaxNLocator

from firnline.targets.charts.drawing import (
    AT_END,
    BAR,
    IN_MIDDLE,
    WIDTH,
    Box,
    Drawing,
    Says,
    room_for,
)
from firnline.targets.charts.label import ROW, TO_BAR, TO_LETTERS, Label, in_short
from firnline.targets.charts.legend import Entry, draw_legend, height_of
from firnline.targets.charts.svg import to_svg
from firnline.targets.charts.tone import Tone, of_class

_SCALE: Final = 18
_AFTER_THE_LAST: Final = 1.12
"""Room for what stays after the last event."""
_TICKS: Final = 6
_UNREADABLE: Final = "unreadable, bytes stay"


@dataclass(frozen=True, slots=True)
class Stay:
    """In a storage class from a day on."""

    storage_class: str
    from_day: int


@dataclass(frozen=True, slots=True)
class RetentionBar:
    """`stays` begin at day 0. None: never. Where versions are kept, `bytes_gone` is later than
    `deleted`.
    """

    label: str
    stays: tuple[Stay, ...]
    deleted: int | None = None
    bytes_gone: int | None = None


def timelines(name: str, retentions: Sequence[RetentionBar]) -> str:
    legend = list(_legend(retentions))
    top = height_of(legend) + 6
    bottom = top + ROW * len(retentions) - 4
    says = Says(name, "Days after writing", " ".join(map(_sentence, retentions)))
    drawing = Drawing(says, bottom + _SCALE)
    draw_legend(drawing, legend)
    days = max(1, *map(_last, retentions)) * _AFTER_THE_LAST
    _draw_scale(drawing, days, top, bottom)
    for place, each in enumerate(retentions):
        y = top + place * ROW
        Label.of(each.label, _end(each)).draw(drawing, y + TO_LETTERS)
        _draw_bar(drawing, y + TO_BAR, each, days)
    _mark_ends(drawing, retentions, top, days)
    return to_svg(drawing)


def _draw_bar(drawing: Drawing, y: float, retention: RetentionBar, days: float) -> None:
    for start, stop, tone, words in _spans(retention, days):
        x, end = WIDTH * start / days, WIDTH * stop / days
        until = "on" if stop == days else f"to {stop:,.0f}"
        tooltip = f"{words} from day {start:,.0f} {until}"
        drawing.part(Box(x, y, max(end - x, 1.5), BAR), tone, tooltip)


def _mark_ends(
    drawing: Drawing, retentions: Sequence[RetentionBar], top: float, days: float
) -> None:
    ends = [
        (WIDTH * each.bytes_gone / days, top + number * ROW + TO_BAR)
        for number, each in enumerate(retentions)
        if each.bytes_gone is not None
    ]
    if ends:
        places = [place for x, y in ends for place in ((x, y - 2), (x, y + BAR + 2), (nan, nan))]
        drawing.line(places, "bytes-gone")


def _spans(retention: RetentionBar, days: float) -> Iterator[tuple[float, float, Tone, str]]:
    end = days if retention.deleted is None else retention.deleted
    starts = [*(stay.from_day for stay in retention.stays), end]
    for stay, (start, stop) in zip(retention.stays, pairwise(starts), strict=True):
        if start < min(stop, end):
            yield start, min(stop, end), of_class(stay.storage_class), stay.storage_class
    if retention.deleted is not None:
        gone = days if retention.bytes_gone is None else retention.bytes_gone
        if gone > end:
            yield end, gone, Tone.UNREADABLE, _UNREADABLE


def _draw_scale(drawing: Drawing, days: float, top: float, bottom: float) -> None:
    locator = MaxNLocator(_TICKS, integer=True)
    for tick in locator.tick_values(0, days):
        x, words = WIDTH * tick / days, f"{tick:,.0f}d"
        if x > WIDTH:
            continue
        drawing.line([(x, top), (x, bottom)], "grid")
        side = "" if x == 0 else AT_END if x + room_for(words) / 2 > WIDTH else IN_MIDDLE
        drawing.text(x, bottom + 13, words, side)


def _legend(retentions: Sequence[RetentionBar]) -> Iterator[Entry]:
    spans = {
        (tone, words) for each in retentions for _, _, tone, words in _spans(each, _last(each) + 1)
    }
    order = list(Tone)
    for tone, words in sorted(spans, key=lambda span: (order.index(span[0]), span[1])):
        yield Entry(words, tone)
    if any(each.bytes_gone is not None for each in retentions):
        yield Entry("bytes gone", line="bytes-gone")


def _last(retention: RetentionBar) -> int:
    ends = (retention.deleted or 0, retention.bytes_gone or 0)
    return max(*ends, *(stay.from_day for stay in retention.stays))


def _end(retention: RetentionBar) -> str:
    if retention.deleted is None:
        return "never deleted"
    if retention.bytes_gone is None:
        return f"deleted {retention.deleted:,}d · bytes stay"
    if retention.bytes_gone == retention.deleted:
        return f"gone {retention.deleted:,}d"
    return f"deleted {retention.deleted:,}d · gone {retention.bytes_gone:,}d"


def _sentence(retention: RetentionBar) -> str:
    stays = ", ".join(
        f"{each.storage_class} from day {each.from_day:,}" for each in retention.stays
    )
    return f"{in_short(retention.label)}: {stays}; {_end(retention)}."
