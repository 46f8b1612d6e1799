"""Price files are read whole and strictly, in TOML and JSON, and what we write is read back."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from firnline.inventory.prices.missing import missing
from firnline.inventory.prices.price_file import read_price_file
from firnline.inventory.prices.price_json import to_json
from firnline.inventory.prices.price_list import Band, NoPrice, Source
from firnline.inventory.prices.retrieval import retrieval
from firnline.inventory.prices.shipped import US_EAST_1
from firnline.inventory.prices.table import NotAPriceFile
from firnline.language.price_settings import PriceSettings
from firnline.language.project import Project, with_settings
from firnline.s3.terms import AccessTier

CONTRACT = """\
schema_version = 1
region = "eu-central-1"
published = 2026-11-01
source = "our contract"

[[storage]]
class = "STANDARD"
usd_per_gb_month = [{ up_to_gb = 51200, usd = 0.0231 }, { usd = 0.02 }]

[[storage]]
class = "INTELLIGENT_TIERING"
tier = "ARCHIVE_ACCESS"
usd_per_gb_month = 1

[[transitions]]
class = "GLACIER"
usd_per_1000_objects = 0.033
source = { name = "an e-mail", published = 2026-11-02, item = "line 4" }

[monitoring]
usd_per_1000_object_months = 0.0024
"""


def schema() -> Draft7Validator:
    text = resources.files("firnline.inventory.prices").joinpath("prices.schema.json").read_text()
    return Draft7Validator(json.loads(text), format_checker=Draft7Validator.FORMAT_CHECKER)


def test_a_contract_in_toml() -> None:
    prices = read_price_file(CONTRACT, toml=True)
    ours = Source("our contract", date(2026, 11, 1))
    assert (prices.region, prices.published) == ("eu-central-1", date(2026, 11, 1))
    assert prices.storage("STANDARD") == (
        Band(51_200, Decimal("0.0231")),
        Band(None, Decimal("0.02")),
    )
    assert prices.storage("INTELLIGENT_TIERING", AccessTier.ARCHIVE) == (Band(None, Decimal(1)),)
    assert prices.transition_into("GLACIER") == Decimal("0.000033")
    assert prices.monitoring() == Decimal("0.0000024")
    assert [each.source for each in prices.storage_prices] == [ours, ours]
    assert prices.transition_prices[0].source == Source("an e-mail", date(2026, 11, 2), "line 4")
    with pytest.raises(NoPrice):
        prices.storage("GLACIER")


def test_figures_keep_every_digit() -> None:
    digits = "0.02300000000000000000001"
    prices = read_price_file(CONTRACT.replace("0.0231", digits), toml=True)
    assert prices.storage("STANDARD")[0].usd_per_gb_month == Decimal(digits)
    assert digits in to_json(prices)
    assert read_price_file(to_json(prices), toml=False).storage("STANDARD") == prices.storage(
        "STANDARD"
    )


@pytest.mark.parametrize("prices", [US_EAST_1, read_price_file(CONTRACT, toml=True)])
def test_what_we_write_has_the_schema_and_is_read_back(prices: Any) -> None:
    text = to_json(prices)
    schema().validate(json.loads(text))
    assert read_price_file(text, toml=False) == prices


def test_what_is_printed_of_a_discount_says_so_and_is_no_price_file() -> None:
    text = to_json(US_EAST_1.times(Decimal("0.9")))
    schema().validate(json.loads(text))
    assert json.loads(text)["price_factor"] == 0.9
    with pytest.raises(NotAPriceFile, match=r"state it under \[prices\] in firnline.toml"):
        read_price_file(text, toml=False)


def test_the_price_file_on_the_page_about_prices_is_one() -> None:
    page = (Path(__file__).parents[3] / "docs" / "prices.md").read_text()
    settings, price_file = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    prices = read_price_file(price_file, toml=True)
    assert prices.storage("STANDARD")[0] == Band(51_200, Decimal("0.0215"))
    schema().validate(json.loads(to_json(prices)))
    assert with_settings(Project(), settings, "firnline.toml").prices == PriceSettings(
        ("contract.toml",), ((None, Decimal("0.93")),)
    )


def changed(old: str, new: str) -> str:
    assert old in CONTRACT
    return CONTRACT.replace(old, new)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (changed("= 1\n", "= 2\n"), "`schema_version` must be 1"),
        (changed('region = "eu-central-1"\n', ""), "`region` is missing"),
        (changed("eu-central-1", "Frankfurt"), "`region` must be a region such as eu-central-1"),
        (changed("published = 2026-11-01", 'published = "soon"'), "`published` must be a date"),
        (changed("published = 2026-11-01", "published = 2026-11-01T00:00:00Z"), "must be a date"),
        (changed('source = "our contract"', "source = 1"), "`source` must be text"),
        (changed('"STANDARD"', '"STANDRAD"'), "`storage[1].class` has no value `STANDRAD`: did"),
        (changed('"GLACIER"', '"STANDARD"'), "`transitions[1].class` has no value `STANDARD`"),
        (changed('tier = "ARCHIVE_ACCESS"\n', ""), "`storage[2].tier` is missing"),
        (changed('"STANDARD"', '"STANDARD"\ntier = "FREQUENT"'), "unknown key `storage[1].tier`"),
        (changed("0.0231", "0"), "`storage[1].usd_per_gb_month[1].usd` must be a number of US"),
        (changed("0.0231", "-1"), "must be a number of US dollars above 0"),
        (changed("0.0231", "inf"), "must be a number of US dollars above 0"),
        (changed("0.0231", "nan"), "must be a number of US dollars above 0"),
        (changed("0.0231", "true"), "must be a number of US dollars above 0"),
        (changed("0.0231", '"0.02"'), "must be a number of US dollars above 0"),
        (changed("up_to_gb = 51200, ", ""), "must ascend by `up_to_gb`"),
        (changed("{ usd = 0.02 }", "{ up_to_gb = 5, usd = 0.02 }"), "must ascend by `up_to_gb`"),
        (changed("51200", "0"), "must ascend by `up_to_gb`"),
        (changed("51200", "51.2"), "`storage[1].usd_per_gb_month[1].up_to_gb` must be a whole"),
        (changed("[[transitions]]", "[[transition]]"), "unknown key `transition`"),
        (
            changed("usd_per_1000_objects", "usd"),
            "`transitions[1].usd_per_1000_objects` is missing",
        ),
        (changed("[monitoring]", "[[monitoring]]"), "`monitoring` must be a table"),
        (changed("[[storage]]", "[storage]").split("[storage]", 2)[0] + "storage = 1", "a list of"),
        (CONTRACT + CONTRACT[CONTRACT.index("[[storage]]") : CONTRACT.index("[mon")], "twice"),
        ("schema_version", "Expected '=' after a key"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text: str, said: str) -> None:
    with pytest.raises(NotAPriceFile) as caught:
        read_price_file(text, toml=True)
    assert said in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "1", '{"schema_version": 1', "[" * 100_000])
def test_other_json_is_no_price_file(text: str) -> None:
    with pytest.raises(NotAPriceFile):
        read_price_file(text, toml=False)


READS = """
[[reads]]
class = "GLACIER_IR"
usd_per_1000_reads = 0.02

[[reads]]
class = "GLACIER_IR"
usd_per_gb_read = 0.05
source = { name = "an e-mail", published = 2026-11-02 }
"""


def test_prices_of_reads_are_known_once_all_that_is_billed_for_them_is_stated() -> None:
    prices = read_price_file(CONTRACT + READS, toml=True)
    known = retrieval(prices, "GLACIER_IR")
    assert known is not None
    assert (known.a_thousand_reads, known.a_gb) == (Decimal("0.02"), Decimal("0.05"))
    assert "reads" in missing(read_price_file(CONTRACT, toml=True))
    half = READS[: READS.index("[[reads]]", 5)]
    assert retrieval(read_price_file(CONTRACT + half, toml=True), "GLACIER_IR") is None


def test_prices_of_reads_that_were_saved_are_read_back_and_discounted() -> None:
    saved = to_json(US_EAST_1)
    schema().validate(json.loads(saved))
    assert read_price_file(saved, toml=False).read_prices == US_EAST_1.read_prices
    half = retrieval(US_EAST_1.times(Decimal("0.5")), "STANDARD_IA")
    assert half is not None
    assert (half.a_thousand_reads, half.a_gb) == (Decimal("0.0005"), Decimal("0.005"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (READS.replace("GLACIER_IR", "STANDARD"), "unknown key `reads[2].usd_per_gb_read`"),
        (READS + READS, "`reads` states the price of GLACIER_IR, usd_per_1000_reads twice"),
        (READS.replace("usd_per_1000_reads = 0.02", ""), "usd_per_1000_reads` is missing"),
    ],
)
def test_what_is_wrong_with_a_price_of_reads_is_named(text: str, said: str) -> None:
    with pytest.raises(NotAPriceFile) as caught:
        read_price_file(CONTRACT + text, toml=True)
    assert said in str(caught.value)
