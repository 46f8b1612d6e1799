"""Options that describe one object, version, marker or upload → that item."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from firnline.cli.option_types import count, moment, size, tags, tier
from firnline.s3.law.classes import CLASSES, DIRECTORY_CLASS
from firnline.s3.simulate.stored import ItemKind, MissingDetail, StoredItem
from firnline.s3.terms import AccessTier, ReplicationStatus, Versioning


def add_item(parser: argparse._ActionsContainer) -> None:
    add = parser.add_argument
    add("--size", type=size, help="of the object, such as 5MiB, or bytes (default: 1MiB)")
    add(
        "--class",
        dest="storage_class",
        metavar="CLASS",
        choices=(*CLASSES, DIRECTORY_CLASS),
        help=f"its storage class now: {', '.join((*CLASSES, DIRECTORY_CLASS))}",
    )
    add(
        "--tags",
        metavar="KEY=VALUE,…",
        type=tags,
        action="extend",
        default=[],
        help="its tags; repeatable",
    )
    add("--created", metavar="DATE", type=moment, help="when it was made")
    add(
        "--version-noncurrent-since",
        "--noncurrent-since",
        dest="noncurrent_since",
        metavar="DATE",
        type=moment,
        help="it is a noncurrent version since then",
    )
    add(
        "--newer-versions",
        metavar="N",
        type=count,
        default=0,
        help="how many noncurrent versions of the key are newer than it",
    )
    add("--null-version", action="store_true", help="it has no version ID of its own")
    add("--upload", action="store_true", help="it is an incomplete multipart upload")
    add("--marker", action="store_true", help="it is a delete marker")
    add("--hides", metavar="N", type=count, default=0, help="noncurrent versions behind the marker")
    add("--retain-until", metavar="DATE", type=moment, help="Object Lock holds it until then")
    add("--legal-hold", action="store_true", help="Object Lock holds it")
    add("--replication", choices=[each.value for each in ReplicationStatus], help="its status")
    add(
        "--tier",
        metavar="TIER",
        type=tier,
        choices=[*AccessTier],
        help=f"the access tier inside INTELLIGENT_TIERING: {', '.join(AccessTier)}",
    )


def add_versioning(parser: argparse._ActionsContainer) -> None:
    parser.add_argument(
        "--versioning",
        choices=[each.value for each in Versioning],
        help="of the bucket (default: what the lock or the policies say; where nothing does,"
        " enabled and off are both shown if they differ)",
    )


def item_of(arguments: argparse.Namespace, key: str, created: datetime) -> StoredItem:
    """Raises `MissingDetail`."""
    kind = (
        ItemKind.MULTIPART_UPLOAD
        if arguments.upload
        else ItemKind.DELETE_MARKER
        if arguments.marker
        else ItemKind.OBJECT_VERSION
    )
    if arguments.upload and (arguments.marker or arguments.noncurrent_since):
        raise MissingDetail("an upload is neither a delete marker nor a noncurrent version")
    if kind is not ItemKind.OBJECT_VERSION and (arguments.size or arguments.tags):
        raise MissingDetail(f"a {kind.value} has neither a size nor tags")
    since = arguments.noncurrent_since
    if since is not None and since < created:
        raise MissingDetail("a version is older than the moment since which it is an old one")
    return StoredItem(
        key=key,
        created=created,
        size=(2**20 if arguments.size is None else arguments.size)
        if kind is ItemKind.OBJECT_VERSION
        else 0,
        storage_class=arguments.storage_class or "STANDARD",
        tags=tuple(sorted(arguments.tags)),
        kind=kind,
        current=since is None,
        null_version=arguments.null_version,
        noncurrent_since=since,
        newer_noncurrent=arguments.newer_versions if since else 0,
        hidden=arguments.hides if kind is ItemKind.DELETE_MARKER and since is None else 0,
        retain_until=arguments.retain_until,
        legal_hold=arguments.legal_hold,
        replication=ReplicationStatus(arguments.replication) if arguments.replication else None,
        tier=arguments.tier,
    )


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
