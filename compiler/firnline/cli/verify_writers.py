"""`firnline verify --writers`: who wrote what differs, and when. Reads CloudTrail or its files."""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from firnline.cli.failed import CommandFailed
from firnline.cli.item_options import now
from firnline.cli.log_paths import log_paths
from firnline.cli.streams import say
from firnline.diagnostics.visible import visible
from firnline.fleet.accounts import Access, Clients, NoAccess
from firnline.fleet.questions import access_of
from firnline.fleet.threads import in_threads
from firnline.fleet.verify.verified import VerifiedBucket
from firnline.fleet.verify.who import with_writer
from firnline.fleet.writers.event_history import KEPT, Pace, look_up_writes
from firnline.fleet.writers.events import LifecycleWrite
from firnline.fleet.writers.trail_files import read_trail
from firnline.inventory.reads.problems import UnusableReads

_FORMS: Final = (
    "--writers takes the JSON files of a trail, or their folder, on disk or s3://…, and without"
    " them reads the event history"
)
Writes = dict[str, list[LifecycleWrite]]
"""By the name of the bucket."""


def with_writers(
    buckets: Sequence[VerifiedBucket], clients: Clients, arguments: argparse.Namespace
) -> tuple[VerifiedBucket, ...]:
    """Nothing is read where nothing differs. Raises `CommandFailed`."""
    differing = [each for each in buckets if each.findings and each.exists]
    if not differing:
        return tuple(buckets)
    logs: list[str] = arguments.writers
    writes = _of_logs(logs, arguments) if logs else _of_history(differing, clients)
    return tuple(
        with_writer(each, writes[each.expected.bucket.name])
        if each.expected.bucket.name in writes or logs
        else each
        for each in buckets
    )


def _of_logs(logs: Sequence[str], arguments: argparse.Namespace) -> Writes:
    try:
        with TemporaryDirectory(prefix="firnline-") as copies:
            policies = str(arguments.folder)
            trail = read_trail(list(log_paths(logs, None, Path(copies), _FORMS, policies)))
    except UnusableReads as why:
        raise CommandFailed(str(why)) from None
    return _by_bucket(trail.writes)


def _of_history(buckets: Sequence[VerifiedBucket], clients: Clients) -> Writes:
    """Each account and region has a pace of its own. One that cannot be read is told."""
    places: dict[Access, str] = {}
    for each in buckets:
        bucket = each.expected.bucket
        access = access_of(bucket.account, bucket.region)
        places[access] = f"{bucket.account.label.value} in {bucket.region}"
    since = now() - KEPT

    def read(access: Access) -> list[LifecycleWrite] | NoAccess:
        try:
            return list(look_up_writes(clients, access, since, Pace()))
        except NoAccess as why:
            return why

    found: Writes = {}
    for access, answer in in_threads(read, list(places)):
        if isinstance(answer, NoAccess):
            say(
                f"who wrote what differs is not known in {places[access]}: no {answer.permission}:"
                f" {visible(answer.reason)}"
            )
            continue
        there = _by_bucket(answer)
        for each in buckets:
            bucket = each.expected.bucket
            if access_of(bucket.account, bucket.region) == access:
                found[bucket.name] = there[bucket.name]
    return found


def _by_bucket(writes: Sequence[LifecycleWrite]) -> Writes:
    found: Writes = defaultdict(list)
    for each in writes:
        found[each.bucket].append(each)
    return found
