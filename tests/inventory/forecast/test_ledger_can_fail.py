"""Whatever is mutated in the ledger, a price, a midnight or a minimum, changes its answer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.inventory.forecast.everything import everything
from tests.inventory.forecast.ledger import bill, law
from tests.inventory.forecast.ledger.bill import US_EAST_1
from tests.inventory.forecast.ledger.ledger import keep_ledger

MONTHS = 4
WORLD = everything()
PLAIN = keep_ledger(WORLD, US_EAST_1, MONTHS)


def changes(prices: bill.Prices = US_EAST_1) -> bool:
    found = keep_ledger(WORLD, prices, MONTHS)
    cents = [round(month.usd["total"] * 100) for month in found.months]
    return cents != [round(month.usd["total"] * 100) for month in PLAIN.months]


def test_without_a_mutation_it_stays_the_same() -> None:
    assert not changes()


@pytest.mark.parametrize("name", US_EAST_1)
def test_a_price_that_is_a_hundredth_higher(name: str) -> None:
    assert changes({**US_EAST_1, name: US_EAST_1[name] * 101 / 100})


@pytest.mark.parametrize("storage_class", bill.MINIMUM_DAYS)
@pytest.mark.parametrize("by", [-1, 1])
def test_a_minimum_duration_a_day_off(
    storage_class: str, by: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(bill.MINIMUM_DAYS, storage_class, bill.MINIMUM_DAYS[storage_class] + by)
    assert changes()


@pytest.mark.parametrize(
    ("table", "storage_class"),
    [
        *(("MINIMUM_BYTES", each) for each in bill.MINIMUM_BYTES),
        *(("OVERHEAD", each) for each in bill.OVERHEAD),
        *(("OVERHEAD_IN_STANDARD", each) for each in bill.OVERHEAD_IN_STANDARD),
    ],
)
def test_a_size_that_is_half(
    table: str, storage_class: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = getattr(bill, table)
    monkeypatch.setitem(sizes, storage_class, sizes[storage_class] // 2)
    assert changes()


@pytest.mark.parametrize("name", ["SMALL", "TIERED_SMALL"])
@pytest.mark.parametrize("by", [-1, 1])
def test_the_limit_of_small_objects_a_byte_off(
    name: str, by: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(law, name, getattr(law, name) + by)
    assert changes()


@pytest.mark.parametrize("name", ["INFREQUENT_AFTER", "ARCHIVE_INSTANT_AFTER"])
def test_an_access_tier_a_day_late(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(law, name, getattr(law, name) + 1)
    assert changes()


@pytest.mark.parametrize("by", [-1, 1])
def test_midnights_a_day_off(by: int, monkeypatch: pytest.MonkeyPatch) -> None:
    right = law.midnight_from

    def wrong(moment: datetime) -> datetime:
        return right(moment) + timedelta(days=by)

    monkeypatch.setattr(law, "midnight_from", wrong)
    assert changes()


def test_a_midnight_that_is_not_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    right = law.midnight_from
    monkeypatch.setattr(law, "midnight_from", lambda moment: right(moment + timedelta.resolution))
    assert changes()


@pytest.mark.parametrize("bands", [(), ("STANDARD",), ("INTELLIGENT_TIERING",)])
def test_no_bands(bands: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bill, "BANDED", bands)
    assert changes()
