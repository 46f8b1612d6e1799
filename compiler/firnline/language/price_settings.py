"""The table `[prices]` of the settings: price files of the project's own, and its discount."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Final

from firnline.language.setting import BadSetting, Key, Wrong, dotted, read, table

_KNOWN: Final = ("files", "price_factor")
_REGION: Final = re.compile(r"[a-z]{2,}(-[a-z]+)+-[0-9]+")
_MOST: Final = 2


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


def read_price_settings(value: object, wrong: Wrong) -> PriceSettings:
    values = table(value, ("prices",), _KNOWN, wrong)
    factors = _factors(values["price_factor"], wrong) if "price_factor" in values else ()
    return PriceSettings(read(_files, values, "files", wrong) or (), factors)


def _files(value: object) -> tuple[str, ...]:
    names = value if isinstance(value, list) else [None]
    for name in names:
        if not (isinstance(name, str) and name.endswith((".toml", ".json"))):
            raise BadSetting(
                ("prices", "files"),
                "`prices.files` must be a list of TOML or JSON files",
                'write them as in ["contract.toml"]',
            )
    return tuple(names)


def _factors(value: object, wrong: Wrong) -> tuple[tuple[str | None, Decimal], ...]:
    key = ("prices", "price_factor")
    if not isinstance(value, Mapping):
        factor = read(partial(_factor, key), {"": value}, "", wrong)
        return () if factor is None else ((None, factor),)
    regions = [each for each in value if is_region(each)]
    wrong += [_no_region((*key, each)) for each in value if not is_region(each)]
    found = {each: read(partial(_factor, (*key, each)), value, each, wrong) for each in regions}
    return tuple((region, factor) for region, factor in found.items() if factor is not None)


def _no_region(key: Key) -> BadSetting:
    return BadSetting(
        key, f"`{dotted(key)}` is for no region", "write it as in eu-central-1", is_name=True
    )


def _factor(key: Key, value: object) -> Decimal:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        factor = Decimal(value)
        if factor.is_finite() and 0 < factor <= _MOST:
            return factor
    raise BadSetting(
        key,
        f"`prices.price_factor` must be a number above 0 and up to {_MOST}",
        "write it as in 0.93, for 7 % less, or a table of such numbers by region",
    )
