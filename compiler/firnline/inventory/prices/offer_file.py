"""AWS's price lists of a region → its prices.

Products are found by their exact usage type: other features end in the same words, such as
`Tables-TimedStorage-ByteHrs`. Most products have no `productFamily`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from firnline.inventory.prices.offer_json import (
    NotAnOffer,
    OfferFile,
    Product,
    Range,
    ranges,
    units,
)
from firnline.inventory.prices.price_list import (
    Band,
    MonitoringPrice,
    Prices,
    ReadFigure,
    ReadPrice,
    Source,
    StoragePrice,
    TransitionPrice,
)
from firnline.inventory.prices.usage_types import (
    GENERAL_PURPOSE,
    MONITORING,
    READS,
    STANDARD,
    STORAGE,
    TRANSITIONS,
    Listed,
    Offer,
)

# `EUC1-TimedStorage-ByteHrs`, and not `Tables-TimedStorage-ByteHrs`.
_OF_A_REGION: Final = re.compile(rf"([A-Z0-9]+-)?{STANDARD.usage_type}")
_PER: Final = 1_000
_STORAGE_UNIT, _REQUEST_UNIT, _BYTES_UNIT = "GB-Mo", "Requests", "GB"
_BY_BYTES: Final = (ReadFigure.GB, ReadFigure.RESTORED_GB)


def prices_in(files: Sequence[OfferFile], region: str) -> Prices:
    """What the lists have of the region; a class that none of them has stays without a price.
    Raises `NotAnOffer`.
    """
    by_offer = {file.offer: file for file in files}
    if len(by_offer) != len(files):
        raise NotAnOffer("two of the lists have the same `offerCode`")
    main = by_offer.get(Offer.S3)
    if main is None:
        raise NotAnOffer(f"the list {Offer.S3} is missing")
    lists = _Lists(tuple(files), region, _prefix(main, region))
    return Prices(
        region,
        main.published,
        tuple(_storage(lists)),
        tuple(_transitions(lists)),
        _monitoring(lists),
        read_prices=tuple(_reads(lists)),
    )


def _storage(lists: _Lists) -> Iterator[StoragePrice]:
    for (storage_class, tier), listed in STORAGE.items():
        if found := lists.find(listed, _STORAGE_UNIT):
            ranges_of_it, source = found
            bands = tuple(Band(up_to, usd) for up_to, usd in ranges_of_it)
            yield StoragePrice(storage_class, tier, bands, source)


def _transitions(lists: _Lists) -> Iterator[TransitionPrice]:
    for storage_class, listed in TRANSITIONS.items():
        if found := lists.find(listed, _REQUEST_UNIT):
            yield TransitionPrice(storage_class, _single(listed, found[0]), found[1])


def _monitoring(lists: _Lists) -> MonitoringPrice | None:
    found = lists.find(MONITORING, None)
    return found and MonitoringPrice(_single(MONITORING, found[0]), found[1])


def _reads(lists: _Lists) -> Iterator[ReadPrice]:
    """What cannot be told for sure is left out: without it, what reads cost is said to be unknown,
    but all else can be counted.
    """
    for (storage_class, figure), ways in READS.items():
        unit, number = (_BYTES_UNIT, 1) if figure in _BY_BYTES else (_REQUEST_UNIT, _PER)
        try:
            found = _first(lists, ways, unit)
        except NotAnOffer:
            continue
        if found:
            usd, source = found
            yield ReadPrice(storage_class, figure, usd * number, source)


def _first(lists: _Lists, ways: Sequence[Listed], unit: str) -> tuple[Decimal, Source] | None:
    """Raises `NotAnOffer`."""
    for listed in ways:
        if found := lists.find(listed, unit):
            return _single(listed, found[0]), found[1]
    return None


class _Lists:
    """The lists of one region, with what stands before its usage types."""

    def __init__(self, files: tuple[OfferFile, ...], region: str, prefix: str) -> None:
        self._files, self._region, self._prefix = files, region, prefix

    def find(self, listed: Listed, unit: str | None) -> tuple[tuple[Range, ...], Source] | None:
        """Raises `NotAnOffer`, also where products that fit have different prices."""
        for file in self._files:
            fitting = [each for each in file.products if self._fits(each, listed)]
            if file.offer is not listed.offer or not fitting:
                continue
            wrong = {each for product in fitting for each in units(product)} - {unit}
            if unit is not None and wrong:
                raise NotAnOffer(f"{listed} is priced by {', '.join(sorted(wrong))}, not {unit}")
            found = {ranges(product) for product in fitting}
            if len(found) > 1:
                skus = " and ".join(product.sku for product in fitting)
                raise NotAnOffer(f"{listed} has several prices: products {skus}")
            item = f"{self._prefix}{listed}"
            return found.pop(), Source(f"AWS price list {file.offer}", file.published, item)
        return None

    def _fits(self, product: Product, listed: Listed) -> bool:
        return (
            bool(product.terms)
            and product["usagetype"] == f"{self._prefix}{listed.usage_type}"
            and _is_of(product, self._region)
            and listed.operation in (None, product["operation"])
            and listed.volume_type in (None, product["volumeType"])
        )


def _prefix(file: OfferFile, region: str) -> str:
    """From STANDARD's storage, which every region has. Raises `NotAnOffer`."""
    found = {
        (product["regionCode"], product["usagetype"].removesuffix(STANDARD.usage_type))
        for product in file.products
        if product["storageClass"] == GENERAL_PURPOSE
        and product["volumeType"] == STANDARD.volume_type
        and _OF_A_REGION.fullmatch(product["usagetype"])
    }
    fitting = sorted(prefix for of, prefix in found if of == region)
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise NotAnOffer(f"usage types of {region} begin in several ways: {', '.join(fitting)}")
    others = ", ".join(sorted({of for of, _ in found} - {""}))
    raise NotAnOffer(f"it has no storage of {region}{f', but of {others}' if others else ''}")


def _is_of(product: Product, region: str) -> bool:
    return product["regionCode"] in ("", region)


def _single(listed: Listed, found: tuple[Range, ...]) -> Decimal:
    if len(found) != 1:
        raise NotAnOffer(f"{listed} has a price by volume")
    return found[0].usd
