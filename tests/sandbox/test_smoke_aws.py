"""`make smoke-aws`: what it refuses, and its whole path, on an emulated S3.

The emulator, our build of the engine and the stand-in provider stand for AWS and the
official Pulumi: that is not what it is for, but all that can be had here.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from firnline.fleet.live import read_live_json
from firnline.s3.shape import Json
from sandbox import smoke_aws
from sandbox.engine.find import find_engine
from sandbox.paths import CHECKOUT
from sandbox.smoke_aws import PREFIX, Patience, Refused, Surroundings, smoke
from tests.end_to_end.stack import Aws, start_aws

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUCKET = "tooling-scratch"
HURRIED = Patience(reads_in_a_row=2, seconds_between=0.01, seconds_at_most=5.0)
BY_HAND: Json = {
    "ID": "by-hand",
    "Status": "Enabled",
    "Filter": {"Prefix": "exports/"},
    "Expiration": {"Days": 3},
}


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    with start_aws(tmp_path_factory.mktemp("sandbox"), find_engine(CHECKOUT)) as aws:
        yield aws


@dataclass(frozen=True, slots=True)
class Place:
    """A bucket of the caller's own, in an S3 that is not AWS."""

    client: S3Client
    surroundings: Surroundings
    answers: list[bool]

    def smoke(self, bucket: str = BUCKET, region: str | None = None) -> None:
        smoke(bucket, region, lambda _: self.answers.pop(0), self.surroundings, HURRIED)

    @property
    def live(self) -> Json | None:
        return read_live_json(self.client, BUCKET)

    def put(self, *rules: Json) -> None:
        configuration: Any = {"Rules": rules}
        self.client.put_bucket_lifecycle_configuration(
            Bucket=BUCKET, LifecycleConfiguration=configuration
        )


@pytest.fixture
def place(aws: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    for name in set(os.environ) - set(aws.environment):
        monkeypatch.delenv(name)
    for name, value in {**aws.environment, "TMPDIR": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("tempfile.tempdir", None)
    client: S3Client = boto3.session.Session().client("s3", region_name="eu-west-1")
    client.create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    yield Place(client, Surroundings("sandbox", find_engine(CHECKOUT).path), [True])
    client.delete_bucket(Bucket=BUCKET)


def written(aws: Aws) -> list[tuple[str, str]]:
    return [each for each in aws.operations() if each[0] == "PutBucketLifecycleConfiguration"]


@pytest.mark.slow
def test_the_whole_path_ends_with_the_bucket_as_it_was(
    place: Place, aws: Aws, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = len(aws.operations())
    place.smoke()
    out = capfd.readouterr().out
    operations = [name for name, bucket in aws.operations()[before:] if bucket == BUCKET]
    assert operations.count("PutBucketLifecycleConfiguration") == 1
    assert operations.count("DeleteBucketLifecycle") == 1
    assert place.live is None
    assert f"On the bucket {BUCKET} in eu-west-1, account 999999999999" in out
    assert "boto3 reads what was compiled: 2 rules" in out
    assert "all of it worked" in out
    assert list(tmp_path.glob("firnline-smoke-*")) == []


def test_a_bucket_with_a_configuration_is_refused(place: Place, aws: Aws) -> None:
    place.put(BY_HAND)
    before = written(aws)
    with pytest.raises(Refused, match=r"has a lifecycle configuration \(by-hand\)"):
        place.smoke()
    assert written(aws) == before


def test_a_bucket_with_an_object_below_the_prefix_is_refused(place: Place, aws: Aws) -> None:
    place.client.put_object(Bucket=BUCKET, Key=f"{PREFIX}x", Body=b"")
    before = written(aws)
    with pytest.raises(Refused, match="holds something below firnline-smoke-test/"):
        place.smoke()
    place.client.delete_object(Bucket=BUCKET, Key=f"{PREFIX}x")
    assert written(aws) == before


@pytest.mark.parametrize(
    ("bucket", "region", "said"),
    [
        ("acme-ml-artifacts-use1", None, "acme-ml-artifacts-use1: .*403"),
        ("no-such-bucket-of-mine", None, "no-such-bucket-of-mine: .*404"),
        (BUCKET, "us-east-1", f"{BUCKET} is in eu-west-1, not in us-east-1"),
    ],
)
def test_a_bucket_elsewhere_or_of_somebody_else_is_refused(
    place: Place, bucket: str, region: str | None, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        place.smoke(bucket, region)


def test_a_no_writes_nothing(place: Place, aws: Aws) -> None:
    before = written(aws)
    place.answers[:] = [False]
    with pytest.raises(Refused, match="you said no"):
        place.smoke()
    assert written(aws) == before


@pytest.mark.slow
def test_a_write_that_fails_leaves_the_bucket_as_it_was_and_the_folder_to_look_at(
    place: Place, aws: Aws, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    aws.fail(
        operation="PutBucketLifecycleConfiguration",
        bucket=BUCKET,
        status=400,
        code="MalformedXML",
        message="not well-formed",
    )
    with pytest.raises(Refused, match="ended with"):
        place.smoke()
    (folder,) = tmp_path.glob("firnline-smoke-*")
    assert str(folder) in capfd.readouterr().err
    assert place.live is None


def test_rules_that_others_put_meanwhile_are_not_removed(place: Place) -> None:
    target = smoke_aws.look(BUCKET, None)
    place.put(BY_HAND)
    with pytest.raises(Refused, match=r"rules of another owner now \(by-hand\)"):
        smoke_aws._remove(target, HURRIED)
    assert place.live is not None


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str, str], None]:
    """Sets a variable, in surroundings that lead to AWS with credentials of nobody."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    nothing = tmp_path / "empty"
    nothing.touch()
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(nothing))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "of-nobody")
    return monkeypatch.setenv


@pytest.mark.usefixtures("socket_disabled")
@pytest.mark.parametrize(
    "name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_STS"]
)
def test_an_address_that_is_not_of_aws_is_refused_before_any_request(
    elsewhere: Callable[[str, str], None], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere(name, "http://127.0.0.1:1")
    assert smoke_aws.main([BUCKET]) == 1
    said = capsys.readouterr().err
    assert "is looked for at http://127.0.0.1:1" in said
    assert "Nothing was written" in said


@pytest.mark.usefixtures("socket_disabled")
def test_the_stand_in_provider_on_the_path_is_refused(
    elsewhere: Callable[[str, str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in = CHECKOUT / "sandbox/engine/bin/provider"
    elsewhere("PATH", f"{stand_in}{os.pathsep}{os.environ['PATH']}")
    assert smoke_aws.main([BUCKET]) == 1
    assert "would be used in place of the official AWS provider" in capsys.readouterr().err


@pytest.mark.usefixtures("socket_disabled")
def test_a_pulumi_of_our_own_build_is_not_the_official_one(
    elsewhere: Callable[[str, str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    find_engine(CHECKOUT)
    elsewhere("PATH", "/usr/bin:/bin")
    assert smoke_aws.main([BUCKET]) == 1
    assert "the official Pulumi is needed" in capsys.readouterr().err


@pytest.mark.usefixtures("socket_disabled")
def test_without_a_bucket_it_says_how_it_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    assert smoke_aws.main([""]) == 1
    assert "make smoke-aws BUCKET=name" in capsys.readouterr().err


def test_without_a_terminal_only_smoke_yes_means_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.delenv("SMOKE_YES", raising=False)
    with pytest.raises(Refused, match="SMOKE_YES=1"):
        smoke_aws.ask("Go on?")
    monkeypatch.setenv("SMOKE_YES", "1")
    assert smoke_aws.ask("Go on?")
