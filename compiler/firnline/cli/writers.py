"""`firnline show --writers`: who wrote the lifecycle of buckets, and do two undo each other?

Reads the event history of CloudTrail, or the log files of a trail.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from firnline.cli.failed import CommandFailed, code_of
from firnline.cli.formats import FORMATS, Answer
from firnline.cli.item_options import now
from firnline.cli.live_rules import KnownBucket
from firnline.cli.log_paths import log_paths
from firnline.cli.out import outputs
from firnline.cli.streams import columns, say, wants_colour, write
from firnline.cli.writers_answer import Writers, WrittenBucket, written_bucket
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.fleet.accounts import Access, Clients, NoAccess
from firnline.fleet.look import LiveBucket, look
from firnline.fleet.questions import access_of
from firnline.fleet.writers.event_history import KEPT, Pace, look_up_writes
from firnline.fleet.writers.events import LifecycleWrite
from firnline.fleet.writers.trail_files import read_trail
from firnline.inventory.reads.problems import UnusableReads
from firnline.s3.model import RuleSet

_FORMS: Final = (
    "--writers takes the JSON files of a trail, or their folder, on disk or s3://…, and without"
    " them reads the event history; buckets are named before it"
)


def read_event_history(
    arguments: argparse.Namespace, wanted: Sequence[KnownBucket]
) -> tuple[Writers, tuple[str, ...]]:
    """Of buckets of the lock, and which of their accounts could not be read, and why."""
    since = max(now() - KEPT, _since(arguments) or now() - KEPT)
    by_place: dict[Access, list[KnownBucket]] = defaultdict(list)
    for each in wanted:
        by_place[access_of(each.bucket.account, each.bucket.region)].append(each)
    clients, found, unread = Clients(), dict[str, WrittenBucket](), []
    for access, buckets in by_place.items():
        try:
            writes = list(look_up_writes(clients, access, since, Pace()))
        except NoAccess as why:
            unread.append(_unread(buckets[0], why))
            continue
        answers = look([each.bucket for each in buckets])
        for each in buckets:
            answer = answers[each.bucket]
            live = answer.rules or RuleSet(()) if isinstance(answer, LiveBucket) else None
            found[each.bucket.name] = _named(each.bucket.name, each, writes, live)
    names = (each.bucket.name for each in wanted)
    told = tuple(found[name] for name in names if name in found)
    return Writers("CloudTrail's event history", since, told), tuple(unread)


def show_logs(arguments: argparse.Namespace, known: Sequence[KnownBucket]) -> int:
    """Of the named buckets, or of all that the logs have. `known` are those of the lock, if any."""
    names = [name.removeprefix("s3://").rstrip("/") for name in arguments.buckets]
    try:
        with TemporaryDirectory(prefix="firnline-") as copies:
            policies = str(arguments.policies)
            paths = list(
                log_paths(arguments.writers, arguments.account, Path(copies), _FORMS, policies)
            )
            trail = read_trail(paths)
    except (CommandFailed, UnusableReads) as why:
        say(f"firnline show: {why}")
        return code_of(why)
    since = _since(arguments)
    writes = [each for each in trail.writes if since is None or each.at >= since]
    by_name = {each.bucket.name: each for each in known}
    wanted = names or sorted({each.bucket for each in writes})
    found = tuple(_named(name, by_name.get(name), writes) for name in dict.fromkeys(wanted))
    source = f"{how_many(trail.files, 'file')} of CloudTrail"
    return tell(Writers(source, since, found), arguments)


def tell(answer: Writers, arguments: argparse.Namespace, unread: Sequence[str] = ()) -> int:
    """Writes the answer; the exit code says whether there is a conflict."""
    for each in unread:
        say(each)
    if unread and not answer.buckets:
        return 3
    formats = {each.name: each for each in FORMATS[Answer.WRITERS]}
    for format, file in outputs(Answer.WRITERS, arguments):
        if format.name not in formats:
            say(f"firnline show: --writers is not written as {format.name}")
            return 2
        colour = file is None and wants_colour(sys.stdout, arguments.color)
        drawn = formats[format.name].render(answer, colour=colour, columns=columns())
        write(drawn, file)
    return 1 if answer.conflicts else 3 if unread else 0


def _named(
    name: str,
    known: KnownBucket | None,
    writes: Sequence[LifecycleWrite],
    live: RuleSet | None = None,
) -> WrittenBucket:
    of_bucket = [each for each in writes if each.bucket == name]
    label = known.bucket.account.label.value if known else None
    return written_bucket(name, of_bucket, known.locked if known else None, label, live)


def _since(arguments: argparse.Namespace) -> datetime | None:
    return datetime.combine(arguments.since, time(), UTC) if arguments.since else None


def _unread(first: KnownBucket, why: NoAccess) -> str:
    account = first.bucket.account.label.value
    return (
        f"the event history of {account} in {first.bucket.region} could not be read:"
        f" {visible(why.in_words)}; --writers also takes the files of a trail"
    )
