"""Policies for buckets with a tag: which they are, `resolve` finds out, and the lock says."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from firnline import testing
from firnline.cli import main
from firnline.language.checks.lock_examples import FLEET as FLEET_OF_ONE
from firnline.language.checks.lock_examples import lock_file, policy_file
from firnline.language.digest import lock_digest
from firnline.language.read_files import read_files
from firnline.pipeline import compile_files
from tests.fleet.small_world import FLEET, PROD, STAGING, served

POLICY = """\
firnline: policy/v1
policy: ml
owner: lab
why: an example
applies_to: [{account: "*", buckets: "*", tags: {data: [ml, lake]}}]
uploads: {abort_after: 7d}
"""


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[testing.Emulator]:
    with served(monkeypatch) as emulator:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "policies").mkdir()
        (tmp_path / "policies" / "ml.yaml").write_text(POLICY)
        (tmp_path / "policies" / "fleet.yaml").write_text(FLEET)
        tag(emulator, PROD, "acme-models-use1", data="ml", owner="jo")
        tag(emulator, STAGING, "somebody-elses", data="web")
        yield emulator


def tag(aws: testing.Emulator, account: str, bucket: str, **tags: str) -> None:
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    client = aws.client("s3", account)
    client.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": listed})  # type: ignore[typeddict-item]


def covered(capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    assert main(["compile", "--out", "s3-json"]) == 0
    return list(json.loads(capsys.readouterr().out))


def test_buckets_with_the_tag_are_covered_as_the_lock_has_them(
    aws: testing.Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["resolve"]) == 0
    assert "jo" not in Path("policies/fleet.lock.yaml").read_text()
    assert covered(capsys) == ["prod/us-east-1/acme-models-use1"]
    tag(aws, STAGING, "acme-dev", data="lake")
    tag(aws, PROD, "acme-models-use1", data="web")
    assert main(["resolve", "--check"]) == 7
    told = capsys.readouterr().err
    assert "+ staging/acme-dev" in told
    assert "- prod/acme-models-use1" in told
    assert main(["resolve"]) == 0
    assert covered(capsys) == ["staging/us-east-1/acme-dev"]


def test_a_bucket_whose_tags_cannot_be_read_stops_resolve_with_the_permission(
    aws: testing.Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    operation = "GetBucketTagging"
    fault = testing.Fault(operation, bucket="acme-dev", status=403, code="AccessDenied", times=9)
    aws.middleware.faults.add(fault)
    assert main(["resolve"]) == 3
    assert "missing permission: s3:GetBucketTagging on acme-dev" in capsys.readouterr().err


def test_a_tag_that_no_bucket_has_is_told_as_a_name_that_none_has() -> None:
    policy = policy_file(buckets="*").replace('"*"', '"*", tags: {data: [ml, lake]}')
    files = {"fleet.yaml": FLEET_OF_ONE.encode(), "policy.yaml": policy.encode()}
    folder, _ = read_files(files)
    assert folder.fleet
    lock = lock_file(digest=lock_digest(folder.fleet, folder.policies))
    found = compile_files({**files, "fleet.lock.yaml": lock.encode()}).diagnostics
    assert [each.message for each in found] == [
        "`*` matches no bucket of `lab` with the tag data: ml or lake"
    ]
