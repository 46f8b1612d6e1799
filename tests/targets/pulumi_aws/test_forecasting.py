"""A forecast for a deployment: found, or a reason why there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from firnline.inventory.savings.entry import MONTHS, Change
from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.terms import Days, Versioning
from firnline.targets.pulumi_aws.forecasting import Facts, NoForecast, facts_of, forecast
from tests.inventory.facts.written import CURRENT, MADE, write

CHANGE = Change(
    bucket="lab",
    account="012345670123",
    region="us-east-1",
    versioning=Versioning.OFF,
    at=datetime(2026, 11, 28, 1, 30, tzinfo=UTC),
    before=RuleSet(()),
    after=RuleSet((Rule("daily", Filter("tmp/"), expires=Days(7)),)),
)
PATTERN = "inventories/{bucket}/daily/*/manifest.json"
SECONDS = 60.0


@pytest.fixture
def inventory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    rows = [
        {"Key": key, "Size": 2**30, "LastModifiedDate": MADE, "StorageClass": "STANDARD"}
        for key in ("tmp/a", "kept")
    ]
    path = write(tmp_path, rows, (*CURRENT, "Size", "LastModifiedDate", "StorageClass"))
    return str(path.relative_to(tmp_path))


def test_a_change_is_forecast_on_the_newest_facts_of_its_bucket(inventory: str) -> None:
    older = Path(inventory).parents[1] / f"{MADE - timedelta(days=1):%Y-%m-%dT%H-%MZ}"
    older.mkdir()
    for name in ("manifest.json", "manifest.checksum"):
        (older / name).touch()
    facts = facts_of(CHANGE, PATTERN)
    assert facts == Facts(inventory, MADE)
    found = forecast(CHANGE, facts, SECONDS)
    assert found.prices_of == "2026-09-28"
    assert found.before.stored == {"STANDARD": (2**31,) * MONTHS}
    assert found.after.stored == {"STANDARD": (2**30,) * MONTHS}
    assert found.saved(-1) == pytest.approx(0.023)


def test_where_no_inventory_lies_the_place_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoForecast, match=r"no inventory lies at .*/lab/manifest\.json"):
        facts_of(CHANGE, f"{tmp_path}/{{bucket}}/manifest.json")


def test_an_inventory_of_another_bucket_is_refused(inventory: str) -> None:
    with pytest.raises(NoForecast, match="is of bucket `lab`, not of `other`"):
        forecast(replace(CHANGE, bucket="other"), Facts(inventory), SECONDS)


def test_an_inventory_that_s3_has_not_finished_is_not_taken(inventory: str) -> None:
    Path(inventory).with_name("manifest.checksum").unlink()
    with pytest.raises(NoForecast, match=r"not finished: it has no manifest\.checksum"):
        facts_of(CHANGE, PATTERN)


def test_where_tags_decide_that_the_inventory_does_not_tell_there_is_no_forecast(
    inventory: str,
) -> None:
    by_tag = RuleSet((Rule("tagged", Filter(tags=(("stage", "tmp"),)), expires=Days(7)),))
    with pytest.raises(NoForecast, match=r"tags|leave open"):
        forecast(replace(CHANGE, after=by_tag), Facts(inventory), SECONDS)


def test_an_inventory_in_s3_is_left_to_the_command() -> None:
    assert facts_of(CHANGE, "s3://listed/{bucket}") == Facts("s3://listed/lab")


def test_what_the_command_says_is_the_reason(inventory: str) -> None:
    with pytest.raises(NoForecast, match=r"^no prices of eu-west-1 are known"):
        forecast(replace(CHANGE, region="eu-west-1"), Facts(inventory), SECONDS)
    with pytest.raises(NoForecast, match=r"^nowhere/manifest\.json is not there: name"):
        forecast(CHANGE, Facts("nowhere/manifest.json"), SECONDS)


def test_a_forecast_that_takes_too_long_is_given_up(inventory: str) -> None:
    with pytest.raises(NoForecast, match="took more than 0 s"):
        forecast(CHANGE, Facts(inventory), 0.01)
    with pytest.raises(NoForecast, match="no time left"):
        forecast(CHANGE, Facts(inventory), 0.0)
