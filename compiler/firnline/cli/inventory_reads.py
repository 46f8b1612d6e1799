"""`firnline inventory reads`: what S3's logs say was read, by prefix, and a file of it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from firnline.atomic_file import write_parts
from firnline.cli.failed import CommandFailed
from firnline.cli.formats import Answer
from firnline.cli.named_file import refuse_unwritable
from firnline.cli.option_types import count, duration
from firnline.cli.out import add_out, write_out
from firnline.cli.streams import say
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.targets.read_report import BucketReads, ReadLine, ReadReport

if TYPE_CHECKING:
    from firnline.inventory.reads.reads_table import ReadsTable

SUMMARY = "what was read and when, by prefix, of S3's server access logs or CloudTrail"
EPILOG = """\
firnline inventory reads logs/
firnline inventory reads s3://my-logs/acme-lake/ --into reads.csv
firnline inventory reads CloudTrail/us-east-1/2026/ --depth 2 --out csv:reads-by-prefix.csv
firnline gc audit manifest.json --reads reads.csv

Where a bucket has no request in the logs for longer than --longest-silence, its log is taken to be
missing: anything may have been read then.
"""
_DEPTH = 3


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    parser.add_argument(
        "logs",
        metavar="LOGS",
        nargs="+",
        help="server access logs, or the JSON files of a trail with data events, or folders of"
        " them, on disk or s3://BUCKET/PREFIX; gzip too",
    )
    parser.add_argument(
        "--into",
        metavar="FILE",
        help="the CSV to save it in, by key and day, as --reads of other commands takes it",
    )
    parser.add_argument(
        "--depth", type=count, default=_DEPTH, help="at most so many folders deep (default: 3)"
    )
    parser.add_argument(
        "--longest-silence",
        metavar="DAYS",
        type=duration,
        default="1d",
        help="how long a bucket may have no request in the logs while they are complete; longer"
        " ones are gaps (default: 1d)",
    )
    parser.add_argument(
        "--account",
        metavar="LABEL",
        help="the account in the fleet file whose role reads logs in S3 (default: as the fleet lock"
        " says, else your own credentials)",
    )
    add_out(parser, Answer.READS)


def run(arguments: argparse.Namespace) -> int:
    try:
        refuse_unwritable(arguments.into)
        report = _report(arguments)
    except CommandFailed as why:
        say(f"firnline inventory reads: {why}")
        return why.code
    if arguments.out or not arguments.into:
        write_out(report, Answer.READS, arguments)
    return 0


def _report(arguments: argparse.Namespace) -> ReadReport:
    """Raises `CommandFailed`."""
    from firnline.cli.read_logs import open_logs  # an extra, and slow to import

    silence = timedelta(days=arguments.longest_silence)
    with open_logs(arguments.logs, silence, arguments.account) as found:
        if arguments.into:
            from firnline.inventory.reads.reads_table import CSV_COLUMNS

            lines = (line.encode() for line in found.csv_lines())
            head = f"{','.join(CSV_COLUMNS)}\n".encode()
            write_parts(arguments.into, _after(head, lines))
        lines_lost = sum(each.lines for each in found.unreadable)
        if lines_lost and arguments.into and not arguments.out:
            say(f"{how_many(lines_lost, 'line')} could not be read: see --out text")
        facts = f"{', '.join(map(visible, arguments.logs))}: the logs of {_buckets(found)}"
        return ReadReport(facts, tuple(_by_bucket(found, arguments.depth)), found.unreadable)


def _after(head: bytes, lines: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from lines


def _buckets(found: ReadsTable) -> str:
    return how_many(len(found.buckets), "bucket")


def _by_bucket(found: ReadsTable, depth: int) -> Iterator[BucketReads]:
    for each in found.buckets:
        prefixes = ["", *found.folders(each.bucket, depth)]
        below = found.below(each.bucket, prefixes)
        lines = (ReadLine(prefix.count("/"), prefix, below[prefix]) for prefix in prefixes)
        yield BucketReads(each, tuple(lines))
