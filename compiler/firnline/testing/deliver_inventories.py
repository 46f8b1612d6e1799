"""Writes the inventories that are configured into their buckets, as S3 does once a day."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final

from moto.s3.models import FakeBucket, FakeKey, s3_backends

from firnline.inventory.manifest import DataFile
from firnline.inventory.writer.data_files import data_files
from firnline.inventory.writer.manifest_json import checksum, manifest_json, md5
from firnline.inventory.writer.places import Places
from firnline.inventory.writer.row import Field
from firnline.testing.inventory_configuration import Frequency, InventoryConfiguration
from firnline.testing.inventory_requests import InventoryStore
from firnline.testing.inventory_rows import ExpiryOf, inventory_rows
from firnline.testing.moto_process import PARTITION, find_bucket

_HOUR: Final = 1
"""An hour after midnight: what is due at midnight is done by then."""

_SUNDAY: Final = 6


def delivery_times(since: datetime, until: datetime) -> Iterator[datetime]:
    """The moments after `since`, up to and including `until`."""
    day = since.astimezone(UTC).date()
    moment = datetime.combine(day, time(_HOUR), UTC)
    while moment <= until:
        if moment > since:
            yield moment
        moment += timedelta(days=1)


@dataclass(slots=True)
class InventoryDelivery:
    """`mirror` is a folder in which what is delivered lies too: below the name of its bucket, by
    its key. `expiry` tells the days on which a bucket's objects expire.
    """

    store: InventoryStore
    mirror: Path | None = None
    expiry: Callable[[FakeBucket], ExpiryOf] = lambda _: _no_day
    _written: dict[tuple[str, InventoryConfiguration], list[DataFile]] = field(default_factory=dict)

    def deliver(
        self,
        moment: datetime,
        changed: Collection[str] | None = None,
        *,
        on_demand: bool = False,
    ) -> list[str]:
        """All that are due on that day, or all on demand; the URIs of their manifests. `changed`
        are the buckets that changed since the last call, if that is known: the data files of others
        are as they were.
        """
        self._forget(changed)
        found = []
        for name, configuration in self.store.all():
            bucket, destination = find_bucket(name), find_bucket(configuration.destination)
            due = configuration.enabled and (on_demand or _due(configuration, moment))
            if bucket is None or destination is None or not due:
                continue
            target = _Target(destination, moment, self.mirror)
            files = self._written.get((name, configuration))
            if files is None:
                files = self._write_data(bucket, configuration, target)
                self._written[name, configuration] = files
            found.append(_write_manifest(name, configuration, target, files))
        return found

    def _write_data(
        self, bucket: FakeBucket, configuration: InventoryConfiguration, target: _Target
    ) -> list[DataFile]:
        tells_expiry = Field.EXPIRATION in configuration.fields
        expiry_of = self.expiry(bucket) if tells_expiry else _no_day
        return _write_data(bucket, configuration, expiry_of, target)

    def _forget(self, changed: Collection[str] | None) -> None:
        """What may be otherwise now; whatever is delivered changes the bucket it goes to."""
        destinations = {configuration.destination for _, configuration in self.store.all()}
        for written in list(self._written):
            name, _ = written
            if changed is None or name in changed or name in destinations:
                del self._written[written]


@dataclass(frozen=True, slots=True)
class _Target:
    bucket: FakeBucket
    moment: datetime
    mirror: Path | None

    def put(self, key: str, content: bytes) -> None:
        put = s3_backends[self.bucket.account_id][PARTITION].put_object(
            self.bucket.name, key, content
        )
        put.last_modified = self.moment.astimezone(UTC).replace(tzinfo=None)
        if self.mirror is not None:
            path = self.mirror / self.bucket.name / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _due(configuration: InventoryConfiguration, moment: datetime) -> bool:
    """S3 User Guide, "Amazon S3 Inventory": weekly ones are of Sunday, UTC."""
    return configuration.frequency is Frequency.DAILY or moment.weekday() == _SUNDAY


def _places(name: str, configuration: InventoryConfiguration) -> Places:
    prefix = configuration.destination_prefix
    return Places(name, configuration.id, f"{prefix}/" if prefix else "")


def _no_day(_: FakeKey) -> datetime | None:
    return None


def _write_data(
    bucket: FakeBucket,
    configuration: InventoryConfiguration,
    expiry_of: ExpiryOf,
    target: _Target,
) -> list[DataFile]:
    written = []
    rows = inventory_rows(bucket, configuration, expiry_of)
    for file in data_files(rows, configuration.form, configuration.fields, bucket.name):
        content = file.finished()
        digest = md5(content)
        # The name is of what is in it, as S3's look like UUIDs; the same content is written once.
        name = hashlib.sha256(f"{bucket.name} {digest}".encode()).hexdigest()[:32]
        key = _places(bucket.name, configuration).data(f"{name}.{file.suffix}")
        target.put(key, content)
        written.append(DataFile(key, digest, len(content)))
    return written


def _write_manifest(
    name: str, configuration: InventoryConfiguration, target: _Target, files: list[DataFile]
) -> str:
    places = _places(name, configuration)
    manifest = manifest_json(
        source=name,
        destination=target.bucket.name,
        made=target.moment,
        form=configuration.form,
        fields=configuration.fields,
        files=files,
    )
    target.put(places.manifest(target.moment), manifest)
    target.put(places.checksum(target.moment), checksum(manifest))
    return f"s3://{target.bucket.name}/{places.manifest(target.moment)}"
