"""The prices of a region for people: a table, with the source of each figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from firnline.diagnostics.visible import visible
from firnline.diagnostics.wrapping import wrapped
from firnline.inventory.prices.missing import missing
from firnline.inventory.prices.price_list import Band, Prices, ReadFigure, Source
from firnline.targets.aligned import aligned

_PER = 1_000
_READS = {
    ReadFigure.READS: "1,000 reads",
    ReadFigure.GB: "reading 1 GB",
    ReadFigure.RESTORES: "1,000 restores, at standard speed",
    ReadFigure.RESTORED_GB: "restoring 1 GB, at standard speed",
}
_GB_PER_TB = 1_024
_Row = Sequence[str]


def to_text(prices: Prices, columns: int) -> str:
    parts = [
        wrapped(_head(prices), columns),
        aligned(list(_rows(prices)), columns, right=(1,)),
        [line for text in _foot(prices) for line in wrapped(text, columns, hanging=4)],
    ]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _head(prices: Prices) -> str:
    factor = f", times {_figure(prices.factor)}" if prices.factor != 1 else ""
    return f"{prices.region}: prices in USD, published {prices.published}{factor}"


def _rows(prices: Prices) -> Iterator[_Row]:
    """A row of one cell is a title."""
    notes = {source: f"[{number}]" for number, source in enumerate(prices.sources, 1)}

    def from_(source: Source) -> str:
        return visible(f"{notes[source._replace(item='')]} {source.item}".rstrip())

    yield ("storage of 1 GB for a month",)
    titled = False
    for stored in prices.storage_prices:
        name, source = f"  {stored.storage_class}", from_(stored.source)
        if stored.tier is not None:
            if not titled:
                yield (name,)
            titled, name = True, f"    {stored.tier}"
        for usd, part in _bands(stored.bands):
            yield name, usd, part, source
            name = source = ""
    yield ("transition of 1,000 objects",)
    for moved in prices.transition_prices:
        usd = _figure(moved.usd_per_request * _PER)
        yield f"  into {moved.storage_class}", usd, "", from_(moved.source)
    if monitoring := prices.monitoring_price:
        yield ("monitoring of 1,000 objects for a month",)
        usd = _figure(monitoring.usd_per_object_month * _PER)
        yield "  INTELLIGENT_TIERING", usd, "", from_(monitoring.source)
    for figure, title in _READS.items():
        read = [each for each in prices.read_prices if each.figure is figure]
        if read:
            yield (title,)
        for each in read:
            yield f"  {each.storage_class}", _figure(each.usd), "", from_(each.source)


def _bands(bands: Sequence[Band]) -> Iterator[tuple[str, str]]:
    for number, (end, usd) in enumerate(bands):
        if end is None:
            yield _figure(usd), "above" if number else ""
        else:
            yield _figure(usd), f"up to {_volume(end)}"


def _foot(prices: Prices) -> Iterator[str]:
    for number, source in enumerate(prices.sources, 1):
        yield f"[{number}] {visible(str(source))}"
    if without := missing(prices):
        yield f"no price of {', '.join(without)}"


def _figure(usd: Decimal) -> str:
    return f"{usd.normalize():f}"


def _volume(gigabytes: int) -> str:
    terabytes, rest = divmod(gigabytes, _GB_PER_TB)
    return f"{gigabytes:,} GB" if rest else f"{terabytes:,} TB"
