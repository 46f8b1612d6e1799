"""What `make smoke-days` puts, records and takes away again, on an emulated S3."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from firnline.testing import S3WithLifecycle, s3_with_lifecycle
from sandbox.smoke_days import MARKER, NEWEST, main


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3WithLifecycle]:
    with s3_with_lifecycle() as s3:
        for name, value in s3.environment.items():
            monkeypatch.setenv(name, value)
        s3.client.create_bucket(Bucket="lab-days")
        yield s3


@pytest.fixture
def versioned(s3: S3WithLifecycle) -> S3WithLifecycle:
    s3.client.put_bucket_versioning(
        Bucket="lab-days", VersioningConfiguration={"Status": "Enabled"}
    )
    return s3


def _run(record: Path, *words: str) -> int:
    return main(["lab-days", "--record", str(record), *words])


def _recorded(record: Path) -> list[list[tuple[str, bool]]]:
    lines: list[dict[str, Any]] = [json.loads(line) for line in record.read_text().splitlines()]
    return [
        sorted((each["key"], each["delete_marker"]) for each in line["versions"]) for line in lines
    ]


def test_each_call_appends_what_is_there_until_nothing_is_left(
    versioned: S3WithLifecycle, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = tmp_path / "days.jsonl"
    assert _run(record) == 0
    for _ in range(8):
        versioned.advance(days=1)
        assert _run(record) == 0
    found = _recorded(record)
    assert found[0] == [(MARKER, False), (NEWEST, False), (NEWEST, False)]
    assert (MARKER, True) in {each for line in found for each in line}
    assert [each for each in found[-1] if each[0] == MARKER] == []
    assert "+ marker" in capsys.readouterr().out
    assert _run(record, "--end") == 0
    client = versioned.client
    assert "Versions" not in client.list_object_versions(Bucket="lab-days")
    with pytest.raises(client.exceptions.ClientError, match="NoSuchLifecycleConfiguration"):
        client.get_bucket_lifecycle_configuration(Bucket="lab-days")


def test_nothing_is_written_over_rules_of_somebody_else(
    versioned: S3WithLifecycle, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rule: Any = {
        "ID": "x",
        "Status": "Enabled",
        "Filter": {"Prefix": "x/"},
        "Expiration": {"Days": 3},
    }
    versioned.client.put_bucket_lifecycle_configuration(
        Bucket="lab-days", LifecycleConfiguration={"Rules": [rule]}
    )
    for words in ([], ["--end"]):
        assert _run(tmp_path / "days.jsonl", *words) == 1
    assert "rules of its own" in capsys.readouterr().err
    live = versioned.client.get_bucket_lifecycle_configuration(Bucket="lab-days")
    assert [each["ID"] for each in live["Rules"]] == ["x"]


def test_a_bucket_without_versions_is_refused(
    s3: S3WithLifecycle, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(tmp_path / "days.jsonl") == 1
    assert "needs versioning enabled. Nothing was written" in capsys.readouterr().err
    assert "Contents" not in s3.client.list_objects_v2(Bucket="lab-days")
