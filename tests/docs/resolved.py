"""Writes the lock that `firnline resolve` would write, had the accounts these buckets.

python -m tests.docs.resolved FOLDER ACCOUNT/REGION/BUCKET…

Each keeps versions, unless a `:off` or `:suspended` behind its name says otherwise.
"""

from __future__ import annotations

import sys
from pathlib import Path

from firnline.fleet.lock_file import LOCK_NAME, LockEntry, lock_text
from firnline.language.digest import lock_digest
from firnline.language.read_files import read_files
from firnline.s3.terms import Versioning
from firnline.workspace import read_paths


def main() -> None:
    path, *buckets = sys.argv[1:]
    folder, found = read_files(read_paths([path]))
    assert not found, found
    assert folder.fleet is not None
    entries = []
    for bucket in buckets:
        label, region, named = bucket.split("/")
        name, _, versioning = named.partition(":")
        account = folder.fleet.account(label)
        assert account is not None, bucket
        assert region in account.regions, bucket
        if any(policy.covers(label, name, region) for policy in folder.policies):
            entries.append(
                LockEntry(
                    account_id=account.id.value,
                    name=name,
                    region=region,
                    versioning=Versioning(versioning or "enabled"),
                    object_lock=False,
                    covered=True,
                    minimum_size=None,
                    foreign=(),
                )
            )
    text = lock_text(lock_digest(folder.fleet, folder.policies), entries)
    (Path(path) / LOCK_NAME).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
