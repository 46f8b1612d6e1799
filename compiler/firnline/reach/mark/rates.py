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
        rows = [
            (*values, *_rates(stored_as, average)) for values, (stored_as, _) in priced_by.items()
        ]
        self._table = pl.DataFrame(
            rows,
            schema={
                "storage_class": pl.String,
                "access_tier": pl.String,
                "monitored": pl.Boolean,
                "an_object": pl.Float64,
                "a_byte": pl.Float64,
                "a_padded_byte": pl.Float64,
            },
            orient="row",
        )

    def priced(self, objects: pl.DataFrame) -> pl.DataFrame:
        """With the column `usd_month` in place of those that decide the price."""
        size = pl.col("size").fill_null(0)
        usd = (
            pl.col("an_object")
            + size * pl.col("a_byte")
            + size.clip(lower_bound=int(MINIMUM_SIZE.value)) * pl.col("a_padded_byte")
        )
        joined = objects.join(
            self._table, on=PRICED_BY, how="left", nulls_equal=True, maintain_order="left"
        )
        return joined.with_columns(usd.alias(USD)).drop(
            *PRICED_BY, "an_object", "a_byte", "a_padded_byte"
        )


def _rates(stored_as: StoredAs, prices: Prices) -> tuple[float, float, float]:
    an_object, a_byte, a_padded_byte = (
        float(of_a_month({stored_as: Volume(*one)}, prices))
        for one in ((1, 0, 0), (0, 1, 0), (0, 0, 1))
    )
    return an_object, a_byte, a_padded_byte
