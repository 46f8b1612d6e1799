"""`firnline verify`: what is known is told, whatever else could not be read."""

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
from tests.fleet.small_world import PROD, STAGING, put_rules, served, write_folder

Captured = pytest.CaptureFixture[str]
DAY_ONE = {"ID": "x", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}


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


@pytest.mark.slow
@pytest.mark.usefixtures("deployed")
def test_drift_is_told_though_logs_and_inventories_cannot_be_read(
    aws: testing.Emulator, capsys: Captured
) -> None:
    put_rules(aws, STAGING, "acme-dev", DAY_ONE)
    wanted = ["verify", "--settle", "0", "--bucket", "acme-dev", "--out", "json:found.json"]
    absent = ["--writers", "no-trail.json", "--inventory", "no-manifest.json"]
    assert main([*wanted, *absent, "--out", "sarif:found.sarif", "--out", "html:fleet.html"]) == 7
    told = capsys.readouterr().err
    assert told.count("no-trail.json") == told.count("no-manifest.json is not there") == 1
    found = json.loads(Path("found.json").read_text())
    assert main(["schema", "verify"]) == 0
    Draft7Validator(json.loads(capsys.readouterr().out)).validate(found)
    assert len(found["other_failures"]) == 2
    assert found["buckets"][0]["state"] == "drifted"
    assert json.loads(Path("found.sarif").read_text())["runs"][0]["results"][0]["ruleId"] == "FL734"
    assert "no-manifest.json is not there" in Path("fleet.html").read_text()


@pytest.mark.usefixtures("deployed")
def test_what_could_not_be_read_beside_a_fleet_that_agrees_is_a_gap(capsys: Captured) -> None:
    wanted = ["verify", "--bucket", "acme-dev", "--inventory", "no-manifest.json"]
    assert main(wanted) == 10
    assert "1 bucket of 1 account: 1 as the policies say" in capsys.readouterr().out


@pytest.mark.usefixtures("deployed")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--earlier", "x"], "--earlier goes with --inventory"),
        (["--inventory", "x", "--logs", "y"], "--logs goes with --earlier"),
    ],
)
def test_options_are_wrong_before_anything_is_read(
    aws: testing.Emulator, options: list[str], said: str, capsys: Captured
) -> None:
    never = Fault(operation="GetBucketLifecycleConfiguration", status=500, times=1)
    aws.middleware.faults.add(never)
    assert main(["verify", *options]) == 2
    assert said in capsys.readouterr().err
    assert aws.middleware.faults.pending == (never,)


@pytest.mark.usefixtures("deployed")
def test_no_object_to_compare_is_wrong_use(capsys: Captured) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["verify", "--expiry-dates", "0"])
    assert "write 1 or more" in capsys.readouterr().err


@pytest.mark.usefixtures("deployed")
def test_a_selection_without_a_bucket_verifies_nothing(capsys: Captured) -> None:
    assert main(["verify", "--account", "staging", "--bucket", "acme-models-use1"]) == 2
    assert "nothing to verify" in capsys.readouterr().out


@pytest.mark.usefixtures("deployed")
def test_a_bucket_that_another_account_has_by_now_is_gone(
    aws: testing.Emulator, capsys: Captured
) -> None:
    aws.client("s3", STAGING).delete_bucket(Bucket="acme-dev")
    aws.client("s3", PROD).create_bucket(Bucket="acme-dev")
    assert main(["verify", "--account", "staging"]) == 7
    told = capsys.readouterr().out
    assert "error[FL738]" in told
    assert "another account has the name" in " ".join(told.replace("|", "").split())
    assert main(["verify", "--bucket", "acme-dev"]) == 3
    listing = Fault(operation="ListBuckets", account=STAGING, code="AccessDenied", times=9)
    aws.middleware.faults.add(listing)
    assert main(["verify", "--account", "staging"]) == 3


@pytest.mark.usefixtures("deployed")
def test_a_replica_in_another_account_of_the_fleet_is_read_there(
    aws: testing.Emulator, capsys: Captured
) -> None:
    aws.client("s3", STAGING).create_bucket(Bucket="replica")
    staging = aws.client("s3", STAGING)
    staging.put_bucket_versioning(Bucket="replica", VersioningConfiguration={"Status": "Enabled"})
    rule = {
        "ID": "all",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": "arn:aws:s3:::replica"},
    }
    client: Any = aws.client("s3", PROD)
    client.put_bucket_replication(
        Bucket="acme-models-use1",
        ReplicationConfiguration={"Role": f"arn:aws:iam::{PROD}:role/r", "Rules": [rule]},
    )
    assert main(["verify"]) == 0
    told = capsys.readouterr().out
    assert "warning[FL741]" in told
    assert "is not known" not in told
