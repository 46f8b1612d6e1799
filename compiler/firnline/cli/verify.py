"""`firnline verify`: is what S3 has what the policies say? Reads AWS, and writes nothing."""

from __future__ import annotations

import argparse
import os
import re
from datetime import UTC, datetime

from firnline.cli.failed import CommandFailed
from firnline.cli.formats import Answer
from firnline.cli.option_types import count, option_type
from firnline.cli.out import add_out, write_out
from firnline.cli.paths import add_folder
from firnline.cli.repository_of import repository_of
from firnline.cli.resolve import NO_BOTO3, scanning
from firnline.cli.streams import say, say_diagnostics
from firnline.cli.verify_answer import Verification
from firnline.cli.verify_beside import beside, check_options
from firnline.cli.verify_expiry import add_expiry_dates
from firnline.cli.verify_fleet import base_rules, selected
from firnline.fleet.accounts import Clients, can_ask
from firnline.fleet.verify.expected import expected_buckets
from firnline.fleet.verify.gone import not_theirs_any_more, wholly_listed
from firnline.fleet.verify.search import places, search
from firnline.fleet.verify.series import Patience
from firnline.fleet.verify.unlisted import not_covered, unlisted
from firnline.fleet.verify.verify import verify_buckets

SUMMARY = "is what S3 has what the policies say: drift, and rules that delete sooner (reads AWS)"
_SECONDS = re.compile(r"(\d{1,5})(s|m)?")
_DEFAULTS = Patience()


@option_type
def _seconds(text: str) -> float:
    found = _SECONDS.fullmatch(text)
    if found is None or (found[2] is None and found[1] != "0"):
        raise ValueError(f"{text!r} is not a time; write 60s or 2m")
    return float(found[1]) * (60 if found[2] == "m" else 1)


@option_type
def _reads(text: str) -> int:
    if count(text) < 1:
        raise ValueError(f"{text} answers prove nothing; write 1 or more")
    return count(text)


def configure(parser: argparse.ArgumentParser) -> None:
    add_folder(parser)
    parser.add_argument(
        "--account",
        metavar="LABEL",
        action="append",
        default=[],
        help="only the buckets of this account, by its label or id; repeatable",
    )
    parser.add_argument(
        "--bucket",
        metavar="BUCKET",
        action="append",
        default=[],
        help="only this bucket; repeatable. Then no account is searched for buckets that the lock"
        " does not have",
    )
    parser.add_argument(
        "--base",
        metavar="git:REV",
        help="an earlier revision of the policies that may still be live: a bucket that does what"
        " it says is not rolled out yet, and no drift",
    )
    parser.add_argument(
        "--writers",
        metavar="LOGS",
        nargs="*",
        help="with each difference, who wrote it and when: by the event history of CloudTrail, or"
        " by log files of a trail, on disk or s3://…",
    )
    parser.add_argument(
        "--settle",
        metavar="TIME",
        type=_seconds,
        default=_DEFAULTS.settle,
        help="how long a difference must last, as S3 may answer for a while with what was there"
        " before the last write: such as 60s, the default, or 0 for 3 seconds",
    )
    parser.add_argument(
        "--reads",
        metavar="N",
        type=_reads,
        default=_DEFAULTS.equal_reads,
        help="how many answers in a row must be equal (default: %(default)s)",
    )
    add_expiry_dates(parser)
    add_out(parser, Answer.VERIFIED)


def run(arguments: argparse.Namespace) -> int:
    try:
        return _run(arguments)
    except CommandFailed as why:
        say(f"firnline verify: {why}")
        return why.code


def _run(arguments: argparse.Namespace) -> int:
    """Raises `CommandFailed`."""
    check_options(arguments)
    folder = os.path.normpath(arguments.folder)
    chosen = selected(folder, arguments.account, arguments.bucket, arguments.color)
    before, found = base_rules(arguments.base, chosen.compilation)
    if found:
        say_diagnostics(found, arguments.color)
        raise CommandFailed(f"the policies of {arguments.base} have errors", code=1)
    if not can_ask():
        raise CommandFailed(NO_BOTO3.removeprefix("firnline: "))
    expected = expected_buckets(chosen.compilation.buckets, chosen.fleet, before, chosen.is_wanted)
    patience = Patience(equal_reads=arguments.reads, settle=arguments.settle)
    clients = Clients()
    whole, searched = chosen.compilation.folder, () if arguments.bucket else chosen.accounts
    listed, not_listed = search(clients, searched, whole)
    known = places(whole, (each.bucket for each in listed))
    with scanning(arguments.color) as report:
        buckets = verify_buckets(expected, clients, patience, report, places=known)
    complete = wholly_listed(searched, not_listed)
    buckets = not_theirs_any_more(buckets, [each.bucket for each in listed], complete)
    more = beside(arguments, chosen, buckets, clients)
    answer = Verification(
        folder=folder,
        base=arguments.base,
        at=datetime.now(UTC),
        patience=patience,
        accounts=chosen.accounts,
        buckets=more.buckets,
        others=tuple(unlisted(listed, whole)),
        not_listed=not_listed,
        other_failures=more.failures,
        expiry=more.expiry,
        inventories=more.inventories,
        namespace=chosen.fleet.namespace.value,
        other_buckets=not_covered(listed, whole),
        coverage=more.coverage,
        repository=repository_of(whole, [folder]),
    )
    write_out(answer, Answer.VERIFIED, arguments)
    return answer.exit_code
