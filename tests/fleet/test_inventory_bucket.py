"""An inventory is read in S3 as it is on disk, and its files are copied in chunks."""

from __future__ import annotations

from pathlib import Path

import pytest

from firnline import testing
from firnline.fleet import inventory_bucket
from firnline.fleet.accounts import NoAccess
from firnline.fleet.inventory_bucket import InBucket, Newest, newest_inventories
from firnline.inventory.facts.frame import Column
from firnline.inventory.facts.problems import AlteredFile, MissingFile
from firnline.inventory.facts.s3_inventory import open_inventory
from tests.fleet.small_world import PROD
from tests.inventory.facts.written import CURRENT, write

BUCKET = "acme-inventories"
FOLDER = "inventories/lab/daily"
URI = f"s3://{BUCKET}/{FOLDER}/2026-11-28T01-00Z/manifest.json"
ROWS = [{"Key": f"logs/{number}", "Size": number} for number in range(100)]


@pytest.fixture
def written(aws: testing.Emulator, tmp_path: Path) -> testing.Emulator:
    client = aws.client("s3", PROD)
    client.create_bucket(Bucket=BUCKET)
    write(tmp_path, ROWS, (*CURRENT, "Size"), "Parquet", parts=6)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            client.put_object(
                Bucket=BUCKET, Key=str(path.relative_to(tmp_path)), Body=path.read_bytes()
            )
            path.unlink()
    return aws


def _read(aws: testing.Emulator, uri: str = URI) -> list[int]:
    with open_inventory([InBucket(aws.client("s3", PROD), PROD, uri)]) as facts:
        batches = facts.batches(Column.SIZE)
        return sorted(size for batch in batches for size in batch["size"].to_pylist())


def test_the_table_is_that_of_all_files(written: testing.Emulator) -> None:
    assert _read(written) == list(range(100))


def test_a_missing_file_is_named_with_its_bucket(written: testing.Emulator) -> None:
    client = written.client("s3", PROD)
    client.delete_object(Bucket=BUCKET, Key=f"{FOLDER}/data/part-3.parquet")
    with pytest.raises(MissingFile, match=f"s3://{BUCKET}/{FOLDER}/data/part-3.parquet is not"):
        _read(written)


def test_an_altered_file_is_named_with_its_bucket(written: testing.Emulator) -> None:
    client = written.client("s3", PROD)
    key = f"{FOLDER}/data/part-3.parquet"
    content = client.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    client.put_object(Bucket=BUCKET, Key=key, Body=content[:-1] + b"?")
    with pytest.raises(AlteredFile, match=f"s3://{BUCKET}/{key} is not what S3 wrote"):
        _read(written)


def test_a_bucket_that_is_not_there_is_named(written: testing.Emulator) -> None:
    with pytest.raises(MissingFile, match=r"s3://acme-nothing/a/manifest.json is not there"):
        _read(written, "s3://acme-nothing/a/manifest.json")


def test_a_uri_is_of_a_file_in_a_bucket(written: testing.Emulator) -> None:
    with pytest.raises(MissingFile, match=r"inventory\.json is no place in S3"):
        _read(written, "inventory.json")


def test_access_that_is_denied_names_the_permission(
    written: testing.Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    import boto3

    client = boto3.client("s3", endpoint_url=written.environment["AWS_ENDPOINT_URL"])
    with pytest.raises(NoAccess, match="s3:GetObject"):
        open_inventory([InBucket(client, PROD, URI)])


def test_the_newest_inventory_is_the_last_that_is_finished(written: testing.Emulator) -> None:
    client = written.client("s3", PROD)
    older, unfinished = f"{FOLDER}/2026-11-27T01-00Z", f"{FOLDER}/2026-11-29T01-00Z"
    client.put_object(Bucket=BUCKET, Key=f"{older}/manifest.checksum", Body=b"")
    client.put_object(Bucket=BUCKET, Key=f"{unfinished}/manifest.json", Body=b"{}")
    assert newest_inventories(client, PROD, f"s3://{BUCKET}/{FOLDER}") == [Newest("lab", URI)]
    with pytest.raises(MissingFile, match="has no finished inventory: S3 writes the first within"):
        newest_inventories(client, PROD, f"s3://{BUCKET}/{FOLDER}/data/")


@pytest.mark.parametrize("above", ["", "/", "/inventories", "/inventories/lab/"])
def test_the_newest_ones_are_found_from_any_folder_above(
    above: str, written: testing.Emulator
) -> None:
    client = written.client("s3", PROD)
    assert newest_inventories(client, PROD, f"s3://{BUCKET}{above}") == [Newest("lab", URI)]


def test_each_configuration_of_each_bucket_has_its_newest(written: testing.Emulator) -> None:
    client = written.client("s3", PROD)
    weekly, other = "inventories/lab/weekly/2026-11-22T01-00Z", "inventories/b/i/2026-11-22T01-00Z"
    for folder in (weekly, other):
        client.put_object(Bucket=BUCKET, Key=f"{folder}/manifest.checksum", Body=b"")
    of_lab = [Newest("lab", URI), Newest("lab", f"s3://{BUCKET}/{weekly}/manifest.json")]
    of_b = Newest("b", f"s3://{BUCKET}/{other}/manifest.json")
    assert newest_inventories(client, PROD, f"s3://{BUCKET}") == [of_b, *of_lab]
    assert newest_inventories(client, PROD, f"s3://{BUCKET}", "lab") == of_lab
    with pytest.raises(MissingFile, match="has no finished inventory of bucket `c`"):
        newest_inventories(client, PROD, f"s3://{BUCKET}", "c")


def test_a_bucket_of_other_things_is_not_searched_forever(
    written: testing.Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inventory_bucket, "_MOST", 5)
    client = written.client("s3", PROD)
    for number in range(6):
        client.put_object(Bucket=BUCKET, Key=f"a/{number}/x/y/z", Body=b"")
    with pytest.raises(MissingFile, match="has no inventory in 5 of its folders: name the one"):
        newest_inventories(client, PROD, f"s3://{BUCKET}/")
