"""`firnline show`: what is live, in words or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

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


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[testing.Emulator]:
    with served(monkeypatch) as emulator:
        yield emulator


@pytest.fixture
def folder(
    aws: testing.Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> Path:
    """With a lock."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    written = write_folder(tmp_path)
    assert main(["resolve"]) == 0
    capsys.readouterr()
    aws.middleware.faults.clear()
    return written


@pytest.mark.usefixtures("folder")
def test_a_bucket_without_a_configuration_is_a_normal_answer(capsys: Captured) -> None:
    assert main(["show", "acme-dev"]) == 0
    told = capsys.readouterr()
    assert "no lifecycle configuration: nothing is moved or deleted" in told.out
    assert told.err == ""


@pytest.mark.usefixtures("folder")
def test_what_is_live_is_said_in_words(aws: testing.Emulator, capsys: Captured) -> None:
    put_rules(aws, PROD, "acme-models-use1", OUR_RULE, FOREIGN_RULE)
    assert main(["show", "s3://acme-models-use1/"]) == 0
    lines = capsys.readouterr().out.split("\n")
    assert lines[0].startswith("prod  012345670123 ─")
    assert lines[1:6] == [
        "  acme-models-use1  us-east-1  versioning enabled",
        "    old/   unreadable after 3d, bytes stay: noncurrent versions never expire",
        "           foreign rule: by-hand",
        "    tmp/   unreadable after 14d,"
        " bytes gone after 21d (noncurrent versions expire 7d later)",
        "",
    ]


@pytest.mark.usefixtures("folder")
def test_without_names_all_buckets_are_shown_by_account(
    aws: testing.Emulator, capsys: Captured
) -> None:
    put_rules(aws, PROD, "acme-models-use1", OUR_RULE)
    assert main(["show"]) == 0
    shown = capsys.readouterr().out
    places = [shown.index(each) for each in ("acme-models-euw1", "acme-models-use1", "acme-dev")]
    assert places == sorted(places)
    assert shown.index("prod  ") < places[0] < shown.index("staging  ") < places[2]
    assert "\x1b" not in shown
    assert all(line == line.rstrip() for line in shown.split("\n"))


@pytest.mark.usefixtures("folder")
def test_buckets_with_the_same_rules_stand_together(
    aws: testing.Emulator, capsys: Captured
) -> None:
    client = aws.client("s3", PROD, "eu-west-1")
    enabled = {"Status": "Enabled"}
    client.put_bucket_versioning(
        Bucket="acme-models-euw1",
        VersioningConfiguration=enabled,  # type: ignore[arg-type]  # a plain dict
    )
    for bucket in ("acme-models-euw1", "acme-models-use1"):
        put_rules(aws, PROD, bucket, OUR_RULE)
    assert main(["show", "acme-models-use1", "acme-models-euw1"]) == 0
    shown = capsys.readouterr().out
    assert shown.count("unreadable after 14d") == 1
    assert "versioning enabled  (the lock says off: run `firnline resolve`)" in shown


@pytest.mark.usefixtures("folder")
def test_json_is_what_s3_has(aws: testing.Emulator, capsys: Captured) -> None:
    put_rules(aws, PROD, "acme-models-use1", OUR_RULE)
    assert main(["show", "--out", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "prod/eu-west-1/acme-models-euw1": None,
        "prod/us-east-1/acme-models-use1": {
            "Rules": [OUR_RULE],
            "TransitionDefaultMinimumObjectSize": "all_storage_classes_128K",
        },
        "staging/us-east-1/acme-dev": None,
    }


@pytest.mark.usefixtures("folder")
def test_several_outputs_come_of_one_run(tmp_path: Path, capsys: Captured) -> None:
    assert main(["show", "acme-dev", "--out", "text:live.txt", "--out", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"staging/us-east-1/acme-dev": None}
    assert "acme-dev  us-east-1" in (tmp_path / "live.txt").read_text()


@pytest.mark.usefixtures("folder")
def test_a_bucket_that_the_lock_lacks_is_wrong_use(aws: testing.Emulator, capsys: Captured) -> None:
    before = len(aws.requests)
    assert main(["show", "acme-deb"]) == 2
    assert "did you mean `acme-dev`?" in capsys.readouterr().err
    assert main(["show", "zzz"]) == 2
    assert "run `firnline resolve` if it is new" in capsys.readouterr().err
    assert len(aws.requests) == before


@pytest.mark.usefixtures("folder")
def test_a_bucket_that_is_gone_is_told_beside_the_others(
    aws: testing.Emulator, capsys: Captured
) -> None:
    aws.client("s3", STAGING).delete_bucket(Bucket="acme-dev")
    assert main(["show"]) == 3
    told = capsys.readouterr()
    assert "staging/acme-dev could not be read: it does not exist any more" in told.err
    assert "acme-models-use1" in told.out


@pytest.mark.usefixtures("folder")
def test_access_that_is_denied_is_told_with_the_permission(
    aws: testing.Emulator, capsys: Captured
) -> None:
    aws.middleware.faults.add(
        testing.Fault("GetBucketLifecycleConfiguration", STAGING, status=403, code="AccessDenied")
    )
    assert main(["show"]) == 3
    assert (
        "staging/acme-dev could not be read: missing permission s3:GetLifecycleConfiguration"
        in capsys.readouterr().err
    )


@pytest.mark.usefixtures("folder")
def test_an_account_that_is_shut_is_told_once(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAANOTHERCALLER000")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    assert main(["show"]) == 3
    told = capsys.readouterr().err
    assert told.count("prod as a whole could not be read") == 1
    assert "Could not connect" in told


def test_a_mistake_in_a_policy_hides_nothing(folder: Path, capsys: Captured) -> None:
    (folder / "ml.yaml").write_text(POLICY.replace("retain:", "retian:"))
    assert main(["show", "acme-dev"]) == 0
    assert "acme-dev" in capsys.readouterr().out


def test_a_mistake_in_the_fleet_file_is_told(folder: Path, capsys: Captured) -> None:
    fleet = (folder / "fleet.yaml").read_text()
    (folder / "fleet.yaml").write_text(fleet.replace("namespace", "namspace"))
    assert main(["show"]) == 1
    assert "error[FL103]" in capsys.readouterr().err


def test_without_a_lock_it_says_what_to_run(folder: Path, capsys: Captured) -> None:
    (folder / "fleet.lock.yaml").unlink()
    assert main(["show"]) == 2
    assert "run `firnline resolve`" in capsys.readouterr().err


def test_a_stale_lock_is_told_and_shown(folder: Path, capsys: Captured) -> None:
    policy = POLICY.replace('buckets: "acme-*"', 'buckets: "acme-d*"')
    (folder / "ml.yaml").write_text(policy)
    assert main(["show", "acme-dev"]) == 0
    assert "the lock is stale" in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
def test_colour_is_for_those_who_ask(capsys: Captured) -> None:
    assert main(["show", "--color", "always"]) == 0
    assert "\x1b[" in capsys.readouterr().out


@pytest.mark.usefixtures("aws")
def test_a_bucket_of_an_account_that_left_the_fleet_is_said_to_lie_there(
    folder: Path, capsys: Captured
) -> None:
    (folder / "fleet.yaml").write_text(FLEET.replace(FLEET.splitlines(keepends=True)[-1], ""))
    assert main(["show", "acme-dev"]) == 2
    assert f"is in account {STAGING}, which the fleet file does not list" in (
        capsys.readouterr().err
    )
