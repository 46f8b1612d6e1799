"""`firnline verify`: what is live, compared by meaning with what policies and lock say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from firnline import testing
from firnline.cli import main
from firnline.testing.faults import Fault
from firnline.testing.inventory_configuration import InventoryConfiguration
from tests.fleet.small_world import PROD, STAGING, put_rules, served, write_folder

Captured = pytest.CaptureFixture[str]
CLEANUP = {
    "ID": "cleanup",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "Expiration": {"Days": 1},
}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[testing.Emulator]:
    with served(monkeypatch) as emulator:
        yield emulator


@pytest.fixture
def deployed(
    aws: testing.Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> dict[str, list[Any]]:
    """The rules of each bucket by its name, as the policies say and as they are live."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    write_folder(tmp_path)
    assert main(["resolve"]) == 0
    assert main(["compile", "--out", "s3-json:rules.json"]) == 0
    rules = json.loads(Path("rules.json").read_text())
    for key, configuration in rules.items():
        label, _, name = key.split("/")
        put_rules(aws, PROD if label == "prod" else STAGING, name, *configuration["Rules"])
    capsys.readouterr()
    return {key.split("/")[2]: each["Rules"] for key, each in rules.items()}


@pytest.mark.usefixtures("deployed")
def test_a_fleet_that_agrees_is_a_few_lines(capsys: Captured) -> None:
    assert main(["verify"]) == 0
    assert capsys.readouterr().out.startswith("3 buckets of 2 accounts: 3 as the policies say\n")


@pytest.mark.usefixtures("deployed")
def test_stale_answers_and_another_spelling_are_no_drift(
    aws: testing.Emulator, deployed: dict[str, list[Any]], capsys: Captured
) -> None:
    put_rules(aws, PROD, "acme-models-use1", CLEANUP)
    put_rules(aws, PROD, "acme-models-use1", *deployed["acme-models-use1"])
    aws.middleware.faults.add(Fault(bucket="acme-models-use1", stale=2, times=2))
    aws.middleware.faults.add(Fault(bucket="acme-models-euw1", rewritten=True, times=3))
    assert main(["verify", "--bucket", "acme-models-use1", "--bucket", "acme-models-euw1"]) == 0
    assert aws.middleware.faults.pending == ()
    assert "2 as the policies say" in capsys.readouterr().out
    aws.middleware.faults.add(Fault(rewritten=True, times=3))
    assert main(["diff", "live", "policies", "--expect-no-changes"]) == 0


@pytest.mark.usefixtures("deployed")
def test_what_cannot_be_read_is_told_and_the_rest_is_verified(
    aws: testing.Emulator, capsys: Captured
) -> None:
    denied = Fault(account=STAGING, operation="AssumeRole", status=403, code="AccessDenied")
    aws.middleware.faults.add(denied)
    assert main(["verify", "--account", "staging", "--bucket", "acme-dev"]) == 3
    aws.middleware.faults.clear()
    refused = "GetBucketLifecycleConfiguration"
    aws.middleware.faults.add(
        Fault(operation=refused, bucket="acme-dev", status=403, code="AccessDenied", times=9)
    )
    assert main(["verify"]) == 10
    told = capsys.readouterr().out
    assert "staging/acme-dev could not be read: missing permission" in told
    assert "2 as the policies say, 1 not known" in told


@pytest.mark.usefixtures("deployed")
def test_a_closed_account_is_told_once_and_a_list_that_is_refused_as_what_it_is(
    aws: testing.Emulator, capsys: Captured
) -> None:
    aws.middleware.faults.add(
        Fault(operation="ListBuckets", account=PROD, code="AccessDenied", times=9)
    )
    aws.middleware.faults.add(
        Fault(operation="AssumeRole", account=STAGING, code="AccessDenied", times=9)
    )
    assert main(["verify"]) == 10
    lines = " ".join(capsys.readouterr().out.split()).replace("`", "")
    assert lines.count("staging as a whole could not be read: missing permission") == 1
    assert "which buckets staging has" not in lines
    refused = "which buckets prod has that the lock lacks is not known: missing permission"
    assert f"{refused} s3:ListAllMyBuckets" in lines


@pytest.mark.usefixtures("deployed")
def test_unknown_names_are_wrong_use(capsys: Captured) -> None:
    assert main(["verify", "--bucket", "acme-dve"]) == 2
    assert "acme-dev" in capsys.readouterr().err
    assert main(["verify", "--account", "prd"]) == 2
    assert main(["verify", "--base", "main"]) == 2


@pytest.mark.usefixtures("deployed")
def test_s3_is_taken_at_its_own_word_on_when_it_expires_objects(
    aws: testing.Emulator, capsys: Captured
) -> None:
    aws.client("s3", STAGING).put_object(Bucket="acme-dev", Key="tmp/a", Body=b"1")
    wanted = ["verify", "--bucket", "acme-dev", "--settle", "0", "--expiry-dates"]
    assert main(wanted) == 0
    assert "S3's own days of expiry of 1 object of 1 bucket: 1 as the rules say" in (
        capsys.readouterr().out
    )
    aws.middleware.faults.add(Fault(operation="HeadObject", no_expiry=True, times=9))
    assert main([*wanted, "3", "--out", "text", "--out", "json:found.json"]) == 7
    told = capsys.readouterr().out
    assert "error[FL743]" in told
    assert "S3 says no day, the rules say" in told
    assert "1 as the policies say, 1 where S3 tells or acts on another day" in told
    found = json.loads(Path("found.json").read_text())
    assert main(["schema", "verify"]) == 0
    Draft7Validator(json.loads(capsys.readouterr().out)).validate(found)
    assert found["expiry_dates"][0]["counts"]["disagrees"] == 1
    other = Fault(operation="DeliverInventory", expiry_shift_days=-1)
    aws.middleware.faults.add(other)
    of_inventory = [*wanted[:-1], "--inventory", inventory_of(aws, "acme-dev")]
    assert main(of_inventory) == 7
    told = capsys.readouterr().out
    assert "error[FL744]" in told
    assert "acme-dev: days of expiry of 1 object in its inventory of" in told
    assert main([*of_inventory, "--written-at", "2100-01-01"]) == 0
    assert "UTC, before the rules were written" in " ".join(capsys.readouterr().out.split())
    assert main(["verify", "--written-at", "2026-11-28"]) == 2
    assert "--written-at goes with --inventory" in capsys.readouterr().err
    denied = Fault(operation="HeadObject", status=403, code="AccessDenied", times=9)
    aws.middleware.faults.clear()
    aws.middleware.faults.add(denied)
    assert main(wanted) == 10
    assert "missing permission s3:GetObject" in capsys.readouterr().out


def inventory_of(aws: testing.Emulator, bucket: str) -> str:
    state = aws.middleware.state
    aws.client("s3", STAGING).create_bucket(Bucket="acme-reports")
    state.inventories.store.put(bucket, InventoryConfiguration("daily", "acme-reports"))
    (uri,) = aws.deliver_inventories()
    content = aws.client("s3", STAGING).list_objects_v2(Bucket="acme-reports")["Contents"]
    for each in content:
        path = Path(each["Key"])
        path.parent.mkdir(parents=True, exist_ok=True)
        aws.client("s3", STAGING).download_file("acme-reports", each["Key"], str(path))
    return uri.removeprefix("s3://acme-reports/")


@pytest.mark.slow
def test_every_drift_is_told_the_short_expiry_first_and_by_whom(
    aws: testing.Emulator, deployed: dict[str, list[Any]], capsys: Captured
) -> None:
    put_rules(aws, PROD, "acme-models-use1", *deployed["acme-models-use1"], CLEANUP)
    later = {**deployed["acme-models-euw1"][0], "Expiration": {"Days": 90}}
    moves = [{"Days": 90, "StorageClass": "GLACIER"}]
    by_hand = {"ID": "by-hand", "Status": "Enabled", "Filter": {"Prefix": ""}, "Transitions": moves}
    put_rules(aws, PROD, "acme-models-euw1", later, by_hand)
    staging = aws.client("s3", STAGING)
    staging.put_bucket_versioning(Bucket="acme-dev", VersioningConfiguration={"Status": "Enabled"})
    staging.create_bucket(Bucket="acme-new")
    outputs = ["--out", "json:found.json", "--out", "sarif:found.sarif", "--out", "text"]
    assert main(["verify", "--settle", "0", "--writers", *outputs]) == 7
    text = capsys.readouterr().out
    places = [text.index(f"error[FL{code}]") for code in (734, 735, 740, 737, 739)]
    assert places == sorted(places)
    assert "note: written by a program (Boto3/" in text
    assert "3 buckets of 2 accounts: 3 drifted, 1 not in the lock" in text

    found = json.loads(Path("found.json").read_text())
    assert main(["schema", "verify"]) == 0
    Draft7Validator(json.loads(capsys.readouterr().out)).validate(found)
    assert [each["state"] for each in found["buckets"]] == ["drifted"] * 3

    sarif = json.loads(Path("found.sarif").read_text())["runs"][0]
    first = sarif["tool"]["driver"]["rules"][0]
    assert first["id"] == "FL734"
    assert {"security", "external/mitre-attack/T1485.001"} <= set(first["properties"]["tags"])
    assert sarif["results"][0]["level"] == "error"
