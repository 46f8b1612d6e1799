"""`firnline inventory list`: a bucket of the emulator → an inventory that every reader reads."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest

from firnline import testing
from firnline.cli import main
from firnline.cli.listing_file import read_listing_file
from firnline.s3.simulate.stored import ItemKind
from firnline.testing import seed
from firnline.testing.faults import Fault
from firnline.testing.moto_process import find_bucket
from tests.fleet.small_world import PROD, STAGING, served, write_folder

Captured = pytest.CaptureFixture[str]
ODD = ("with space", "a+b", "100%25", "schnee/ü❄", "two\nlines", 'quoted "', "trailing/", "d,e")
BUCKET = "acme-models-use1"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[testing.Emulator]:
    monkeypatch.chdir(tmp_path)
    with served(monkeypatch) as emulator:
        yield emulator


def fill(aws: testing.Emulator, bucket: str, *keys: str, size: int = 1) -> None:
    found = find_bucket(bucket)
    assert found is not None
    for key in keys:
        seed.put_version(found, key, size, aws.now, {"team": "a&b", "of": key[:5]})


def many(count: int) -> list[str]:
    return [f"p{number % 7}/q{number % 3}/k{number:05}" for number in range(count)]


def listing(*options: str, bucket: str = BUCKET) -> list[str]:
    return ["inventory", "list", bucket, "--account", "prod", *options]


def rows_of(manifest: str) -> list[dict[str, str]]:
    """By an independent reading of what S3 documents."""
    path = Path(manifest.strip())
    content = path.read_bytes()
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    assert path.with_name("manifest.checksum").read_text().strip() == md5
    document = json.loads(content)
    names = document["fileSchema"].split(", ")
    rows = []
    for file in document["files"]:
        data = (path.parents[3] / file["key"]).read_bytes()
        assert len(data) == file["size"]
        assert hashlib.md5(data, usedforsecurity=False).hexdigest() == file["MD5checksum"]
        lines = gzip.decompress(data).decode().splitlines()
        rows += [dict(zip(names, cells, strict=True)) for cells in csv.reader(lines)]
    return [{**row, "Key": unquote_plus(row["Key"])} for row in rows]


@pytest.fixture(autouse=True)
def _fleet(aws: testing.Emulator, tmp_path: Path) -> None:
    assert aws
    write_folder(tmp_path)


def test_the_current_objects_are_listed_once_each_whatever_their_keys(
    aws: testing.Emulator, capsys: Captured
) -> None:
    fill(aws, BUCKET, *ODD, *ODD, size=5)
    assert main(listing()) == 0
    out, err = capsys.readouterr()
    rows = rows_of(out)
    assert sorted(row["Key"] for row in rows) == sorted(ODD)
    assert list(rows[0]) == ["Bucket", "Key", "Size", "LastModifiedDate", "ETag", "StorageClass"]
    assert {row["Bucket"] for row in rows} == {BUCKET}
    assert {row["Size"] for row in rows} == {"5"}
    assert all(row["LastModifiedDate"].startswith(f"{aws.now:%Y-%m-%dT}") for row in rows)
    assert f"{BUCKET}: 8 objects, 40B, as of " in err
    assert "noncurrent versions and delete markers are not listed: --versions" in err


def test_versions_and_markers_and_uploads_are_listed_on_request(
    aws: testing.Emulator, capsys: Captured
) -> None:
    fill(aws, BUCKET, "a", "a", "b")
    aws.client("s3", PROD).delete_object(Bucket=BUCKET, Key="a")
    bucket = find_bucket(BUCKET)
    assert bucket is not None
    upload = seed.add_upload(bucket, "half + %41", aws.now, (5, 7))
    assert main(listing("--versions", "--uploads")) == 0
    rows = rows_of(capsys.readouterr().out)
    kinds = Counter(
        (row["Key"], row["IsLatest"], row["IsDeleteMarker"], row["Size"]) for row in rows
    )
    assert kinds == {
        ("a", "true", "true", ""): 1,
        ("a", "false", "false", "1"): 2,
        ("b", "true", "false", "1"): 1,
        ("half + %41", "", "", "12"): 1,
    }
    assert len({row["VersionId"] for row in rows if row["Key"] != "half + %41"}) == 4
    assert [row["UploadId"] for row in rows if row["UploadId"]] == [upload]


def test_the_null_version_has_no_id(aws: testing.Emulator, capsys: Captured) -> None:
    fill(aws, "acme-models-euw1", "a")
    assert main(listing("--versions", bucket="acme-models-euw1")) == 0
    (row,) = rows_of(capsys.readouterr().out)
    assert (row["VersionId"], row["IsLatest"]) == ("", "true")


def test_tags_are_listed_on_request_those_of_each_version(
    aws: testing.Emulator, capsys: Captured
) -> None:
    fill(aws, BUCKET, "a", "odd + %41")
    aws.client("s3", PROD).delete_object(Bucket=BUCKET, Key="a")
    assert main(listing("--tags", "--versions")) == 0
    listed = read_listing_file(capsys.readouterr().out.strip(), None)
    assert listed.problems == ()
    assert {
        each.key: each.tags for each in listed.items if each.kind is not ItemKind.DELETE_MARKER
    } == {
        "a": (("of", "a"), ("team", "a&b")),
        "odd + %41": (("of", "odd +"), ("team", "a&b")),
    }


def test_an_object_that_is_deleted_before_its_tags_are_read_is_not_listed(
    aws: testing.Emulator, capsys: Captured
) -> None:
    fill(aws, BUCKET, "a", "b")
    gone = Fault(operation="GetObjectTagging", status=404, code="NoSuchKey")
    aws.middleware.faults.add(gone)
    assert main(listing("--tags")) == 0
    assert len(rows_of(capsys.readouterr().out)) == 1


def test_an_empty_bucket_has_an_inventory_without_rows(capsys: Captured) -> None:
    assert main(listing()) == 0
    manifest = capsys.readouterr().out
    assert rows_of(manifest) == []
    assert len(json.loads(Path(manifest.strip()).read_text())["files"]) == 1


def test_a_large_bucket_is_listed_by_prefixes_without_gap_or_duplicate(
    aws: testing.Emulator, capsys: Captured
) -> None:
    keys = many(2_300)
    fill(aws, BUCKET, *keys, "p3/", "p3", "p6/q2")
    assert main(listing("--versions")) == 0
    manifest = capsys.readouterr().out
    listed = Counter(row["Key"] for row in rows_of(manifest))
    assert listed == Counter([*keys, "p3/", "p3", "p6/q2"])
    assert len(json.loads(Path(manifest.strip()).read_text())["files"]) > 20


def test_a_listing_is_dated_by_the_clock_of_s3(aws: testing.Emulator, capsys: Captured) -> None:
    aws.advance(days=400)
    assert main(listing()) == 0
    out, err = capsys.readouterr()
    assert f", as of {aws.now:%Y-%m-%d}" in err
    assert f"/{aws.now:%Y-%m-%d}T" in out


def test_simulate_reads_what_was_listed(aws: testing.Emulator, capsys: Captured) -> None:
    fill(aws, BUCKET, "tmp/a", "tmp/a", "keep/b")
    assert main(listing("--versions", "--uploads")) == 0
    listed = read_listing_file(capsys.readouterr().out.strip(), None)
    assert "uploads are not in it" not in capsys.readouterr().err
    assert listed.problems == ()
    assert Counter((each.key, each.current) for each in listed.items) == {
        ("tmp/a", True): 1,
        ("tmp/a", False): 1,
        ("keep/b", True): 1,
    }


def test_forecast_counts_the_uploads_that_were_listed(
    aws: testing.Emulator, capsys: Captured, tmp_path: Path
) -> None:
    bucket = find_bucket(BUCKET)
    assert bucket is not None
    seed.add_upload(bucket, "half", aws.now - timedelta(days=9), (5 << 30, 5 << 30))
    policy = tmp_path / "policies/ml.yaml"
    policy.write_text(f"{policy.read_text()}uploads: {{abort_after: 7d}}\n")
    assert main(listing("--uploads")) == 0
    manifest = capsys.readouterr().out.strip()
    assert main(["forecast", "--inventory", manifest, "--versioning", "enabled"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"^uploads aborted +- +1 \(10GiB\)$", out, re.MULTILINE)
    assert "incomplete multipart uploads" not in out


def test_an_unfinished_listing_has_no_manifest_and_goes_on_where_it_ended(
    aws: testing.Emulator, capsys: Captured, tmp_path: Path
) -> None:
    keys = [f"flat{number:05}" for number in range(3_500)]
    fill(aws, BUCKET, *keys)
    few = Fault(operation="ListObjectsV2", delay_seconds=0.001, times=4)  # two look, two list
    aws.middleware.faults.add(few)
    aws.middleware.faults.add(Fault(operation="ListObjectsV2", status=403, code="AccessDenied"))
    assert main(listing()) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert f"{BUCKET} could not be listed: missing permission s3:ListBucket: AccessDenied" in err
    assert "run the command again to go on" in err
    assert list(tmp_path.rglob("manifest.json")) == []
    before = len(aws.requests)
    assert main(listing()) == 0
    out, err = capsys.readouterr()
    assert "going on with the listing that was begun on" in err
    assert ": 2,000 objects so far" in err
    assert sorted(row["Key"] for row in rows_of(out)) == keys
    assert sum(each.operation == "ListObjectsV2" for each in aws.requests[before:]) == 2
    assert list(tmp_path.rglob("unfinished")) == []


def test_it_goes_on_among_the_versions_of_a_key(aws: testing.Emulator, capsys: Captured) -> None:
    fill(aws, BUCKET, *["same"] * 1_300)
    few = Fault(operation="ListObjectVersions", delay_seconds=0.001, times=3)  # two look, one lists
    aws.middleware.faults.add(few)
    denied = Fault(operation="ListObjectVersions", status=403, code="AccessDenied")
    aws.middleware.faults.add(denied)
    assert main(listing("--versions")) == 3
    capsys.readouterr()
    assert main(listing("--versions")) == 0
    out, err = capsys.readouterr()
    assert ": 1,000 entries so far" in err
    assert len({row["VersionId"] for row in rows_of(out)}) == len(rows_of(out)) == 1_300


@pytest.mark.parametrize("options", [(), ("--versions", "--uploads")])
def test_a_listing_that_is_killed_goes_on_without_gap_or_duplicate(
    options: tuple[str, ...], aws: testing.Emulator, capsys: Captured, tmp_path: Path
) -> None:
    keys = many(1_200)
    fill(aws, BUCKET, *keys)
    operation = "ListObjectVersions" if options else "ListObjectsV2"
    journal = tmp_path / f"inventory/{BUCKET}/firnline/unfinished/parts.jsonl"
    command = [sys.executable, "-m", "firnline", *listing(*options)]
    for _ in range(2):
        aws.middleware.faults.clear()
        aws.middleware.faults.add(Fault(operation=operation, delay_seconds=0.15, times=100_000))
        _killed_after_some_parts(command, journal)
    aws.middleware.faults.clear()
    assert list(tmp_path.rglob("manifest.json")) == []
    assert main(listing(*options)) == 0
    assert Counter(row["Key"] for row in rows_of(capsys.readouterr().out)) == Counter(keys)


def test_an_interrupt_keeps_what_was_listed_and_says_so(
    aws: testing.Emulator, tmp_path: Path
) -> None:
    fill(aws, BUCKET, *many(1_200))
    journal = tmp_path / f"inventory/{BUCKET}/firnline/unfinished/parts.jsonl"
    slow = Fault(operation="ListObjectsV2", delay_seconds=0.15, times=100_000)
    aws.middleware.faults.add(slow)
    command = [sys.executable, "-m", "firnline", *listing()]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        _wait_for_parts(process, journal, 2)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.endswith("run the command again to go on\ninterrupted\n")
    assert _lines(journal) >= 2
    assert list(tmp_path.rglob("manifest.json")) == []


def _killed_after_some_parts(command: list[str], journal: Path) -> None:
    before = _lines(journal)
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        _wait_for_parts(process, journal, before + 2)
        process.send_signal(signal.SIGKILL)


def _wait_for_parts(process: subprocess.Popen[Any], journal: Path, parts: int) -> None:
    give_up = time.monotonic() + 60
    while _lines(journal) < parts:
        assert process.poll() is None, "it ended before it could be stopped"
        assert time.monotonic() < give_up
        time.sleep(0.01)


def _lines(journal: Path) -> int:
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


def test_throttled_requests_are_sent_again(aws: testing.Emulator, capsys: Captured) -> None:
    fill(aws, BUCKET, "a")
    slow = Fault(operation="ListObjectsV2", status=503, code="SlowDown", times=2)
    aws.middleware.faults.add(slow)
    assert main(listing()) == 0
    assert len(rows_of(capsys.readouterr().out)) == 1


def test_an_unfinished_listing_of_other_options_is_not_mixed_with_this_one(
    aws: testing.Emulator, capsys: Captured, tmp_path: Path
) -> None:
    fill(aws, BUCKET, "a", "a")
    refused = Fault(operation="ListMultipartUploads", status=403, code="AccessDenied")
    aws.middleware.faults.add(refused)
    assert main(listing("--versions", "--uploads")) == 3
    capsys.readouterr()
    assert main(listing("--versions")) == 2
    err = capsys.readouterr().err
    assert "has a listing with --versions --uploads that was begun on" in err
    assert "or give --restart to begin anew" in err
    assert main(listing("--versions", "--restart")) == 0
    assert len(rows_of(capsys.readouterr().out)) == 2
    assert len(list(tmp_path.rglob("*.csv.gz"))) == 1


def test_an_altered_data_file_of_an_unfinished_listing_is_named(
    aws: testing.Emulator, capsys: Captured, tmp_path: Path
) -> None:
    fill(aws, BUCKET, "a")
    refused = Fault(operation="ListMultipartUploads", status=403, code="AccessDenied")
    aws.middleware.faults.add(refused)
    assert main(listing("--uploads")) == 3
    (data,) = tmp_path.rglob("*.csv.gz")
    data.write_bytes(data.read_bytes()[:-1])
    assert main(listing("--uploads")) == 2
    assert f"{data.name} was altered since it was written; --restart" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (["nowhere", "--account", "prod"], 2, "there is no bucket `nowhere`"),
        ([BUCKET, "--account", "staging"], 3, "missing permission s3:ListBucket: AccessDenied"),
        ([BUCKET, "--account", "prdo"], 2, "no account 'prdo': did you mean `prod`?"),
        ([f"s3://{BUCKET}/models/"], 2, "is no bucket: a whole one is listed"),
        ([".."], 2, "`..` is no bucket"),
        (["acme--use1-az4--x-s3"], 2, "is a directory bucket"),
        (
            [BUCKET, "--account", "prod", "--policies", "elsewhere"],
            2,
            "elsewhere has no fleet file",
        ),
    ],
)
def test_what_cannot_be_listed_is_said_and_leaves_nothing(
    arguments: list[str], code: int, text: str, capsys: Captured, tmp_path: Path
) -> None:
    assert main(["inventory", "list", *arguments]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert text in err
    assert not (tmp_path / "inventory").exists()


def test_without_an_account_the_lock_says_whose_the_bucket_is(
    aws: testing.Emulator, capsys: Captured
) -> None:
    fill(aws, "acme-dev", "a")
    assert main(["resolve"]) == 0
    assert main(["inventory", "list", "acme-dev"]) == 0
    assert len(rows_of(capsys.readouterr().out)) == 1
    assert {each.account for each in aws.requests if each.bucket == "acme-dev"} == {STAGING}


def test_without_a_lock_ones_own_credentials_are_used(
    aws: testing.Emulator, capsys: Captured
) -> None:
    aws.caller_client("s3").create_bucket(Bucket="mine")
    assert main(["inventory", "list", "mine"]) == 0
    out, err = capsys.readouterr()
    assert rows_of(out) == []
    assert "with your own credentials, of account 999999999999: no fleet lock lists it" in err


def test_without_credentials_it_says_where_they_come_from(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    assert main(["inventory", "list", BUCKET]) == 3
    err = capsys.readouterr().err
    assert "set AWS_PROFILE to a profile of the account of the bucket" in err


def test_an_option_that_it_does_not_have_is_corrected(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["inventory", "list", BUCKET, "--uplods"])
    assert stopped.value.code == 2
    assert (
        "firnline inventory list: no option `--uplods`: did you mean `--uploads`?"
        in capsys.readouterr().err
    )


def test_options_of_every_command_are_options_of_this_one(
    aws: testing.Emulator, tmp_path: Path, capsys: Captured
) -> None:
    fill(aws, BUCKET, "a")
    (tmp_path / "elsewhere").mkdir()
    command = listing("-C", "elsewhere", "--color", "never", "--policies", "../policies")
    assert main(command) == 0
    assert capsys.readouterr().out.startswith("inventory/")
    assert (tmp_path / "elsewhere/inventory").is_dir()
