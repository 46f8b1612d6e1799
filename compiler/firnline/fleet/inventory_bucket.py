"""The files of an inventory in the bucket that S3 writes it to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from firnline.fleet.accounts import NoAccess, requesting
from firnline.inventory.facts.inventory_files import CHUNK, Fetched, OnRead, new_md5
from firnline.inventory.facts.problems import MissingFile

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef

READ_FILES: Final = "s3:GetObject"
LIST_FILES: Final = "s3:ListBucket"
_URI: Final = re.compile(r"s3://([^/]+)/(.+)")
_FOLDER: Final = re.compile(r"s3://([^/]+)/(.*?)/*")
_MADE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\dZ/")
_BESIDE: Final = ("data/", "hive/")
_LEVELS: Final = 3
"""From a destination to the folder of a configuration: its prefix, the bucket, the ID."""
_MOST: Final = 1_000
"""Folders to look into: a destination has two for each bucket, another bucket may have millions."""
_NOT_THERE: Final = ("NoSuchKey", "NoSuchBucket")


class InBucket:
    """`uri` is that of a manifest.json; the data files are in the same bucket, by their keys.
    `client` belongs to the account of that bucket. What is read is copied to disk in chunks.

    The methods raise `NoAccess` too.
    """

    def __init__(self, client: S3Client, account_id: str, uri: str) -> None:
        self._client = client
        self._account = account_id
        self._uri = uri
        self._bucket, self._key = _parsed(uri)

    @property
    def called(self) -> str:
        return self._uri

    def beside(self, name: str) -> bytes:
        folder, slash, _ = self._key.rpartition("/")
        key = folder + slash + name
        with requesting(self._account, READ_FILES):
            return self._object(key)["Body"].read()

    def fetch(self, key: str, into: Path, on_read: OnRead) -> Fetched:
        digest = new_md5()
        size = 0
        with requesting(self._account, READ_FILES), into.open("wb") as copy:
            for chunk in self._object(key)["Body"].iter_chunks(CHUNK):
                digest.update(chunk)
                size += copy.write(chunk)
                on_read(len(chunk))
        return Fetched(into, self._called(key), size, digest.hexdigest())

    def _object(self, key: str) -> GetObjectOutputTypeDef:
        try:
            with requesting(self._account, READ_FILES):
                return self._client.get_object(Bucket=self._bucket, Key=key)
        except NoAccess as problem:
            if problem.code in _NOT_THERE:
                raise MissingFile(self._called(key), f"is not there: {problem.reason}") from None
            raise

    def _called(self, key: str) -> str:
        return f"s3://{self._bucket}/{key}"


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest finished inventory of a configuration; `uri` is that of its manifest."""

    bucket: str
    uri: str


def newest_inventories(
    client: S3Client, account_id: str, uri: str, only: str | None = None
) -> list[Newest]:
    """Of all configurations that write below `uri`, `s3://DESTINATION/PREFIX`, or of those of
    bucket `only`. S3 writes to `PREFIX/BUCKET/CONFIGURATION/`, and the checksum last. Raises
    `MissingFile` where there are none, `NoAccess`.
    """
    destination, prefix = _matched(_FOLDER, f"{uri}/")
    folders = _Folders(client, destination)
    with requesting(account_id, LIST_FILES):
        found = [
            Newest(_bucket_of(folder), f"s3://{destination}/{folder}manifest.json")
            for folder in _newest(folders, f"{prefix}/" if prefix else "", only, _LEVELS)
        ]
    if not found:
        of = f" of bucket `{only}`" if only else ""
        raise MissingFile(
            uri, f"has no finished inventory{of}: S3 writes the first within 48 hours"
        )
    return found


class _Folders:
    """Of a bucket: their names end with a slash."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket
        self._left = _MOST

    def below(self, prefix: str) -> list[str]:
        self._left -= 1
        if self._left < 0:
            raise MissingFile(
                f"s3://{self._bucket}",
                f"has no inventory in {_MOST} of its folders: name the one that S3 Inventory"
                " writes to, s3://DESTINATION/PREFIX/BUCKET",
            )
        pages = self._client.get_paginator("list_objects_v2")
        return [
            each["Prefix"].removeprefix(prefix)
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix, Delimiter="/")
            for each in page.get("CommonPrefixes", ())
        ]

    def is_finished(self, folder: str) -> bool:
        checksum = f"{folder}manifest.checksum"
        found = self._client.list_objects_v2(Bucket=self._bucket, Prefix=checksum, MaxKeys=1)
        return bool(found.get("KeyCount"))


def _newest(folders: _Folders, prefix: str, only: str | None, levels: int) -> Iterator[str]:
    """The folders of manifests; `levels` is how much deeper to look."""
    below = folders.below(prefix)
    made = [f"{prefix}{each}" for each in sorted(below, reverse=True) if _MADE.fullmatch(each)]
    if made:
        if only in (None, _bucket_of(made[0])):
            yield from islice(filter(folders.is_finished, made), 1)
    elif levels:
        named = [each for each in below if each == f"{only}/"]
        for each in named or below:
            if each not in _BESIDE:
                yield from _newest(folders, f"{prefix}{each}", only, levels - 1)


def _bucket_of(folder: str) -> str:
    """Of `PREFIX/BUCKET/CONFIGURATION/2026-11-28T01-00Z/`; empty where it lies otherwise."""
    return "".join(folder.split("/")[-4:-3])


def _parsed(uri: str) -> tuple[str, str]:
    return _matched(_URI, uri)


def _matched(form: re.Pattern[str], uri: str) -> tuple[str, str]:
    found = form.fullmatch(uri)
    if found is None:
        raise MissingFile(uri, "is no place in S3, such as s3://bucket/…/manifest.json")
    return found[1], found[2]
