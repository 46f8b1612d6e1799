"""`python -m sandbox advance`: the clock of a running sandbox, from the command line."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from firnline.targets import legend
from sandbox import advance, emulator_process
from sandbox.advance_bars import OLD, SIGNS, bars
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


def put_rules(state: State, bucket: Bucket, rules: Any = RULES) -> None:
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
        Bucket=bucket.name, LifecycleConfiguration={"Rules": rules}
    )


def test_events_and_contents_are_reported_per_bucket(paths: SandboxPaths, sandbox: Sandbox) -> None:
    state = read_state(paths.state)
    assert state is not None
    for bucket in (DEV, CI):
        put_rules(state, bucket)
    ran = sandbox("advance", "26w")
    assert (ran.returncode, ran.stderr) == (0, "")
    first, *blocks = ran.stdout.split("\n\n")
    assert re.search(r" actions,\n  [0-9.]+ TiB permanently deleted$", first)
    report = {block.split()[0]: block.split("\n") for block in blocks}
    assert report[CI.name][0] == f"{CI.name}  ml-staging"
    assert [re.split("  +", line.strip())[0] for line in report[CI.name][1:-1]] == [
        "checkpoints",
        "moved to STANDARD_IA",
        "deleted for good",
        "uploads",
        "upload aborted",
    ]
    done = [re.split("  +", line.strip())[0] for line in report[DEV.name] if line[:4] == "    "]
    assert done[:5] == [
        "moved to STANDARD_IA",
        "hidden by a delete marker",
        "noncurrent version deleted for good",
        "delete marker removed",
        "upload aborted",
    ]
    held = "\n".join(report[DEV.name]).partition("  now: ")[2]
    assert "noncurrent" in held
    assert "uploads" not in held
    assert max(map(len, ran.stdout.splitlines())) <= 80
    assert "no lifecycle rules" in report["acme-training-logs-use1"][1]


def test_the_same_as_json_goes_on_from_there(sandbox: Sandbox) -> None:
    ran = sandbox("advance", "1d", "--out", "json")
    done = json.loads(ran.stdout)
    later = json.loads(sandbox("advance", "--until", "2030-01-01", "--out", "json").stdout)
    assert [each["bucket"] for each in done["before"]] == [
        each["bucket"] for each in done["buckets"]
    ]
    assert done["buckets"] == later["before"]
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


def holds(bucket: str, classes: dict[str, int], noncurrent: int = 0) -> dict[str, Any]:
    """Sizes in GiB, of one object each."""
    return {
        "account": "111111111111",
        "bucket": bucket,
        "rules": 1,
        "classes": {name: {"count": 1, "bytes": size << 30} for name, size in classes.items()},
        "noncurrent": {"count": min(noncurrent, 1), "bytes": noncurrent << 30},
        "delete_markers": 0,
        "uploads": {"count": 0, "bytes": 0},
    }


def test_an_advance_without_events_says_so() -> None:
    held = holds("acme-one", {"GLACIER": 3})
    report = {
        "since": "2026-11-21T09:30:15+00:00",
        "until": "2026-11-22T09:30:15+00:00",
        "events": [],
        "before": [held],
        "buckets": [held | {"delete_markers": 1}],
    }
    assert list(advance.as_text(report)) == [
        "2026-11-21 09:30 UTC → 2026-11-22 09:30 UTC: no lifecycle actions",
        "",
        "acme-one  before  ========================== 3.0 GiB",
        "          now     ========================== 3.0 GiB",
        "",
        "= GLACIER",
        "",
        "acme-one  111111111111",
        "  now: 1 object, 3.0 GiB (GLACIER 1) · 1 delete marker",
    ]


def test_all_buckets_are_drawn_to_one_scale_before_and_now() -> None:
    before = [holds("large", {"STANDARD": 13}, 13), holds("small", {"STANDARD": 2, "NEW": 2})]
    now = [holds("large", {"DEEP_ARCHIVE": 7, "STANDARD": 6}), holds("small", {})]
    assert list(bars(before, now)) == [
        "large  before  █████████████┄┄┄┄┄┄┄┄┄┄┄┄┄ 26.0 GiB",
        "       now     ██████------- 13.0 GiB",
        "small  before  ██?? 4.0 GiB",
        "       now     empty",
        "",
        "█ STANDARD   - DEEP_ARCHIVE   ? NEW   ┄ noncurrent versions and uploads",
    ]


def test_the_sandbox_draws_classes_as_the_package_does() -> None:
    assert {name: legend.SIGNS[name] for name in SIGNS} == SIGNS
    assert legend.SIGNS[legend.HIDDEN] == OLD


def test_an_advance_is_told_on_every_screen(paths: SandboxPaths) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "sandbox", "--root", str(paths.root), "advance", "1d"],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
