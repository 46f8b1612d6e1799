"""The JSON of an AWS price list → its products, each with its on-demand bands.

Form: AWS Billing User Guide, "Reading the service price list files".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from firnline.inventory.prices.price_list import are_ascending
from firnline.inventory.prices.usage_types import Offer

LARGEST: Final = 16 * 1024 * 1024
"""Bytes of a list that is read: of one region it has about half a megabyte."""
_NO_END: Final = "Inf"
_WHOLE: Final = re.compile(r"[0-9]{1,15}")


class NotAnOffer(Exception):
    """The text says why it is no price list of S3, or not a whole one."""


class Range(NamedTuple):
    """The price of a unit, of what is above the range before and up to here."""

    up_to: int | None
    usd: Decimal


@dataclass(frozen=True, slots=True)
class Product:
    """What has a price, if `terms` has any: its price dimensions, each as the list has it."""

    sku: str
    attributes: Mapping[str, str]
    terms: tuple[Mapping[str, Any], ...]

    def __getitem__(self, attribute: str) -> str:
        return self.attributes.get(attribute, "")


@dataclass(frozen=True, slots=True)
class OfferFile:
    offer: Offer
    published: date
    products: tuple[Product, ...]


def read_offer(content: bytes) -> OfferFile:
    """Raises `NotAnOffer`."""
    if len(content) > LARGEST:
        raise NotAnOffer(
            f"it is larger than {LARGEST // 1024**2} MiB: give the index.json of one region"
        )
    document = _object(_parsed(content), "the file")
    offer, published = _offer(document), _published(document)
    products = _object(document.get("products"), "`products`")
    terms = _object(_object(document.get("terms"), "`terms`").get("OnDemand"), "`terms.OnDemand`")
    return OfferFile(offer, published, tuple(_products(products, terms)))


def ranges(product: Product) -> tuple[Range, ...]:
    """Of its price, from nothing up without a gap. Raises `NotAnOffer`."""
    found = {_ranges(product.sku, term) for term in product.terms}
    if len(found) != 1:
        raise NotAnOffer(f"product {product.sku} has {len(found) or 'no'} on-demand prices")
    return found.pop()


def units(product: Product) -> set[str]:
    """As the list states them; one, unless it contradicts itself."""
    return {str(each.get("unit")) for term in product.terms for each in term.values()}


def _parsed(content: bytes) -> object:
    try:
        return json.loads(content)
    except UnicodeDecodeError:
        raise NotAnOffer("it is not UTF-8") from None
    except json.JSONDecodeError as error:
        begun = error.doc.lstrip().startswith("{") and not error.doc.rstrip().endswith("}")
        cut = " (is it cut off?)" if begun else ""
        raise NotAnOffer(f"it is not whole JSON: {error}{cut}") from None
    except RecursionError:
        raise NotAnOffer("it is nested too deeply") from None


def _offer(document: Mapping[str, Any]) -> Offer:
    code = document.get("offerCode")
    if code not in tuple(Offer):
        raise NotAnOffer(f"its `offerCode` is {code!r}, not one of {', '.join(Offer)}")
    return Offer(code)


def _published(document: Mapping[str, Any]) -> date:
    try:
        return datetime.fromisoformat(str(document.get("publicationDate"))).date()
    except ValueError:
        raise NotAnOffer("it has no `publicationDate`") from None


def _products(products: Mapping[str, Any], terms: Mapping[str, Any]) -> Iterator[Product]:
    for sku, each in products.items():
        product = _object(each, f"product {sku}")
        attributes = _object(product.get("attributes"), f"`attributes` of product {sku}")
        yield Product(
            sku,
            {name: value for name, value in attributes.items() if isinstance(value, str)},
            tuple(_dimensions(sku, _object(terms.get(sku, {}), f"the terms of product {sku}"))),
        )


def _dimensions(sku: str, terms: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for term in terms.values():
        what = f"`priceDimensions` of product {sku}"
        found = _object(_object(term, f"a term of product {sku}").get("priceDimensions"), what)
        for each in found.values():
            _object(each, what)
        yield found


def _ranges(sku: str, term: Mapping[str, Any]) -> tuple[Range, ...]:
    found = sorted(
        (
            (_bound(sku, each, "beginRange") or 0, _bound(sku, each, "endRange"), each)
            for each in term.values()
        ),
        key=lambda row: row[0],
    )
    begins, ends = [row[0] for row in found], [row[1] for row in found]
    if not are_ascending(ends) or begins != [0, *ends[:-1]]:
        raise NotAnOffer(f"the price ranges of product {sku} leave a gap or overlap")
    return tuple(Range(end, _usd(sku, each)) for _, end, each in found)


def _bound(sku: str, dimension: Mapping[str, Any], name: str) -> int | None:
    """None is without end. A single range may leave its bounds out."""
    text = dimension.get(name, "0" if name == "beginRange" else _NO_END)
    if text == _NO_END:
        return None
    if not (isinstance(text, str) and _WHOLE.fullmatch(text)):
        raise NotAnOffer(f"`{name}` of product {sku} is {text!r}, not a whole number")
    return int(text)


def _usd(sku: str, dimension: Mapping[str, Any]) -> Decimal:
    """More than nothing: what is free is in no list that we read."""
    price = _object(dimension.get("pricePerUnit"), f"`pricePerUnit` of product {sku}")
    if "USD" not in price:
        raise NotAnOffer(f"product {sku} has no price in USD, but in {', '.join(price) or 'none'}")
    try:
        usd = Decimal(str(price["USD"]))
    except InvalidOperation:
        usd = Decimal(0)
    if not (usd.is_finite() and usd > 0):
        raise NotAnOffer(f"the price of product {sku} is {price['USD']!r}")
    return usd


def _object(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise NotAnOffer(f"{what} is no JSON object")
    return value
