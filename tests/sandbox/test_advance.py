"""`python -m sandbox advance`: the clock of a running sandbox, from the command line."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from sandbox import advance, emulator_process
from sandbox.paths import CHECKOUT, SandboxPaths
from sandbox.state import State, read_state
from sandbox.world.accounts import CI, DEV, Bucket

Sandbox = Callable[..., "subprocess.CompletedProcess[str]"]
RULES: Any = [
    {
        "ID": "checkpoints",
        "Status": "Enabled",
        "Filter": {"Prefix": "checkpoints/"},
        "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}],
        "Expiration": {"Days": 180},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
    },
    {
        "ID": "uploads",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    },
]


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxPaths]:
    paths = SandboxPaths(tmp_path_factory.mktemp("root"))
    emulator_process.up(paths)
    yield paths
    emulator_process.down(paths)


@pytest.fixture(scope="module")
def sandbox(paths: SandboxPaths) -> Sandbox:
    def call(*words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "sandbox", "--root", str(paths.root), *words],
            cwd=CHECKOUT,
            env={
                **os.environ,
                "HTTP_PROXY": "http://127.0.0.1:1",
                "http_proxy": "http://127.0.0.1:1",
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return call


def put_rules(state: State, bucket: Bucket) -> None:
    keys: Any = {
        "endpoint_url": state.endpoint,
        "aws_access_key_id": state.access_key_id,
        "aws_secret_access_key": state.secret_access_key,
        "region_name": "us-east-1",
    }
    role = f"arn:aws:iam::{bucket.account.id}:role/retention"
    assumed = boto3.client("sts", **keys).assume_role(RoleArn=role, RoleSessionName="test")
    keys |= {
        "aws_access_key_id": assumed["Credentials"]["AccessKeyId"],
        "aws_secret_access_key": assumed["Credentials"]["SecretAccessKey"],
        "aws_session_token": assumed["Credentials"]["SessionToken"],
    }
    boto3.client("s3", **keys).put_bucket_lifecycle_configuration(
        Bucket=bucket.name, LifecycleConfiguration={"Rules": RULES}
    )


def test_events_and_contents_are_reported_per_bucket(paths: SandboxPaths, sandbox: Sandbox) -> None:
    state = read_state(paths.state)
    assert state is not None
    for bucket in (DEV, CI):
        put_rules(state, bucket)
    ran = sandbox("advance", "26w")
    assert (ran.returncode, ran.stderr) == (0, "")
    first, *blocks = ran.stdout.split("\n\n")
    assert " actions, " in first
    report = {block.split()[0]: block.split("\n") for block in blocks}
    assert report[CI.name][0] == f"{CI.name}  ml-staging"
    assert [line.split("  ")[1] for line in report[CI.name][1:-1]] == [
        "moved to STANDARD_IA",
        "deleted for good",
        "upload aborted",
    ]
    assert [line.split()[-1] for line in report[CI.name][1:-1]] == [
        "checkpoints",
        "checkpoints",
        "uploads",
    ]
    kept = [line.split("  ")[1] for line in report[DEV.name][1:-1]]
    assert kept == [
        "moved to STANDARD_IA",
        "hidden by a delete marker",
        "old version deleted for good",
        "delete marker removed",
        "upload aborted",
    ]
    assert report[DEV.name][-1].startswith("  now: ")
    assert "uploads" not in report[DEV.name][-1]
    assert "no lifecycle rules" in report["acme-training-logs-use1"][1]


def test_the_same_as_json_goes_on_from_there(sandbox: Sandbox) -> None:
    ran = sandbox("advance", "1d", "--out", "json")
    done = json.loads(ran.stdout)
    later = json.loads(sandbox("advance", "--until", "2030-01-01", "--out", "json").stdout)
    assert done["since"] < done["until"] < later["until"] == "2030-01-01T00:00:00+00:00"
    assert {event["bucket"] for event in later["events"]} <= {DEV.name, CI.name}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["0d"], "0 days later is now"),
        (["--until", "2020-01-01"], "the clock cannot go back"),
        (["tomorrow"], "`tomorrow` is not a duration: write 180d, 26w or 7y"),
        (["180"], "`180` is not a duration"),
        (["9999999999y"], "longer than S3 can count"),
        (["8000y"], "cannot go beyond 9998-12-31"),
        (["--until", "12/24/2030"], "`12/24/2030` is not a date: write it as 2027-05-20"),
        ([], "say how far"),
        (["1d", "--until", "2040-01-01"], "say how far"),
    ],
)
def test_a_clock_that_cannot_be_advanced_so_says_why(
    sandbox: Sandbox, words: list[str], said: str
) -> None:
    ran = sandbox("advance", *words)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("error: ")
    assert said in ran.stderr


def test_without_a_sandbox_there_is_no_clock(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "sandbox", "--root", str(tmp_path), "advance", "1d"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "the sandbox is not running" in ran.stderr


def test_an_advance_without_events_says_so() -> None:
    report = {
        "since": "2026-11-21T09:30:15+00:00",
        "until": "2026-11-22T09:30:15+00:00",
        "events": [],
        "buckets": [
            {
                "account": "111111111111",
                "bucket": "acme-one",
                "rules": 1,
                "classes": {"GLACIER": {"count": 1, "bytes": 3 << 20}},
                "noncurrent": {"count": 0, "bytes": 0},
                "delete_markers": 1,
                "uploads": {"count": 0, "bytes": 0},
            }
        ],
    }
    assert list(advance.as_text(report)) == [
        "2026-11-21 09:30 UTC → 2026-11-22 09:30 UTC: no lifecycle actions",
        "",
        "acme-one  111111111111",
        "  now: 1 object, 3.0 MiB (GLACIER 1) · 1 delete marker",
    ]
