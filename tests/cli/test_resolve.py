"""`firnline resolve`: what is written and printed, and what happens where AWS does not answer."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from firnline import testing
from firnline.cli import main
from tests.fleet.small_world import (
    FLEET,
    FOREIGN_RULE,
    LOCK_OF_FACTS,
    OUR_RULE,
    POLICY,
    PROD,
    STAGING,
    put_rules,
    served,
    write_folder,
)

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[testing.Emulator]:
    with served(monkeypatch) as emulator:
        yield emulator


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_folder(tmp_path)


def refuse(aws: testing.Emulator, operation: str, account: str) -> None:
    aws.middleware.faults.add(
        testing.Fault(operation, account, status=403, code="AccessDenied", message="no", times=99)
    )


@pytest.mark.usefixtures("aws")
def test_the_lock_is_written_and_what_came_is_told(folder: Path, capsys: Captured) -> None:
    assert main(["resolve"]) == 0
    assert (folder / "fleet.lock.yaml").read_text().endswith(LOCK_OF_FACTS)
    told = capsys.readouterr()
    assert told.out == ""
    assert "prod (012345670123): 2 buckets in us-east-1, eu-west-1" in told.err
    assert "+ prod/acme-models-euw1: eu-west-1, versioning off" in told.err
    assert "1 other bucket found, not managed here" in told.err
    assert "policies/fleet.lock.yaml: written" in told.err
    assert "refuse" not in told.err
    assert main(["check"]) == 0


def test_what_we_put_changes_nothing_in_the_lock(
    aws: testing.Emulator, folder: Path, capsys: Captured
) -> None:
    assert main(["resolve"]) == 0
    lock = folder / "fleet.lock.yaml"
    before = lock.read_bytes(), lock.stat().st_mtime_ns
    for account, bucket in ((PROD, "acme-models-use1"), (STAGING, "acme-dev")):
        put_rules(aws, account, bucket, OUR_RULE)
    assert main(["resolve"]) == 0
    assert (lock.read_bytes(), lock.stat().st_mtime_ns) == before
    assert "policies/fleet.lock.yaml: unchanged" in capsys.readouterr().err
    assert main(["resolve", "--check"]) == 0


@pytest.mark.usefixtures("aws")
def test_check_writes_nothing_and_tells_that_it_would(folder: Path, capsys: Captured) -> None:
    assert main(["resolve", "--check"]) == 7
    assert not (folder / "fleet.lock.yaml").exists()
    assert "would change" in capsys.readouterr().err


def test_foreign_rules_are_listed_and_check_refuses_them(
    aws: testing.Emulator, folder: Path, capsys: Captured
) -> None:
    put_rules(aws, PROD, "acme-models-use1", OUR_RULE, FOREIGN_RULE)
    assert main(["resolve"]) == 0
    told = capsys.readouterr().err
    assert "foreign rule on prod/acme-models-use1: by-hand" in told
    assert "`firnline check` will now refuse: 1 × FL409" in told
    assert "minimum_size: all_storage_classes_128K" in (folder / "fleet.lock.yaml").read_text()
    assert main(["check"]) == 1


def test_a_bucket_that_no_policy_covers_any_more_stays_in_the_lock_by_its_rules(
    aws: testing.Emulator, folder: Path, capsys: Captured
) -> None:
    put_rules(aws, STAGING, "acme-dev", OUR_RULE)
    (folder / "ml.yaml").write_text(
        POLICY.replace('  - {account: staging, buckets: "acme-*"}\n', "")
    )
    assert main(["resolve"]) == 0
    assert "ours: rules" in (folder / "fleet.lock.yaml").read_text()
    assert "1 × FL709" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("operation", "permission"),
    [
        ("AssumeRole", "sts:AssumeRole"),
        ("ListBuckets", "s3:ListAllMyBuckets"),
        ("GetBucketVersioning", "s3:GetBucketVersioning on acme-dev"),
        ("GetObjectLockConfiguration", "s3:GetBucketObjectLockConfiguration on acme-dev"),
        ("GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration on acme-dev"),
    ],
)
def test_an_account_that_cannot_be_read_leaves_the_lock_as_it_is(
    aws: testing.Emulator, folder: Path, capsys: Captured, operation: str, permission: str
) -> None:
    (folder / "fleet.lock.yaml").write_bytes(b"# whatever stood here\n")
    refuse(aws, operation, STAGING)
    assert main(["resolve"]) == 3
    told = capsys.readouterr().err
    assert f"staging ({STAGING}) cannot be read" in told
    assert f"missing permission: {permission}" in told
    assert "AccessDenied: no" in told
    assert f"prod ({PROD}) cannot be read" not in told
    assert (folder / "fleet.lock.yaml").read_bytes() == b"# whatever stood here\n"
    assert sorted(each.name for each in folder.iterdir()) == [
        "fleet.lock.yaml",
        "fleet.yaml",
        "ml.yaml",
    ]


def test_all_accounts_that_fail_are_told_in_one_run(
    aws: testing.Emulator, folder: Path, capsys: Captured
) -> None:
    refuse(aws, "AssumeRole", PROD)
    refuse(aws, "ListBuckets", STAGING)
    assert main(["resolve"]) == 3
    told = capsys.readouterr().err
    assert f"prod ({PROD}) cannot be read" in told
    assert f"staging ({STAGING}) cannot be read" in told
    assert "was not written" in told
    assert not (folder / "fleet.lock.yaml").exists()


@pytest.mark.usefixtures("aws")
def test_without_a_role_the_credentials_must_belong_to_the_account(
    folder: Path, capsys: Captured
) -> None:
    fleet = FLEET.replace(f", role: arn:aws:iam::{PROD}:role/retention", "")
    (folder / "fleet.yaml").write_text(fleet)
    assert main(["resolve"]) == 3
    told = capsys.readouterr().err
    assert "belong to account 999999999999" in told
    assert f"not to {PROD}" in told
    assert "write the account's `role` in the fleet file" in told


def test_an_account_may_be_read_with_its_own_credentials(
    aws: testing.Emulator, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = aws.client("s3", STAGING)
    own = client._get_credentials()  # type: ignore[attr-defined]  # not in the stubs
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", own.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", own.secret_key)
    monkeypatch.setenv("AWS_SESSION_TOKEN", own.token)
    fleet = f'firnline: fleet/v1\nnamespace: acme\naccounts: {{staging: {{id: "{STAGING}", '
    (folder / "fleet.yaml").write_text(fleet + "regions: us-east-1}}\n")
    policy = POLICY.replace(
        "  - {account: prod, buckets: [acme-models-euw1, acme-models-use1]}\n", ""
    )
    (folder / "ml.yaml").write_text(policy)
    assert main(["resolve"]) == 0
    assert "acme-dev" in (folder / "fleet.lock.yaml").read_text()


@pytest.mark.usefixtures("aws")
def test_a_named_bucket_in_a_region_that_is_not_listed_is_told(
    folder: Path, capsys: Captured
) -> None:
    (folder / "fleet.yaml").write_text(FLEET.replace("[us-east-1, eu-west-1]", "us-east-1"))
    assert main(["resolve"]) == 0
    assert (
        "acme-models-euw1 of prod is in eu-west-1, which the fleet file does not list:"
        " add eu-west-1 to the regions of prod" in capsys.readouterr().err
    )


def test_a_mistake_in_the_files_is_told_before_anybody_is_asked(
    aws: testing.Emulator, folder: Path, capsys: Captured
) -> None:
    (folder / "ml.yaml").write_text(POLICY.replace("account: staging", "account: stagin"))
    assert main(["resolve"]) == 1
    told = capsys.readouterr().err
    assert "error[FL109]" in told
    assert "no account was read" in told
    assert not aws.requests


@pytest.mark.usefixtures("aws")
def test_a_promise_about_old_versions_needs_no_versioning_in_the_policy(
    folder: Path, capsys: Captured
) -> None:
    promise = "promises: {undo: {prefix: a/, old_versions: {keep_at_least: 30d}}}\n"
    (folder / "ml.yaml").write_text(POLICY + promise)
    assert main(["resolve"]) == 0
    told = capsys.readouterr().err
    assert "written" in told
    assert "will now refuse: 2 × FL407" in told  # one bucket keeps none, one is suspended


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize(
    "broken", [b"", b"\x00\xff", b"<<<<<<< HEAD\n", b"firnline: fleet-lock/v1\n"]
)
def test_a_broken_lock_is_replaced(folder: Path, broken: bytes) -> None:
    (folder / "fleet.lock.yaml").write_bytes(broken)
    assert main(["resolve"]) == 0
    assert (folder / "fleet.lock.yaml").read_text().endswith(LOCK_OF_FACTS)


@pytest.mark.usefixtures("socket_disabled")
def test_without_a_fleet_file_it_shows_one(folder: Path, capsys: Captured) -> None:
    (folder / "fleet.yaml").unlink()
    assert main(["resolve"]) == 2
    assert "firnline: fleet/v1" in capsys.readouterr().err


@pytest.mark.usefixtures("socket_disabled")
def test_a_file_is_not_a_folder(folder: Path, capsys: Captured) -> None:
    assert main(["resolve", str(folder / "fleet.yaml")]) == 2
    assert "name the folder" in capsys.readouterr().err


def test_it_runs_as_a_program_and_without_credentials_says_so(folder: Path) -> None:
    hidden = ("AWS_", "FORCE_COLOR")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    environment |= {
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }
    ran = subprocess.run(
        [sys.executable, "-m", "firnline", "resolve"],
        cwd=folder.parent,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 3
    assert ran.stdout == ""
    assert ran.stderr.count("Unable to locate credentials") == 2
    assert "Traceback" not in ran.stderr
    assert "\x1b" not in ran.stderr
