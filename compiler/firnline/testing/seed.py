"""Creates buckets, versions and uploads in moto, with sizes and ages.

moto's API can neither date an object nor store many gigabytes; inside its process both can be
set. Such an object has zeros for bytes.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from moto.s3.models import FakeBucket, FakeDeleteMarker, FakeKey, FakeMultipart, s3_backends

from firnline.s3.terms import Versioning
from firnline.testing.moto_process import PARTITION, BytesNotKept, set_initiated, versioning_of

MOST_BYTES_SENT = 1 << 20


class DeclaredKey(FakeKey):
    """An object of a declared size: HEAD and lists show it, a GET beyond 1 MiB is refused."""

    def __init__(self, bucket: FakeBucket, key: str, size: int, version_id: str) -> None:
        self._declared_size = size
        super().__init__(
            name=key,
            value=b"",
            account_id=bucket.account_id,
            region_name=bucket.region_name,
            bucket_name=bucket.name,
            version_id=version_id,
            is_versioned=bucket.versioning_status is not None,
            etag=_etag(key, version_id, size),
        )
        self._value_buffer.close()

    @property
    def value(self) -> bytes:
        if self._declared_size > MOST_BYTES_SENT:
            raise BytesNotKept(
                f"only the size of this object is kept, not its {self._declared_size} bytes; "
                f"objects up to {MOST_BYTES_SENT} are sent, as zeros"
            )
        return bytes(self._declared_size)

    @value.setter
    def value(self, _new_value: bytes) -> None:
        """moto's constructor stores bytes; here the size is declared instead."""
        self.contentsize = self._declared_size

    def dispose(self, *_whether: object, **_garbage: object) -> None:
        """There is nothing to dispose of, and moto warns of what was not."""
        self.disposed = True

    def __deepcopy__(self, memo: dict[int, object]) -> DeclaredKey:
        """moto copies every version to list them, and the inherited way copies the bytes."""
        duplicate = object.__new__(DeclaredKey)
        duplicate.__dict__.update(self.__dict__)
        memo[id(self)] = duplicate
        return duplicate


def create_bucket(
    account: str,
    name: str,
    region: str,
    created: datetime,
    versioning: Versioning = Versioning.OFF,
) -> FakeBucket:
    bucket = s3_backends[account][PARTITION].create_bucket(name, region)
    bucket.creation_date = created
    bucket.versioning_status = versioning.status
    return bucket


def add_version(
    bucket: FakeBucket,
    key: str,
    size: int,
    modified: datetime,
    version_id: str = "null",
    tags: Mapping[str, str] | None = None,
) -> None:
    """On top of the versions that are there: call it in the order of their dates."""
    version = DeclaredKey(bucket, key, size, version_id)
    version.last_modified = _naive(modified)
    _append(bucket, key, version)
    tagger = s3_backends[bucket.account_id][PARTITION].tagger
    tagger.delete_all_tags_for_resource(version.arn)  # those of a null version before it
    if tags:
        tagger.tag_resource(version.arn, tagger.convert_dict_to_tags_input(dict(tags)))


def put_version(
    bucket: FakeBucket,
    key: str,
    size: int,
    modified: datetime,
    tags: Mapping[str, str] | None = None,
    storage_class: str = "STANDARD",
) -> str:
    """As a PUT on that day would have left it, in a bucket of any versioning; its version ID.

    Raises ValueError where the key has a younger version.
    """
    before: list[FakeKey | FakeDeleteMarker] = bucket.keys.getlist(key, [])
    for version in before[-1:]:
        if _naive(modified) < version.last_modified:
            raise ValueError(
                f"`{key}` was last written on {version.last_modified:%Y-%m-%d %H:%M:%S}: "
                "put its versions in the order of their dates"
            )
    version_id = "null"
    if versioning_of(bucket) is Versioning.ENABLED:
        version_id = uuid.uuid4().hex
    else:  # a key has one null version (S3 User Guide, Suspending versioning)
        bucket.keys.setlist(key, [each for each in before if each.version_id != "null"])
    add_version(bucket, key, size, modified, version_id, tags)
    bucket.keys[key].set_storage_class(storage_class)
    return version_id


def add_delete_marker(
    bucket: FakeBucket, key: str, modified: datetime, version_id: str = "null"
) -> None:
    marker = FakeDeleteMarker(key=DeclaredKey(bucket, key, 0, version_id))
    marker._version_id = version_id
    marker.last_modified = _naive(modified)
    _append(bucket, key, marker)


def add_upload(
    bucket: FakeBucket, key: str, initiated: datetime, part_sizes: tuple[int, ...]
) -> str:
    """An incomplete multipart upload; its ID."""
    upload = FakeMultipart(
        key,
        {},  # type: ignore[arg-type]  # moto's dict differs in the case of names only
        account_id=bucket.account_id,
        region_name=bucket.region_name,
    )
    set_initiated(upload, initiated)
    for number, size in enumerate(part_sizes, start=1):
        part = DeclaredKey(bucket, str(number), size, "null")
        part.name = number  # type: ignore[assignment]  # as moto itself names parts
        part.last_modified = _naive(initiated)
        upload.parts[number] = part
        upload.partlist.append(number)
    bucket.multiparts[upload.id] = upload
    return upload.id


def _append(bucket: FakeBucket, key: str, version: FakeKey | FakeDeleteMarker) -> None:
    bucket.keys[key] = version  # appends: `setlist` compares each version with each


def _naive(moment: datetime) -> datetime:
    """moto keeps UTC without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def _etag(key: str, version_id: str, size: int) -> str:
    digest = hashlib.md5(f"{key}/{version_id}/{size}".encode(), usedforsecurity=False).hexdigest()
    parts = -(-size // (64 << 20))
    return f"{digest}-{parts}" if parts > 1 else digest
