"""A forecast as CSV, where facts leave open what rules do."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from io import StringIO

from firnline.inventory.forecast.change import Changed, change
from firnline.inventory.forecast.forecast import Forecast
from firnline.inventory.forecast.groups import Stored
from firnline.inventory.forecast.months import starts
from firnline.inventory.forecast.undecided import Contents, Undecided
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.prices.shipped import US_EAST_1
from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState, StoredItem
from firnline.s3.terms import Days
from firnline.targets.formats.forecast_csv import to_csv

NOW = datetime(2026, 4, 1, tzinfo=UTC)
GIB = 2**30


def test_both_bounds_of_what_is_open_have_a_column() -> None:
    rules = RuleSet((Rule("tmp", Filter("tmp/"), expires=Days(10)),))
    nothing, deletes = (Batch(each, BucketState()) for each in (RuleSet(()), rules))
    created = datetime(2026, 1, 1, tzinfo=UTC)
    deleted, kept = (
        (Stored(StoredItem(f"{folder}x", created, GIB), Volume(1, GIB, GIB), created),)
        for folder in ("tmp/", "kept/")
    )
    contents = Contents((), (Undecided((deleted, kept)),))
    months = starts(NOW, 1)
    found = change([Changed(nothing, deletes, contents)], months, US_EAST_1)
    forecast = Forecast(("lab",), NOW, tuple(months), (US_EAST_1,), found, (), ())
    rows = {
        (row["side"], row["measure"], row["of"]): (row["at_least"], row["at_most"])
        for row in csv.DictReader(StringIO(to_csv(forecast)))
    }
    assert rows["before", "bytes", "STANDARD"] == (str(GIB), str(GIB))
    assert rows["after", "bytes", "STANDARD"] == ("0", str(GIB))
    assert rows["after", "usd", "total"] == ("0.000000", "0.023000")
    assert rows["saved", "usd", "total"] == ("0.000000", "0.023000")
