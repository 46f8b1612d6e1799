"""`firnline show --writers`: who wrote the lifecycle of a bucket, by logs or the event history."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import jsonschema
import pytest
from botocore.config import Config

import firnline.targets
from firnline import testing
from firnline.cli import main
from tests.fleet.small_world import PROD, served, write_folder
from tests.fleet.writers.records import BUCKET, CUSTODIAN, TERRAFORM, record, rule

Captured = pytest.CaptureFixture[str]

SCHEMA = json.loads((Path(firnline.targets.__path__[0]) / "writers.schema.json").read_text())


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    return tmp_path


def fight(times: int) -> list[dict[str, Any]]:
    """Terraform and Cloud Custodian in turn."""
    return [
        record(rule((90, 30)[hour % 2]), hours=hour, agent=(TERRAFORM, CUSTODIAN)[hour % 2])
        for hour in range(times)
    ]


def trail(path: Path, records: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(json.dumps({"Records": records}).encode()))


def test_logs_tell_each_write_its_writer_and_what_the_rules_meant(
    place: Path, capsys: Captured
) -> None:
    first, *others = fight(4)
    trail(place / "logs/2026/11/01/b.json.gz", [*others, record(rule(1), errorCode="AccessDenied")])
    trail(place / "logs/2026/11/01/a.json.gz", [first, {"eventName": "GetObject"}])
    assert main(["show", BUCKET, "--writers", "logs"]) == 1
    told = capsys.readouterr()
    assert told.err == ""
    table, error = told.out.split("\n\nerror[FL714]")
    assert table.splitlines() == [
        "acme-models-use1  012345670123  us-east-1",
        "  4 writes of its lifecycle, by 2 files of CloudTrail, in UTC:",
        "  2026-11-01 09:00:00  A      Terraform 1.9.5 as role ci-deploy (session gha-17)",
        "  2026-11-01 10:00:00  A → B  Cloud Custodian 0.9.53 (policy `s3-log-expiry`) as role"
        " ci-deploy",
        "                              (session gha-17)",
        "  2026-11-01 11:00:00  B → A  Terraform 1.9.5 as role ci-deploy (session gha-17)",
        "  2026-11-01 12:00:00  A → B  Cloud Custodian 0.9.53 (policy `s3-log-expiry`) as role"
        " ci-deploy",
        "                              (session gha-17)",
        "",
        "  A:",
        "    logs/   deleted after 90d; where versions are kept, bytes stay: noncurrent versions"
        " never",
        "            expire",
        "",
        "  B, where it differs from A:",
        "    logs/   deleted after 30d; where versions are kept, bytes stay: noncurrent versions"
        " never",
        "            expire",
    ]
    assert "its rules changed 3 times between A and B" in error
    assert "= help: stop Terraform 1.9.5" in error


def test_two_changes_are_no_conflict(place: Path, capsys: Captured) -> None:
    trail(place / "trail.json", fight(3))
    assert main(["show", "--writers", "trail.json"]) == 0
    told = capsys.readouterr().out
    assert "B → A" in told
    assert told.endswith("\n\nno conflict: no rules changed back and forth three times\n")


def test_a_meaning_is_told_by_what_differs_from_the_first_one(
    place: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    first = [rule(90), rule(7, "tmp", "tmp/")]
    writes = [first, [*first, rule(30, "new", "new/")], rule(90), "removed", [rule(90), rule(9)]]
    trail(
        place / "trail.json",
        [
            record(None, hours=hour, eventName="DeleteBucketLifecycle")
            if each == "removed"
            else record(each, hours=hour)
            for hour, each in enumerate(writes)
        ],
    )
    assert main(["show", "--writers", "trail.json"]) == 0
    told = [line.partition("; where")[0] for line in capsys.readouterr().out.split("\n")]
    assert told[told.index("  B, where it differs from A:") : -3] == [
        "  B, where it differs from A:",
        "    new/   deleted after 30d",
        "",
        "  C, where it differs from A:",
        "    tmp/   no rule",
        "",
        "  D: no rules: nothing is moved or deleted",
        "",
        "  E, where it differs from A:",
        "    logs/   deleted after 9d",
        "    tmp/    no rule",
    ]


def test_of_several_buckets_those_whose_rules_never_changed_are_short(
    place: Path, capsys: Captured
) -> None:
    once, other = record(rule(7)), record(rule(7), requestID="b")
    other["requestParameters"] = {**other["requestParameters"], "bucketName": "acme-other"}
    trail(place / "trail.json", [once, other])
    assert main(["show", "--writers", "trail.json"]) == 0
    assert "A:" not in capsys.readouterr().out
    assert main(["show", "acme-other", "--writers", "trail.json"]) == 0
    assert "  A:\n    logs/   deleted after 7d" in capsys.readouterr().out


def test_what_was_written_before_a_day_does_not_count(place: Path, capsys: Captured) -> None:
    trail(place / "trail.json", fight(4))
    assert main(["show", BUCKET, "--writers", "trail.json", "--since", "2026-11-02"]) == 0
    assert capsys.readouterr().out == (
        "acme-models-use1\n  no write of its lifecycle in 1 file of CloudTrail since 2026-11-02\n"
        "\nno conflict: no rules changed back and forth three times\n"
    )


def test_a_long_history_is_cut_in_text_and_whole_in_json(place: Path, capsys: Captured) -> None:
    trail(place / "trail.json", fight(25))
    assert main(["show", "--writers", "trail.json", "--out", "text", "--out", "json:all.json"]) == 1
    shown = capsys.readouterr().out
    assert "  (5 earlier writes not shown: `--out json` has all)\n" in shown
    assert shown.count("\n  2026-11-0") == 20
    document = json.loads((place / "all.json").read_text())
    jsonschema.validate(document, SCHEMA)
    (bucket,) = document["buckets"]
    assert len(bucket["writes"]) == 25
    assert bucket["writes"][1] == {
        "at": "2026-11-01T10:00:00+00:00",
        "meaning": "B",
        "before": "A",
        "removes_configuration": False,
        "request_id": bucket["writes"][1]["request_id"],
        "by": {
            "tool": "cloud-custodian",
            "version": "0.9.53",
            "detail": "s3-log-expiry",
            "principal": f"arn:aws:iam::{PROD}:role/ci-deploy",
            "session": "gha-17",
            "user_agent": CUSTODIAN.strip("[]"),
            "told_by_rule_ids_alone": False,
            "in_words": "Cloud Custodian 0.9.53 (policy `s3-log-expiry`) as role ci-deploy"
            " (session gha-17)",
        },
    }
    assert bucket["conflicts"] == [{"between": ["A", "B"], "flips": 24}]
    assert [each["code"] for each in document["diagnostics"]] == ["FL714"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"Records": [{"eventName": "PutBucketLifecycle"', "is no whole JSON"),
        (b'{"PutBucketLifecycle": 1}', "has no `Records`"),
        pytest.param(
            gzip.compress(b"{" + b"BucketLifecycle" * 900)[:60],
            "is no whole gzip file",
            id="half a gzip file",
        ),
        (
            b"79a5 bucket [06/Feb/2019:00:00:38 +0000] 192.0.2.3 79a5 3E57 REST.GET.OBJECT a",
            "is no log of CloudTrail",
        ),
    ],
)
def test_a_file_that_is_no_log_of_cloudtrail_is_named(
    place: Path, capsys: Captured, content: bytes, said: str
) -> None:
    (place / "trail.json").write_bytes(content)
    assert main(["show", "--writers", "trail.json"]) == 2
    assert f"trail.json {said}" in capsys.readouterr().err


def test_a_bucket_behind_the_option_is_said_to_stand_before_it(
    place: Path, capsys: Captured
) -> None:
    assert place.is_dir()
    assert main(["show", "--writers", BUCKET]) == 2
    assert "buckets are named before it" in capsys.readouterr().err


def test_options_that_go_with_it_alone_are_refused(place: Path, capsys: Captured) -> None:
    assert place.is_dir()
    assert main(["show", BUCKET, "--since", "2026-11-02"]) == 2
    assert capsys.readouterr().err == "firnline show: --since goes with --writers\n"
    assert main(["show", "--coverage", "--writers"]) == 2
    assert "--coverage and --writers are two answers" in capsys.readouterr().err
    assert main(["show", "--writers", "x", "--out", "csv"]) == 2
    assert "--out csv goes with --coverage" in capsys.readouterr().err


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[testing.Emulator]:
    with served(monkeypatch) as emulator:
        yield emulator


@pytest.fixture
def folder(aws: testing.Emulator, place: Path, capsys: Captured) -> Path:
    """With a lock."""
    written = write_folder(place)
    assert main(["resolve"]) == 0
    capsys.readouterr()
    aws.middleware.faults.clear()
    return written


def put_as(aws: testing.Emulator, agent: str, session: str, days: int) -> None:
    role = f"arn:aws:iam::{PROD}:role/retention"
    assumed = aws.caller_client("sts").assume_role(RoleArn=role, RoleSessionName=session)
    keys = assumed["Credentials"]
    client = boto3.client(
        "s3",
        region_name="us-east-1",
        endpoint_url=aws.endpoint,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
        config=Config(user_agent=agent.strip("[]")),
    )
    rules: Any = [rule(days)]
    client.put_bucket_lifecycle_configuration(
        Bucket=BUCKET, LifecycleConfiguration={"Rules": rules}
    )


@pytest.mark.slow
def test_the_event_history_names_two_tools_that_undo_each_other(
    aws: testing.Emulator, folder: Path, capsys: Captured
) -> None:
    assert folder.is_dir()
    assert main(["show", BUCKET, "--writers"]) == 0
    nothing = capsys.readouterr().out
    assert "no write of its lifecycle in CloudTrail's event history since 20" in nothing
    for turn in range(4):
        agent, session, days = (
            (TERRAFORM, f"gha-{turn}", 90),
            (CUSTODIAN, "CloudCustodian", 30),
        )[turn % 2]
        put_as(aws, agent, session, days)
    assert main(["show", BUCKET, "--writers"]) == 1
    told = capsys.readouterr().out
    assert "A was written by Terraform 1.9.5 as role retention (session gha-2): 2 times" in told
    assert "B was written by Cloud Custodian 0.9.53 (policy `s3-log-expiry`)" in told
    assert "error[FL714]" in told
    assert "\n  live now: B\n" in told
    aws.middleware.state.trail.history.events.pop()
    assert main(["show", BUCKET, "--writers", "--out", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, SCHEMA)
    assert document["buckets"][0]["live"]["meaning"] == "B"
    put_as(aws, TERRAFORM, "gha-9", 7)
    aws.middleware.state.trail.history.events.pop()
    assert main(["show", BUCKET, "--writers"]) == 0
    assert "live now: rules that none of these writes had" in capsys.readouterr().out
    asked = [each for each in aws.requests if each.service == "cloudtrail"]
    assert {(each.operation, each.account) for each in asked} == {("LookupEvents", PROD)}
    # The second command comes too soon after the first, and tries again.
    assert [each.status for each in asked if each.status != 400] == [200] * 8


@pytest.mark.slow
def test_an_account_whose_event_history_is_shut_is_named_with_the_permission(
    aws: testing.Emulator, folder: Path, capsys: Captured
) -> None:
    assert folder.is_dir()
    fault = testing.faults.Fault(operation="LookupEvents", status=400, code="AccessDeniedException")
    aws.middleware.faults.add(fault)
    assert main(["show", BUCKET, "--writers"]) == 3
    said, told = capsys.readouterr()[::-1]
    assert told == "", "that there is no conflict is not known"
    assert said.startswith(
        "the event history of prod in us-east-1 could not be read: missing permission"
        " cloudtrail:LookupEvents: AccessDeniedException: injected; allow it to"
        f" arn:aws:iam::{PROD}:role/retention (`firnline iam` prints the policy);"
        " --writers also takes"
    )


@pytest.mark.slow
def test_the_files_of_a_trail_are_read_from_its_bucket(
    aws: testing.Emulator, folder: Path, capsys: Captured
) -> None:
    trail(folder.parent / "trail.json.gz", fight(4))
    content = (folder.parent / "trail.json.gz").read_bytes()
    key = f"AWSLogs/{PROD}/CloudTrail/us-east-1/2026/11/01/a.json.gz"
    aws.client("s3", account=PROD).put_object(Bucket=BUCKET, Key=key, Body=content)
    assert main(["show", "--writers", f"s3://{BUCKET}/AWSLogs/"]) == 1
    told = capsys.readouterr()
    assert told.err == ""
    assert told.out.startswith(
        "acme-models-use1  prod  012345670123  us-east-1\n  4 writes of its lifecycle, by 1 file"
    )
