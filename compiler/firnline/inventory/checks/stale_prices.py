"""Are the prices by which something is counted older than the project allows?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import BucketPlace
from firnline.diagnostics.remedy import Advise
from firnline.inventory.prices.price_list import Prices
from firnline.language.checks.stale_tables import STALE_TABLES
from firnline.s3.terms import Days


def stale_prices(
    prices: Iterable[Prices], bucket: str, today: date, limit: Days
) -> Iterator[Diagnostic]:
    """`bucket` is one of those whose cost is counted by them."""
    for each in prices:
        age = (today - each.published).days
        if age > limit:
            yield STALE_TABLES.at(
                BucketPlace(bucket),
                f"the prices of {each.region} are of {each.published}, {how_many(age, 'day')} old",
                remedy=Advise(f"run `firnline prices update --region {each.region}`"),
            )
