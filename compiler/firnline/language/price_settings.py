"""The table `[prices]` of the settings: price files of the project's own, and its discount."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_KNOWN: Final = "files, price_factor"
_REGION: Final = re.compile(r"[a-z]{2,}(-[a-z]+)+-[0-9]+")
_MOST: Final = 2


class BadPriceSettings(ValueError):
    """The text says what is wrong, and what to write."""


@dataclass(frozen=True, slots=True)
class PriceSettings:
    """`files` are seen from the folder of the settings. `factors` by region; the one of None is of
    every region.
    """

    files: tuple[str, ...] = ()
    factors: tuple[tuple[str | None, Decimal], ...] = ()

    def factor(self, region: str) -> Decimal:
        """By what its prices are multiplied."""
        by_region = dict(self.factors)
        return by_region.get(region, by_region.get(None, Decimal(1)))


NO_PRICE_SETTINGS: Final = PriceSettings()


def is_region(text: str) -> bool:
    """Whether it is written as AWS writes regions."""
    return _REGION.fullmatch(text) is not None


def read_price_settings(value: object) -> PriceSettings:
    """Raises `BadPriceSettings`."""
    if not isinstance(value, Mapping):
        raise BadPriceSettings("`prices` must be a table: [prices]")
    for key in value:
        if key not in _KNOWN.split(", "):
            raise BadPriceSettings(f"unknown setting `prices.{key}`; known here: {_KNOWN}")
    return PriceSettings(_files(value.get("files", [])), _factors(value.get("price_factor", {})))


def _files(value: object) -> tuple[str, ...]:
    names = value if isinstance(value, list) else [None]
    for name in names:
        if not (isinstance(name, str) and name.endswith((".toml", ".json"))):
            raise BadPriceSettings(
                '`prices.files` must be a list of TOML or JSON files, such as ["contract.toml"]'
            )
    return tuple(names)


def _factors(value: object) -> tuple[tuple[str | None, Decimal], ...]:
    if not isinstance(value, Mapping):
        return ((None, _factor(value)),)
    for region in value:
        if not is_region(region):
            raise BadPriceSettings(
                f"`prices.price_factor.{region}`: a region is written as in eu-central-1"
            )
    return tuple((region, _factor(each)) for region, each in value.items())


def _factor(value: object) -> Decimal:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        factor = Decimal(value)
        if factor.is_finite() and 0 < factor <= _MOST:
            return factor
    raise BadPriceSettings(
        f"`prices.price_factor` must be a number above 0 and up to {_MOST}, such as 0.93 for 7 %"
        " less, or a table of such numbers by region"
    )
