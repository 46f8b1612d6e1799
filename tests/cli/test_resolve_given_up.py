"""`firnline resolve` does not forget what is ours in accounts and regions that left the fleet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from firnline import testing
from firnline.cli import main
from tests.fleet.small_world import (
    FLEET,
    FOREIGN_RULE,
    OUR_RULE,
    POLICY,
    PROD,
    STAGING,
    put_rules,
    served,
    write_folder,
)

Captured = pytest.CaptureFixture[str]
STAGING_IN_FLEET = FLEET.splitlines(keepends=True)[-1]
STAGING_IN_POLICY = '  - {account: staging, buckets: "acme-*"}\n'
EUROPE = "acme-models-euw1"
DISABLED = {
    "ID": "firnline/acme/nothing-required",
    "Status": "Disabled",
    "Filter": {"Prefix": ""},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 365},
}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[testing.Emulator]:
    with served(monkeypatch) as emulator:
        yield emulator


class Folder:
    """A folder whose policies were resolved once, while all accounts and regions were listed."""

    def __init__(self, path: Path, captured: Captured) -> None:
        self.path = path
        self._captured = captured
        self.policy = POLICY.replace(
            "- {account: prod, buckets: [acme-models-euw1, acme-models-use1]}",
            '- {account: prod, buckets: "*"}',
        )
        self.write()
        assert main(["resolve"]) == 0

    def write(self, fleet: str = FLEET, policy: str = "", releases: str = "") -> None:
        more = f"releases: {{{releases}}}\n" if releases else ""
        (self.path / "fleet.yaml").write_text(fleet + more)
        (self.path / "ml.yaml").write_text(policy or self.policy)

    def without_staging(self, releases: str = "") -> None:
        policy = self.policy.replace(STAGING_IN_POLICY, "")
        self.write(FLEET.replace(STAGING_IN_FLEET, ""), policy, releases)

    def without_europe(self, releases: str = "") -> None:
        self.write(FLEET.replace("[us-east-1, eu-west-1]", "us-east-1"), releases=releases)

    @property
    def lock(self) -> str:
        return (self.path / "fleet.lock.yaml").read_text()

    def resolve(self) -> str:
        self._captured.readouterr()
        assert main(["resolve"]) == 0
        return self._captured.readouterr().err

    def errors(self) -> str:
        """What `check` says; nothing where it finds no error."""
        self._captured.readouterr()
        failed = main(["check"])
        told = self._captured.readouterr().out
        return told if failed else ""


@pytest.fixture
def folder(
    aws: testing.Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> Folder:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    put_rules(aws, STAGING, "acme-dev", OUR_RULE)
    put_rules(aws, PROD, EUROPE, OUR_RULE)
    return Folder(write_folder(tmp_path), capsys)


def entry_of(lock: str, bucket: str) -> dict[str, str]:
    accounts = yaml.load(lock, yaml.BaseLoader)["accounts"].values()
    (found,) = (each[bucket] for each in accounts if bucket in each)
    return dict(found)


def test_an_account_that_left_is_refused_before_and_after_resolve_and_asked_nothing(
    aws: testing.Emulator, folder: Folder
) -> None:
    before = entry_of(folder.lock, "acme-dev")
    folder.without_staging()
    assert "error[FL712]" in folder.errors()

    asked = len(aws.requests)
    told = folder.resolve()
    assert f"account {STAGING} is not in the fleet file: 1 bucket stays in the lock" in told
    assert "1 × FL712" in told
    assert not [each for each in aws.requests[asked:] if each.account == STAGING]
    assert entry_of(folder.lock, "acme-dev") == before
    assert "error[FL712]" in folder.errors()
    assert "FL708" not in folder.errors()

    folder.resolve()
    assert "error[FL712]" in folder.errors(), "running resolve again cures nothing"


def test_an_account_that_left_is_kept_by_its_id_and_then_forgotten(folder: Folder) -> None:
    folder.without_staging()
    folder.resolve()
    keeping = f'"{STAGING}/*": {{leave: keep, why: the search team runs it}}'
    folder.without_staging(keeping)
    assert folder.errors() == ""

    assert f"- {STAGING}/acme-dev" in folder.resolve()
    assert STAGING not in folder.lock
    assert folder.errors() == "", "the release may stand"
    folder.without_staging()
    assert folder.errors() == "", "or go"


def test_an_account_that_comes_back_is_looked_at_again(folder: Folder) -> None:
    folder.without_staging(f'"{STAGING}/*": {{leave: keep, why: x}}')
    folder.resolve()
    folder.write(policy=folder.policy.replace(STAGING_IN_POLICY, ""))
    folder.resolve()
    assert entry_of(folder.lock, "acme-dev")["ours"] == "rules"
    assert "error[FL709]" in folder.errors()


def test_a_region_that_left_is_looked_at_with_the_role_of_its_account(
    aws: testing.Emulator, folder: Folder
) -> None:
    folder.without_europe()
    assert "error[FL712]" in folder.errors()
    folder.resolve()
    assert entry_of(folder.lock, EUROPE)["ours"] == "rules"
    assert f"`prod` no longer lists eu-west-1, in which `{EUROPE}` is managed" in folder.errors()

    folder.without_europe(f"prod/{EUROPE}: {{leave: clear, why: x}}")
    assert folder.errors() == ""
    assert "is managed" not in folder.resolve()
    assert folder.errors() == "", "not cleared yet: the release stands"

    put_rules(aws, PROD, EUROPE, DISABLED)  # what `pulumi up` writes
    folder.resolve()
    assert EUROPE not in folder.lock
    assert "Firnline manages no bucket `acme-models-euw1` in `prod`" in folder.errors()
    folder.without_europe()
    assert folder.errors() == ""


def test_a_region_that_left_stays_kept_as_long_as_the_rules_are_live(folder: Folder) -> None:
    folder.without_europe(f"prod/{EUROPE}: {{leave: keep, why: x}}")
    folder.resolve()
    folder.resolve()
    assert EUROPE in folder.lock
    assert folder.errors() == ""
    folder.without_europe()
    folder.resolve()
    assert "error[FL712]" in folder.errors()


def test_a_bucket_that_refuses_in_a_region_that_left_stays_as_it_was(
    aws: testing.Emulator, folder: Folder
) -> None:
    before = entry_of(folder.lock, EUROPE)
    folder.without_europe()
    refuse = testing.Fault(
        "GetBucketLifecycleConfiguration", bucket=EUROPE, status=403, code="AccessDenied", times=99
    )
    aws.middleware.faults.add(refuse)
    told = folder.resolve()
    assert f"prod/{EUROPE} stays in the lock as it was: it refuses" in told
    assert entry_of(folder.lock, EUROPE) == before
    assert "error[FL712]" in folder.errors()


def test_a_bucket_that_is_gone_is_forgotten(aws: testing.Emulator, folder: Folder) -> None:
    folder.without_europe()
    aws.client("s3", PROD, region="eu-west-1").delete_bucket(Bucket=EUROPE)
    folder.resolve()
    assert EUROPE not in folder.lock
    assert folder.errors() == ""


def test_buckets_of_others_in_a_region_that_is_not_listed_are_not_looked_at(
    aws: testing.Emulator, folder: Folder
) -> None:
    put_rules(aws, PROD, EUROPE, FOREIGN_RULE)
    folder.without_europe()
    folder.resolve()
    assert EUROPE not in folder.lock
    asked = len(aws.requests)
    folder.resolve()
    assert not [each for each in aws.requests[asked:] if each.bucket == EUROPE]


CONFLICT = "<<<<<<< HEAD\n{lock}=======\n>>>>>>> theirs\n"


@pytest.mark.parametrize("whole", [False, True], ids=["conflict", "wrong shape"])
def test_a_broken_lock_that_knows_of_an_account_that_left_is_not_replaced(
    aws: testing.Emulator, folder: Folder, capsys: Captured, whole: bool
) -> None:
    broken = folder.lock.replace("kind: general", "kind: genral")
    broken = broken if whole else CONFLICT.format(lock=folder.lock)
    (folder.path / "fleet.lock.yaml").write_text(broken)
    folder.resolve()
    assert "<<<" not in folder.lock, "nothing is lost with it"

    (folder.path / "fleet.lock.yaml").write_text(broken)
    folder.without_staging()
    asked = len(aws.requests)
    capsys.readouterr()
    assert main(["resolve"]) == 1
    told = capsys.readouterr().err
    assert "error[FL712]" in told
    assert f"it lists buckets in account {STAGING}" in told
    assert "nothing was written" in told
    assert folder.lock == broken
    assert len(aws.requests) == asked

    folder.without_staging(f'"{STAGING}/*": {{leave: keep, why: x}}')
    folder.resolve()
    folder.without_europe()
    (folder.path / "fleet.lock.yaml").write_text(broken)
    assert main(["resolve"]) == 1
    assert "it lists buckets in eu-west-1 of `prod`" in capsys.readouterr().err
