"""The sample world → moto: accounts, roles, buckets and everything in them."""

from __future__ import annotations

from datetime import datetime, timedelta

from firnline.s3.terms import Versioning
from firnline.testing import seed
from firnline.testing.moto_process import open_account
from sandbox.world.accounts import ACCOUNTS, ANALYTICS, BUCKETS, LABORATORY, Bucket
from sandbox.world.objects import uploads_in, versions_in


def load_world(started: datetime) -> None:
    """Ages count back from `started`."""
    for account in (*ACCOUNTS, LABORATORY, ANALYTICS):
        open_account(account.id)
    for bucket in BUCKETS:
        _load_bucket(bucket, started)


def _load_bucket(bucket: Bucket, started: datetime) -> None:
    created = started - timedelta(days=bucket.opened_days_ago)
    made = seed.create_bucket(
        bucket.account.id, bucket.name, bucket.region, created, Versioning(bucket.versioning)
    )
    for version in versions_in(bucket, started):
        modified = started - version.age
        if version.is_marker:
            seed.add_delete_marker(made, version.key, modified, version.version_id)
        else:
            tags = dict(version.tags)
            seed.add_version(made, version.key, version.size, modified, version.version_id, tags)
    for upload in uploads_in(bucket):
        seed.add_upload(made, upload.key, started - upload.age, upload.part_sizes)
