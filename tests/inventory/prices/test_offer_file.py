"""AWS's price lists are read by exact usage type and operation, or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from firnline.inventory.prices.missing import missing
from firnline.inventory.prices.offer_file import prices_in
from firnline.inventory.prices.offer_json import LARGEST, NotAnOffer, read_offer
from firnline.inventory.prices.price_list import Band, Prices, ReadFigure, Source
from firnline.inventory.prices.retrieval import BILLED, retrieval
from firnline.s3.terms import AccessTier
from tests.inventory.prices.offers import OfferFileOf, deep_archive_offer, s3_offer

REGION = "eu-central-1"


def prices(*offers: OfferFileOf, region: str = REGION) -> Prices:
    return prices_in([read_offer(each.content()) for each in offers], region)


def usd(found: Prices, storage_class: str, tier: AccessTier | None = None) -> Decimal:
    (band,) = found.storage(storage_class, tier)
    return band.usd_per_gb_month


def test_every_class_and_tier_has_the_price_of_its_own_usage_type() -> None:
    found = prices(s3_offer(), deep_archive_offer())
    assert found.region == REGION
    assert found.published == date(2026, 10, 5)
    assert found.storage("STANDARD") == (
        Band(51_200, Decimal("0.0245")),
        Band(512_000, Decimal("0.0235")),
        Band(None, Decimal("0.0225")),
    )
    assert found.storage("INTELLIGENT_TIERING", AccessTier.FREQUENT) == (
        Band(51_200, Decimal("0.0246")),
        Band(None, Decimal("0.0236")),
    )
    assert found.storage("REDUCED_REDUNDANCY") == (
        Band(1_024, Decimal("0.026")),
        Band(None, Decimal("0.025")),
    )
    tier = {each: usd(found, "INTELLIGENT_TIERING", each) for each in list(AccessTier)[1:]}
    assert tier == {
        AccessTier.INFREQUENT: Decimal("0.0132"),
        AccessTier.ARCHIVE_INSTANT: Decimal("0.0051"),
        AccessTier.ARCHIVE: Decimal("0.0042"),
        AccessTier.DEEP_ARCHIVE: Decimal("0.0018"),
    }
    assert usd(found, "STANDARD_IA") == Decimal("0.0131")
    assert usd(found, "ONEZONE_IA") == Decimal("0.0105")
    assert usd(found, "GLACIER_IR") == Decimal("0.005")
    assert usd(found, "GLACIER") == Decimal("0.0041")
    assert usd(found, "EXPRESS_ONEZONE") == Decimal("0.12")


def test_transitions_are_told_apart_by_operation() -> None:
    found = prices(s3_offer(), deep_archive_offer())
    assert {
        each: found.transition_into(each) * 1_000
        for each in ("STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR")
    } == {
        "STANDARD_IA": Decimal("0.01"),
        "ONEZONE_IA": Decimal("0.011"),
        "INTELLIGENT_TIERING": Decimal("0.012"),
        "GLACIER_IR": Decimal("0.02"),
    }
    assert found.transition_into("GLACIER") * 1_000 == Decimal("0.036")
    assert found.transition_into("DEEP_ARCHIVE") * 1_000 == Decimal("0.061")
    assert found.monitoring() * 1_000 == Decimal("0.0027")
    assert missing(found) == ()


def test_reads_have_the_price_of_their_class_and_restores_that_of_the_standard_speed() -> None:
    found = prices(s3_offer(), deep_archive_offer())
    known = {name: tuple(map(float, retrieval(found, name) or ())) for name in BILLED}
    assert known == {
        "STANDARD": (0.00043, 0, 0, 0),
        "REDUCED_REDUNDANCY": (0.00043, 0, 0, 0),
        "INTELLIGENT_TIERING": (0.00044, 0, 0, 0),
        "STANDARD_IA": (0.0011, 0.011, 0, 0),
        "ONEZONE_IA": (0.0012, 0.012, 0, 0),
        "GLACIER_IR": (0.011, 0.033, 0, 0),
        "GLACIER": (0.00045, 0, 0.06, 0.013),
        "DEEP_ARCHIVE": (0.00046, 0, 0.12, 0.024),
    }
    items = {(each.storage_class, each.figure): each.source.item for each in found.read_prices}
    assert items["GLACIER", ReadFigure.RESTORES] == "EUC1-Requests-Tier3 RestoreObject"
    assert items["DEEP_ARCHIVE", ReadFigure.RESTORES] == "EUC1-Requests-GDA-Tier3"


def test_a_price_of_reads_that_cannot_be_told_for_sure_is_left_out_and_all_else_is_read() -> None:
    offer = s3_offer()
    offer.add("Retrieval-SIA", ("0", "Inf", "0.5"), unit="GB")
    found = prices(offer, deep_archive_offer())
    assert retrieval(found, "STANDARD_IA") is None
    assert retrieval(found, "GLACIER_IR") is not None
    assert missing(found) == ("reads from STANDARD_IA",)


def test_storage_in_deep_archive_is_in_a_list_of_its_own_and_its_staging_is_not_it() -> None:
    assert usd(prices(s3_offer(), deep_archive_offer()), "DEEP_ARCHIVE") == Decimal("0.00181")
    offer = s3_offer()
    offer.add_flat("TimedStorage-GDA-ByteHrs", "0.5")
    assert missing(prices(offer)) == ("storage in DEEP_ARCHIVE", "reads from DEEP_ARCHIVE")


def test_a_figure_names_its_list_its_day_and_its_usage_type() -> None:
    found = prices(s3_offer(), deep_archive_offer())
    sources = {each.storage_class: each.source for each in found.storage_prices}
    assert sources["STANDARD_IA"] == Source(
        "AWS price list AmazonS3", date(2026, 10, 5), "EUC1-TimedStorage-SIA-ByteHrs"
    )
    assert sources["DEEP_ARCHIVE"] == Source(
        "AWS price list AmazonS3GlacierDeepArchive",
        date(2026, 9, 11),
        "EUC1-TimedStorage-GDA-ByteHrs",
    )
    moved = {each.storage_class: each.source.item for each in found.transition_prices}
    assert moved["GLACIER"] == "EUC1-Requests-Tier3 S3-GlacierTransition"


def test_us_east_1_has_no_prefix() -> None:
    found = prices(s3_offer("us-east-1", ""), region="us-east-1")
    assert usd(found, "STANDARD_IA") == Decimal("0.0131")


@pytest.mark.parametrize("prefix", ["", "EUC1-"])
def test_a_list_of_several_regions_is_read_for_one_of_them(prefix: str) -> None:
    offer, other = s3_offer(), s3_offer("us-east-1", prefix)
    for number, (sku, product) in enumerate(other.products.items()):
        price = json.loads(json.dumps(other.terms[sku]).replace("0.01", "0.09"))
        offer.products[f"OTHER{number}"] = product
        offer.terms[f"OTHER{number}"] = price
    assert usd(prices(offer), "STANDARD_IA") == Decimal("0.0131")
    assert usd(prices(offer, region="us-east-1"), "STANDARD_IA") == Decimal("0.0931")


def test_products_without_an_on_demand_price_do_not_count() -> None:
    offer = s3_offer()
    del offer.terms[offer.add_flat("TimedStorage-SIA-ByteHrs", "9")]
    del offer.terms[offer.sku("TimedStorage-ZIA-ByteHrs")]
    assert usd(prices(offer), "STANDARD_IA") == Decimal("0.0131")
    assert "storage in ONEZONE_IA" in missing(prices(offer))


def _another_price(offer: OfferFileOf) -> None:
    offer.add_flat("TimedStorage-SIA-ByteHrs", "0.5")


def _another_unit(offer: OfferFileOf) -> None:
    offer.remove("TimedStorage-SIA-ByteHrs")
    offer.add("TimedStorage-SIA-ByteHrs", ("0", "Inf", "0.1"), unit="GB-Hours")


def _a_gap(offer: OfferFileOf) -> None:
    offer.remove("TimedStorage-SIA-ByteHrs")
    offer.add("TimedStorage-SIA-ByteHrs", ("0", "5", "0.1"), ("6", "Inf", "0.1"))


def _an_end(offer: OfferFileOf) -> None:
    offer.remove("TimedStorage-SIA-ByteHrs")
    offer.add("TimedStorage-SIA-ByteHrs", ("0", "5", "0.1"))


def _a_late_beginning(offer: OfferFileOf) -> None:
    offer.remove("TimedStorage-SIA-ByteHrs")
    offer.add("TimedStorage-SIA-ByteHrs", ("5", "Inf", "0.1"))


def _a_fraction(offer: OfferFileOf) -> None:
    offer.remove("TimedStorage-SIA-ByteHrs")
    offer.add("TimedStorage-SIA-ByteHrs", ("0", "5.5", "0.1"), ("5.5", "Inf", "0.1"))


def _free(offer: OfferFileOf) -> None:
    offer.remove("TimedStorage-SIA-ByteHrs")
    offer.add_flat("TimedStorage-SIA-ByteHrs", "0.0000000000")


def _no_number(offer: OfferFileOf) -> None:
    offer.remove("TimedStorage-SIA-ByteHrs")
    offer.add_flat("TimedStorage-SIA-ByteHrs", "cheap")


def _yuan(offer: OfferFileOf) -> None:
    offer.remove("TimedStorage-SIA-ByteHrs")
    offer.add("TimedStorage-SIA-ByteHrs", ("0", "Inf", "0.1"), currency="CNY")


def _request_by_volume(offer: OfferFileOf) -> None:
    offer.remove("Requests-Tier4", "S3-SIATransition")
    offer.add(
        "Requests-Tier4",
        ("0", "5", "0.1"),
        ("5", "Inf", "0.2"),
        unit="Requests",
        operation="S3-SIATransition",
    )


def _two_prefixes(offer: OfferFileOf) -> None:
    offer.prefix = "XYZ-"
    offer.add_flat(
        "TimedStorage-ByteHrs", "1", storageClass="General Purpose", volumeType="Standard"
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_another_price, "TimedStorage-SIA-ByteHrs has several prices: products SKU"),
        (_another_unit, "TimedStorage-SIA-ByteHrs is priced by GB-Hours, not GB-Mo"),
        (_a_gap, "leave a gap or overlap"),
        (_an_end, "leave a gap or overlap"),
        (_a_late_beginning, "leave a gap or overlap"),
        (_a_fraction, "is '5.5', not a whole number"),
        (_free, "is '0.0000000000'"),
        (_no_number, "is 'cheap'"),
        (_yuan, "has no price in USD, but in CNY"),
        (_request_by_volume, "S3-SIATransition has a price by volume"),
        (_two_prefixes, "begin in several ways: EUC1-, XYZ-"),
    ],
)
def test_what_cannot_be_told_for_sure_is_an_error(
    change: Callable[[OfferFileOf], None], said: str
) -> None:
    offer = s3_offer()
    change(offer)
    with pytest.raises(NotAnOffer) as caught:
        prices(offer)
    assert said in str(caught.value)


def test_a_list_of_another_region_is_an_error_that_names_it() -> None:
    with pytest.raises(NotAnOffer, match="no storage of us-west-2, but of eu-central-1"):
        prices(s3_offer(), region="us-west-2")


def test_a_local_zone_has_no_storage() -> None:
    with pytest.raises(NotAnOffer, match=r"no storage of eu-central-1$"):
        prices(OfferFileOf())


def test_a_list_with_storage_of_tables_alone_has_no_storage() -> None:
    offer = s3_offer()
    for sku in [
        sku
        for sku, product in offer.products.items()
        if product["attributes"]["usagetype"] == "EUC1-TimedStorage-ByteHrs"
    ]:
        del offer.products[sku]
    with pytest.raises(NotAnOffer, match=r"no storage of eu-central-1$"):
        prices(offer)


def test_the_list_of_deep_archive_alone_is_not_enough() -> None:
    with pytest.raises(NotAnOffer, match="the list AmazonS3 is missing"):
        prices(deep_archive_offer())


def test_one_list_twice_is_an_error() -> None:
    with pytest.raises(NotAnOffer, match="the same `offerCode`"):
        prices(s3_offer(), s3_offer())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not whole JSON"),
        (s3_offer().content()[:-40], "(is it cut off?)"),
        (b"<html>", "not whole JSON"),
        (b"[]", "the file is no JSON object"),
        (b"{}", "its `offerCode` is None, not one of AmazonS3, AmazonS3GlacierDeepArchive"),
        (b'{"offerCode": "AmazonEC2"}', "its `offerCode` is 'AmazonEC2'"),
        (b'{"offerCode": "AmazonS3"}', "no `publicationDate`"),
        (s3_offer().content().replace(b'"products"', b'"product"'), "`products` is no JSON object"),
        (s3_offer().content().replace(b'"OnDemand"', b'"Reserved"'), "`terms.OnDemand` is no JSON"),
        (b"\xff", "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b" " * (LARGEST + 1), "larger than 16 MiB: give the index.json of one region"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_whole_price_list_is_an_error(content: bytes, said: str) -> None:
    with pytest.raises(NotAnOffer) as caught:
        read_offer(content)
    assert said in str(caught.value)
