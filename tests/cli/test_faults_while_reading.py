"""AWS fails while a command reads: the message says why and what to do, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from firnline import testing
from firnline.cli import main
from firnline.fleet import accounts
from tests.fleet.small_world import FOREIGN_RULE, OUR_RULE, STAGING, put_rules, served, write_folder

BUCKET = "acme-dev"
COMMANDS = (
    ("resolve",),
    ("show", BUCKET),
    ("diff", "live", "policies"),
    ("import", "--account", "staging"),
    ("show", BUCKET, "--writers"),
)
OFTEN = 1000
BUSY = "it was tried several times; run the same command later"
NETWORK = "check the network and the proxy, then run the same command again"
CLOSED = "where the account is closed, remove it from the fleet file, and from the lock by"
ROLE = f"sts:AssumeRole on resource: arn:aws:iam::{STAGING}:role/retention"

FAULTS = {
    "SlowDown": (
        testing.Fault(account=STAGING, code="SlowDown", times=OFTEN),
        ("error from sts:AssumeRole", "SlowDown: Please reduce your request rate; " + BUSY),
    ),
    "no answer": (
        testing.Fault(account=STAGING, connection="silent", times=OFTEN),
        ("no answer to sts:AssumeRole", "Read timeout on endpoint URL", NETWORK),
    ),
    "a reset connection": (
        testing.Fault(account=STAGING, connection="reset", times=OFTEN),
        ("no answer to sts:AssumeRole", "Connection was closed before", NETWORK),
    ),
    "a role that nobody may assume": (
        testing.Fault("AssumeRole", STAGING, code="AccessDenied", times=OFTEN),
        ("missing permission", "sts:AssumeRole", "AccessDenied: Access Denied"),
    ),
    "a closed account": (
        testing.Fault(account=STAGING, close_account=True),
        ("missing permission", "sts:AssumeRole", ROLE),
    ),
    "an account that is closed midway": (
        testing.Fault(account=STAGING, close_account=True, after=2),
        ("error from", "AccountProblem", CLOSED),
    ),
    "a session that expires midway, and is not renewed": (
        testing.Fault(account=STAGING, code="ExpiredToken", after=2, times=OFTEN),
        ("error from", "ExpiredToken", "run the same command again", "AWS_PROFILE"),
    ),
}
IN_EVERY_TEST_RUN = "SlowDown"

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[testing.Emulator]:
    impatient = accounts.Limits(answer_seconds=0.3, retries=0, adaptive=0)
    monkeypatch.setattr(accounts, "LIMITS", impatient)
    with served(monkeypatch) as emulator:
        yield emulator


@pytest.fixture
def folder(aws: testing.Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With the lock of a bucket that has a rule of ours and one of somebody else."""
    monkeypatch.chdir(tmp_path)
    put_rules(aws, STAGING, BUCKET, OUR_RULE, FOREIGN_RULE)
    made = write_folder(tmp_path)
    assert main(["resolve"]) == 0
    return made


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(name, marks=() if name == IN_EVERY_TEST_RUN else pytest.mark.slow)
        for name in FAULTS
    ],
)
def test_every_command_that_reads_says_what_failed_and_what_helps(
    aws: testing.Emulator, folder: Path, capsys: Captured, fault: str
) -> None:
    injected, words = FAULTS[fault]
    before = contents(folder.parent)
    for command in COMMANDS:
        aws.middleware.faults.clear()
        aws.middleware.faults.add(injected)
        capsys.readouterr()
        assert main(list(command)) == 3, command
        told = " ".join(capsys.readouterr().err.split())
        assert [each for each in words if each not in told] == [], (command, told)
        assert "Traceback" not in told
        assert contents(folder.parent) == before, command
    aws.middleware.faults.clear()
    assert main(["resolve", "--check"]) == 0


def test_a_stale_read_hides_a_foreign_rule_from_the_lock_until_the_next_resolve(
    aws: testing.Emulator, folder: Path
) -> None:
    """What it hides is found by the guard of `pulumi up`, by what the lock does not have."""
    lock = folder / "fleet.lock.yaml"
    put_rules(aws, STAGING, BUCKET, OUR_RULE)
    aws.middleware.faults.add(testing.Fault(bucket=BUCKET, stale_seconds=30))
    assert main(["resolve", "--check"]) == 0
    aws.middleware.faults.clear()
    assert main(["resolve", "--check"]) == 7
    assert "by-hand" in lock.read_text()


def test_another_writer_does_not_keep_a_lock_from_being_written(
    aws: testing.Emulator, folder: Path, capsys: Captured
) -> None:
    aws.middleware.faults.add(testing.Fault(bucket=BUCKET, writer="adds", every_seconds=0.001))
    assert main(["resolve"]) == 0
    assert "foreign rule on staging/acme-dev: another-writer-" in capsys.readouterr().err
    assert main(["resolve", "--check"]) == 7, "there is a newer one already"
    assert folder.is_dir()
