"""What an object costs a month, by what decides its price: so much for each object and byte."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import polars as pl

from firnline.inventory.forecast.monthly import averaged, of_a_month
from firnline.inventory.forecast.stays import StoredAs
from firnline.inventory.forecast.volume import Volume, merged
from firnline.inventory.prices.price_list import Prices
from firnline.s3.billing import MINIMUM_SIZE

PRICED_BY: Final = ("storage_class", "access_tier", "monitored")
USD: Final = "usd_month"
_EACH: Final = ("an_object", "a_byte", "a_padded_byte")


class Rates:
    """Of one bucket: the first price bands of a class are shared by all that is stored in it."""

    def __init__(
        self,
        whole: Iterable[tuple[StoredAs, Volume]],
        priced_by: Mapping[tuple[Any, ...], tuple[StoredAs, Volume]],
        prices: Prices,
    ) -> None:
        """`whole` is all of the bucket; `priced_by` has the values of `PRICED_BY`. Raises
        `NoPrice`.
        """
        average = averaged(prices, merged({each: volume} for each, volume in whole))
        self._priced_by = tuple(priced_by)
        each = [_rates(stored_as, average) for stored_as, _ in priced_by.values()]
        self._rates = pl.DataFrame(each, schema=dict.fromkeys(_EACH, pl.Float64), orient="row")

    def priced(self, objects: pl.DataFrame) -> pl.DataFrame:
        """With the column `usd_month` in place of those that decide the price."""
        rates = self._rates[objects.select(self._row()).to_series()]
        size = pl.col("size").fill_null(0)
        padded = size.clip(lower_bound=int(MINIMUM_SIZE.value))
        an_object, a_byte, a_padded_byte = map(pl.col, _EACH)
        usd = an_object + size * a_byte + padded * a_padded_byte
        return objects.hstack(rates).with_columns(usd.alias(USD)).drop(*PRICED_BY, *_EACH)

    def _row(self) -> Any:
        """Of the rates of an object. There are few: to try each is faster than a join."""
        row: Any = pl.lit(None, dtype=pl.UInt32)
        for number, values in enumerate(self._priced_by):
            alike = [
                pl.col(name).eq_missing(pl.lit(value))
                for name, value in zip(PRICED_BY, values, strict=True)
            ]
            row = pl.when(pl.all_horizontal(alike)).then(number).otherwise(row)
        return row.alias("row")


def _rates(stored_as: StoredAs, prices: Prices) -> tuple[float, float, float]:
    an_object, a_byte, a_padded_byte = (
        float(of_a_month({stored_as: Volume(*one)}, prices))
        for one in ((1, 0, 0), (0, 1, 0), (0, 0, 1))
    )
    return an_object, a_byte, a_padded_byte
