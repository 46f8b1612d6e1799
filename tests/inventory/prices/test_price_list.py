"""Prices are exact, dated and regional, and none is ever zero because it is unknown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from firnline.inventory.prices.price_list import Band, NoPrice, Prices, Source, StoragePrice
from firnline.inventory.prices.shipped import US_EAST_1
from firnline.s3.law.classes import CLASSES, TARGETS
from firnline.s3.terms import AccessTier


def test_storage_in_standard_is_cheaper_above_50_and_500_tb() -> None:
    assert US_EAST_1.storage("STANDARD") == (
        Band(51_200, Decimal("0.023")),
        Band(512_000, Decimal("0.022")),
        Band(None, Decimal("0.021")),
    )


@pytest.mark.parametrize(
    ("storage_class", "usd_per_1000"),
    [
        ("STANDARD_IA", "0.01"),
        ("ONEZONE_IA", "0.01"),
        ("INTELLIGENT_TIERING", "0.01"),
        ("GLACIER_IR", "0.02"),
        ("GLACIER", "0.03"),
        ("DEEP_ARCHIVE", "0.05"),
    ],
)
def test_transitions_are_priced_by_the_object(storage_class: str, usd_per_1000: str) -> None:
    assert US_EAST_1.transition_into(storage_class) * 1_000 == Decimal(usd_per_1000)


def test_monitoring_is_priced_by_the_object() -> None:
    assert US_EAST_1.monitoring() == Decimal("0.0000025")


def test_each_class_that_rules_move_objects_into_has_prices_in_the_shipped_table() -> None:
    for name in TARGETS:
        tiers = AccessTier if name == "INTELLIGENT_TIERING" else (None,)
        for tier in tiers:
            assert US_EAST_1.storage(name, tier)[-1].usd_per_gb_month > 0
        assert US_EAST_1.transition_into(name) > 0


def test_the_shipped_table_has_no_class_that_s3_does_not_know() -> None:
    assert {price.storage_class for price in US_EAST_1.storage_prices} <= set(CLASSES)


def test_each_shipped_figure_names_a_price_list_of_aws_and_an_item_of_it() -> None:
    prices = (*US_EAST_1.storage_prices, *US_EAST_1.transition_prices, US_EAST_1.monitoring_price)
    for price in prices:
        assert price is not None
        assert price.source.name.startswith("AWS price list Amazon")
        assert price.source.item
        assert price.source.published <= US_EAST_1.published


@pytest.mark.parametrize("storage_class", ["REDUCED_REDUNDANCY", "EXPRESS_ONEZONE", "FUTURE"])
def test_a_class_without_a_price_is_an_error_that_names_the_command(storage_class: str) -> None:
    with pytest.raises(
        NoPrice, match=rf"storage in {storage_class} in us-east-1 .*: .*prices update"
    ):
        US_EAST_1.storage(storage_class)


def test_no_price_of_a_transition_or_of_monitoring_is_an_error_too() -> None:
    prices = Prices("eu-west-1", date(2026, 1, 1), (), ())
    with pytest.raises(NoPrice, match="transitions into GLACIER in eu-west-1"):
        prices.transition_into("GLACIER")
    with pytest.raises(NoPrice, match="monitoring in INTELLIGENT_TIERING in eu-west-1"):
        prices.monitoring()


def test_a_factor_multiplies_every_figure_exactly_and_is_stated() -> None:
    less = US_EAST_1.times(Decimal("0.9")).times(Decimal("0.5"))
    assert [usd for _, usd in less.storage("STANDARD")] == [
        Decimal("0.01035"),
        Decimal("0.0099"),
        Decimal("0.00945"),
    ]
    assert less.transition_into("DEEP_ARCHIVE") == Decimal("0.0000225")
    assert less.monitoring() == Decimal("0.000001125")
    assert less.factor == Decimal("0.45")
    assert less.in_words.endswith(", times 0.45")


def test_the_words_name_the_region_and_each_list_once_with_its_day() -> None:
    assert US_EAST_1.in_words == (
        "us-east-1: AWS price list AmazonS3 of 2026-09-28,"
        " AWS price list AmazonS3GlacierDeepArchive of 2026-09-11"
    )


@pytest.mark.parametrize("ends", [(), (5,), (5, 5, None), (7, 5, None), (None, None), (0, None)])
def test_bands_that_leave_a_gap_are_no_price(ends: tuple[int | None, ...]) -> None:
    bands = tuple(Band(end, Decimal(1)) for end in ends)
    price = StoragePrice("STANDARD", None, bands, Source("ours", date(2026, 1, 1)))
    with pytest.raises(AssertionError):
        Prices("us-east-1", date(2026, 1, 1), (price,), ())
