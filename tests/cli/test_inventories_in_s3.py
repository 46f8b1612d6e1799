"""`--inventory s3://…`: inventories that the emulated S3 delivered, read where they are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from firnline import testing
from firnline.cli import main
from firnline.testing import seed
from firnline.testing.faults import Fault
from firnline.testing.inventory_configuration import InventoryConfiguration
from firnline.testing.moto_process import find_bucket
from tests.fleet.small_world import served, write_folder

pytestmark = pytest.mark.usefixtures("aws")
Captured = pytest.CaptureFixture[str]
BUCKET, OTHER, DESTINATION = "acme-models-use1", "acme-models-euw1", "acme-inventories"
DAILY = f"s3://{DESTINATION}/daily"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[testing.Emulator]:
    """Two buckets with inventories in a bucket of the caller."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    with served(monkeypatch) as emulator:
        state = emulator.middleware.state
        state.inventories.mirror = tmp_path / "mirror"
        emulator.caller_client("s3").create_bucket(Bucket=DESTINATION)
        for name, size in ((BUCKET, 5 << 30), (OTHER, 7 << 30)):
            bucket = find_bucket(name)
            assert bucket is not None
            seed.put_version(bucket, "tmp/old", size, emulator.now - timedelta(days=90), {})
            configure(emulator, name, "daily")
        emulator.deliver_inventories()
        write_folder(tmp_path)
        yield emulator


def configure(aws: testing.Emulator, bucket: str, id: str) -> None:
    configuration = InventoryConfiguration(id, DESTINATION, destination_prefix="daily")
    aws.middleware.state.inventories.store.put(bucket, configuration)


def forecast(capsys: Captured, *words: str) -> Any:
    assert main(["forecast", "policies/ml.yaml", *words, "--out", "json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("folder", [f"{DAILY}/{BUCKET}/daily", f"{DAILY}/{BUCKET}/"])
def test_the_newest_of_a_bucket_is_forecast_as_the_same_on_disk(
    folder: str, aws: testing.Emulator, capsys: Captured, tmp_path: Path
) -> None:
    aws.advance(days=2)
    as_of = f"{aws.now:%Y-%m-%dT%H:%M:%SZ}"
    found = tmp_path.glob(f"mirror/{DESTINATION}/daily/{BUCKET}/daily/*/manifest.json")
    newest = max(found, key=lambda path: path.parent.name)
    in_s3 = forecast(capsys, "--inventory", folder, "--as-of", as_of)
    on_disk = forecast(capsys, "--inventory", str(newest), "--as-of", as_of)
    called = f"{newest.parent.name}/manifest.json: the inventory of {BUCKET} of "
    assert called in in_s3.pop("facts")[0]
    assert on_disk.pop("facts")
    assert in_s3 == on_disk
    assert in_s3["first_run"]["after"]["deleted"]["bytes"] == 5 << 30


def test_a_destination_is_read_with_the_inventories_of_all_its_buckets(
    capsys: Captured,
) -> None:
    whole = forecast(capsys, "--inventory", DAILY)
    assert whole["buckets"] == [OTHER, BUCKET]
    assert whole["months"][0]["before"]["bytes"] == {"STANDARD": 12 << 30}
    one = forecast(capsys, "--inventory", DAILY, "--bucket", OTHER)
    assert one["buckets"] == [OTHER]


def test_it_is_read_with_the_callers_own_credentials_or_those_of_an_account(
    capsys: Captured,
) -> None:
    assert main(["inventory", "report", f"{DAILY}/{BUCKET}"]) == 0
    told = capsys.readouterr()
    assert f"reading {DESTINATION} with your own credentials" in told.err
    assert re.search(r"^ +1 +5GiB .* tmp/", told.out, re.MULTILINE)
    assert main(["inventory", "report", f"{DAILY}/{BUCKET}", "--account", "prod"]) == 3
    denied = capsys.readouterr().err
    assert f"{DESTINATION} could not be read: missing permission s3:ListBucket" in denied


def test_a_report_is_of_one_bucket(capsys: Captured) -> None:
    assert main(["inventory", "report", DAILY]) == 2
    told = capsys.readouterr().err
    assert f"{DAILY} has inventories of 2 buckets: name one, such as {DAILY}/{OTHER}" in told


def test_of_two_configurations_of_a_bucket_one_has_to_be_named(
    aws: testing.Emulator, capsys: Captured
) -> None:
    configure(aws, BUCKET, "weekly")
    aws.deliver_inventories()
    assert main(["forecast", "policies/ml.yaml", "--inventory", DAILY]) == 2
    told = capsys.readouterr().err
    assert f"{DAILY} has 2 inventories of {BUCKET}, and each may list another part" in told
    assert f"{DAILY}/{BUCKET}/weekly/" in told
    assert forecast(capsys, "--inventory", f"{DAILY}/{BUCKET}/weekly")["buckets"] == [BUCKET]


def test_files_that_may_not_be_read_name_the_permission(
    aws: testing.Emulator, capsys: Captured
) -> None:
    aws.middleware.faults.add(Fault(operation="GetObject", status=403, code="AccessDenied"))
    assert main(["forecast", "policies/ml.yaml", "--inventory", f"{DAILY}/{BUCKET}"]) == 3
    told = capsys.readouterr()
    assert told.out == ""
    assert re.search(
        r"manifest.json\s+could not be read: missing permission s3:GetObject", told.err
    )


def test_a_place_without_inventories_says_when_the_first_comes(capsys: Captured) -> None:
    assert main(["forecast", "policies/ml.yaml", "--inventory", f"s3://{DESTINATION}/else"]) == 2
    assert "has no finished inventory: S3 writes the first within 48 hours" in (
        capsys.readouterr().err
    )
    assert main(["forecast", "policies/ml.yaml", "--inventory", "s3://acme-nowhere/"]) == 3
    assert "acme-nowhere could not be read: error from s3:ListBucket: NoSuchBucket" in (
        capsys.readouterr().err
    )


def test_an_old_inventory_says_so_and_is_refused_beyond_a_limit(
    aws: testing.Emulator, capsys: Captured
) -> None:
    words = ["--inventory", f"{DAILY}/{BUCKET}", "--as-of"]
    week = f"{aws.now + timedelta(days=6, hours=23):%Y-%m-%dT%H:%M:%SZ}"
    later = f"{aws.now + timedelta(days=9, hours=1):%Y-%m-%dT%H:%M:%SZ}"
    assert "old" not in forecast(capsys, *words, week)["facts"][0]
    old = forecast(capsys, *words, later)["facts"][0]
    assert old.endswith("; it is 9 days old, and what was written since is not in it")
    assert forecast(capsys, *words, later, "--max-age", "10d")
    assert main(["forecast", "policies/ml.yaml", *words, later, "--max-age", "8d"]) == 2
    told = capsys.readouterr().err
    assert re.search(r"is\s+of .* UTC, before the limit of", told, re.DOTALL)


def test_an_age_is_a_duration(capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        main(["forecast", "--inventory", DAILY, "--max-age", "7 days"])
    assert "'7 days' is not a duration; write 7d" in capsys.readouterr().err


def test_two_inventories_of_one_bucket_would_count_twice(capsys: Captured) -> None:
    twice = ["--inventory", f"{DAILY}/{BUCKET}"] * 2
    assert main(["forecast", "policies/ml.yaml", *twice]) == 2
    assert "its objects would count twice" in " ".join(capsys.readouterr().err.split())


def live(capsys: Captured, *words: str) -> tuple[Any, str]:
    assert main(["forecast", "policies/ml.yaml", "--bucket", BUCKET, *words, "--out", "json"]) == 0
    told = capsys.readouterr()
    return json.loads(told.out), told.err


def test_a_bucket_alone_is_forecast_by_its_newest_inventory(
    aws: testing.Emulator, capsys: Captured
) -> None:
    account = ["--account", "prod"]
    told, err = live(capsys, *account)
    assert f"/daily/{aws.now:%Y-%m-%d}" in told["facts"][0]
    # Its versioning is looked up: there it gets a delete marker.
    assert told["first_run"]["after"]["delete_markers"]["bytes"] == 5 << 30
    # The role of the bucket's account may not read the destination: the caller may.
    assert f"reading {DESTINATION} with your own credentials" in err


def test_inventories_that_do_not_tell_enough_are_named(
    aws: testing.Emulator, capsys: Captured
) -> None:
    store = aws.middleware.state.inventories.store
    store.delete(BUCKET, "daily")
    for id, changes in {
        "part": {"prefix": "tmp/"},
        "keys": {"optional": ("ETag", "Size")},
        "off": {"enabled": False},
    }.items():
        store.put(BUCKET, InventoryConfiguration(id, DESTINATION, **changes))  # type: ignore[arg-type]
    words = ["forecast", "policies/ml.yaml", "--bucket", BUCKET, "--account", "prod"]
    assert main(words) == 3
    told = " ".join(capsys.readouterr().err.split())
    assert (
        f"{BUCKET}: its inventory `part` cannot be used: it lists only what is below tmp/" in told
    )
    assert "`keys` cannot be used: it lacks LastModifiedDate and StorageClass" in told
    assert "`off` cannot be used: it is disabled" in told
    assert f"`firnline inventory list {BUCKET} --versions --uploads` makes" in told


def test_an_inventory_of_all_versions_is_preferred(aws: testing.Emulator, capsys: Captured) -> None:
    store = aws.middleware.state.inventories.store
    store.put(BUCKET, InventoryConfiguration("a", DESTINATION, all_versions=False))
    aws.deliver_inventories()
    told, _ = live(capsys, "--account", "prod")
    assert "all versions" in told["facts"][0]
    store.delete(BUCKET, "daily")
    told, _ = live(capsys, "--account", "prod")
    assert "current versions only" in told["facts"][0]
