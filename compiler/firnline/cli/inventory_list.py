"""`firnline inventory list`: a live bucket → an inventory of it on disk. Reads AWS."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from firnline.cli.bucket_access import bucket_access
from firnline.cli.failed import CommandFailed
from firnline.cli.listing_progress import listing_progress
from firnline.cli.paths import OF_THE_PROJECT, Unnamed
from firnline.cli.resolve import NO_BOTO3
from firnline.cli.streams import say
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.fleet.accounts import Clients, NoAccess, Retries, can_ask, requesting
from firnline.fleet.listing.journal import Journal, ListingPlan, UnusableJournal
from firnline.fleet.listing.on_disk import OnDisk
from firnline.fleet.listing.request import ListingRequest
from firnline.fleet.listing.run import run_listing
from firnline.fleet.listing.source import Source
from firnline.fleet.live import read_versioning
from firnline.fleet.questions import READ_VERSIONING
from firnline.s3.terms import Bytes, Versioning

SUMMARY = "list a live bucket into files as S3 Inventory writes them (reads AWS)"
EPILOG = """\
It writes DIR/BUCKET/firnline/, as an inventory lies in its bucket, and prints the path of
manifest.json, which `firnline simulate` and `firnline forecast --inventory` read. If it is ended
before that, run it again: it goes on where it was.

For each thousand objects it makes one request, with --tags and --uploads one for each object or
upload besides; S3 charges for them.
"""
_DEFAULT_FOLDER = "inventory"
_GO_ON = "run the command again to go on"
_NAME = re.compile("[A-Za-z0-9][A-Za-z0-9._-]*")
"""Also of buckets from before 2018, which S3 still has; it is a folder's name here, too."""

_DIRECTORY = "--x-s3"
"""How the names of directory buckets end (S3 User Guide, "Directory bucket naming rules")."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    parser.add_argument("bucket", metavar="BUCKET", help="its name, or s3://BUCKET")
    parser.add_argument(
        "--into",
        metavar="DIR",
        default=_DEFAULT_FOLDER,
        help="where to write the files (default: %(default)s)",
    )
    parser.add_argument(
        "--versions", action="store_true", help="also noncurrent versions and delete markers"
    )
    parser.add_argument(
        "--uploads", action="store_true", help="also incomplete multipart uploads, with their bytes"
    )
    parser.add_argument(
        "--tags", action="store_true", help="also the tags of each object: a request for each"
    )
    parser.add_argument(
        "--account",
        metavar="LABEL",
        help="the bucket's account in the fleet file (default: as the fleet lock says, else that of"
        " your own credentials)",
    )
    parser.add_argument(
        "--policies",
        metavar="DIR",
        default=Unnamed.POLICIES,
        help=f"the folder with the fleet file and the lock (default: {OF_THE_PROJECT})",
    )
    parser.add_argument(
        "--restart", action="store_true", help="begin anew instead of going on where it was ended"
    )


def run(arguments: argparse.Namespace) -> int:
    if not can_ask():
        say(NO_BOTO3)
        return 2
    try:
        request = _request(arguments)
        disk = OnDisk(Path(arguments.into), request.bucket)
        print(_list(request, disk, arguments))
    except CommandFailed as failed:
        say(f"firnline: {failed}")
        return failed.code
    return 0


def _request(arguments: argparse.Namespace) -> ListingRequest:
    bucket = arguments.bucket.removeprefix("s3://").rstrip("/")
    if not _NAME.fullmatch(bucket):
        raise CommandFailed(f"`{visible(arguments.bucket)}` is no bucket: a whole one is listed")
    if bucket.endswith(_DIRECTORY):
        raise CommandFailed(
            f"{visible(bucket)} is a directory bucket, which S3 lists in no order: let S3 Inventory"
            " list it"
        )
    return ListingRequest(
        bucket, versions=arguments.versions, uploads=arguments.uploads, tags=arguments.tags
    )


def _list(request: ListingRequest, disk: OnDisk, arguments: argparse.Namespace) -> Path:
    """The path of the manifest. Raises `CommandFailed`."""
    try:
        access = bucket_access(request.bucket, arguments.account, arguments.policies)
        source = Source(Clients(Retries.ADAPTIVE).s3(access), access)
        with Journal(disk.unfinished) as journal:
            plan = _plan(source, request, journal, disk, restart=arguments.restart)
            manifest = _listed(source, plan, journal, disk, arguments.color)
            journal.remove()
    except UnusableJournal as problem:
        raise CommandFailed(f"{problem}; --restart begins anew") from None
    except NoAccess as why:
        raise _failed(why, request, disk) from None
    _say_what_is_left_out(source, request)
    return manifest


def _plan(
    source: Source, request: ListingRequest, journal: Journal, disk: OnDisk, *, restart: bool
) -> ListingPlan:
    """That of the unfinished listing, or a new one."""
    plan = journal.plan()
    if plan is not None and restart:
        disk.discard(journal.parts())
    elif plan is not None:
        _go_on(plan, request, journal, disk)
        return plan
    try:
        plan = source.plan(request)
    except NoAccess:
        journal.remove()
        disk.remove_empty_folders()
        raise
    journal.begin(plan)
    return plan


def _go_on(plan: ListingPlan, request: ListingRequest, journal: Journal, disk: OnDisk) -> None:
    began = f"{plan.began:%Y-%m-%d %H:%M} UTC"
    if plan.request != request:
        raise CommandFailed(
            f"{disk.unfinished} has a listing{_options(plan.request)} that was begun on {began} and"
            " is not finished: go on with the same options, or give --restart to begin anew"
        )
    parts = journal.parts()
    disk.verify(parts)
    rows = sum(part.rows for part in parts)
    say(f"going on with the listing that was begun on {began}: {_counted(rows, request)} so far")


def _listed(source: Source, plan: ListingPlan, journal: Journal, disk: OnDisk, colour: str) -> Path:
    try:
        with listing_progress(plan.request.bucket, colour) as report:
            done = run_listing(source, plan, journal, disk, report)
    except KeyboardInterrupt:
        say(f"what was listed is in {disk.unfinished}: {_GO_ON}")
        raise
    parts = journal.parts()
    say(
        f"{visible(plan.request.bucket)}: {_counted(done.rows, plan.request)},"
        f" {Bytes(done.bytes).rounded}, as of {plan.began:%Y-%m-%d %H:%M} UTC"
    )
    return disk.finish(plan, parts)


def _failed(why: NoAccess, request: ListingRequest, disk: OnDisk) -> CommandFailed:
    bucket = visible(request.bucket)
    if why.code == "NoSuchBucket":
        return CommandFailed(f"there is no bucket `{bucket}`")
    text = f"{bucket} could not be listed: {visible(why.in_words)}"
    if disk.unfinished.exists():
        text += f"\nwhat was listed is in {disk.unfinished}: {_GO_ON}"
    return CommandFailed(text, 3)


def _say_what_is_left_out(source: Source, request: ListingRequest) -> None:
    if request.versions:
        return
    try:
        with requesting(source.access.account_id, READ_VERSIONING):
            versioning = read_versioning(source.client, request.bucket)
    except NoAccess as why:
        say(f"whether it has noncurrent versions is not known: no {why.permission}")
        return
    if versioning is not Versioning.OFF:
        say("its noncurrent versions and delete markers are not listed: --versions lists them too")


def _options(request: ListingRequest) -> str:
    given = [name for name in ("versions", "uploads", "tags") if getattr(request, name)]
    return f" with {' '.join(f'--{name}' for name in given)}" if given else ""


def _counted(rows: int, request: ListingRequest) -> str:
    if request.versions or request.uploads:
        return how_many(rows, "entry", "entries")
    return how_many(rows, "object")
