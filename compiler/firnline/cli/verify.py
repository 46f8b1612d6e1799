"""`firnline verify`: is what S3 has what the policies say? Reads AWS, and writes nothing."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime

from firnline.cli.failed import CommandFailed
from firnline.cli.formats import Answer, FormatName
from firnline.cli.option_types import count, option_type
from firnline.cli.out import add_out, write_out
from firnline.cli.paths import add_folder
from firnline.cli.repository_of import repository_of
from firnline.cli.resolve import NO_BOTO3, scanning
from firnline.cli.streams import say, say_diagnostics
from firnline.cli.verify_answer import Verification
from firnline.cli.verify_expiry import ToldByInventory, add_expiry_dates, told_by_s3
from firnline.cli.verify_fleet import Selected, base_rules, selected
from firnline.fleet.accounts import Clients, can_ask
from firnline.fleet.verify.expected import expected_buckets
from firnline.fleet.verify.search import search
from firnline.fleet.verify.series import Patience
from firnline.fleet.verify.unlisted import not_covered, unlisted
from firnline.fleet.verify.verified import VerifiedBucket
from firnline.fleet.verify.verify import verify_buckets
from firnline.inventory.coverage.uncovered import Coverage

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
    folder = os.path.normpath(arguments.folder)
    chosen = selected(folder, arguments.account, arguments.bucket, arguments.color)
    before, found = base_rules(arguments.base, chosen.compilation)
    if found:
        say_diagnostics(found, arguments.color)
        raise CommandFailed(f"the policies of {arguments.base} have errors", code=1)
    if not can_ask():
        raise CommandFailed(NO_BOTO3.removeprefix("firnline: "))
    expected = expected_buckets(chosen.compilation.buckets, chosen.fleet, before, chosen.is_wanted)
    coverage = _coverage(chosen, folder, arguments)
    patience = Patience(equal_reads=arguments.reads, settle=arguments.settle)
    clients = Clients()
    with scanning(arguments.color) as report:
        buckets = verify_buckets(expected, clients, patience, report)
    whole = chosen.compilation.folder
    listed, not_listed = ((), ()) if arguments.bucket else search(clients, chosen.accounts, whole)
    if arguments.writers is not None:
        from firnline.cli.verify_writers import with_writers  # seldom needed

        buckets = with_writers(buckets, clients, arguments)
    expiry = None
    if arguments.expiry_dates is not None:
        expiry = told_by_s3(arguments.expiry_dates, arguments.settle, buckets, clients)
    answer = Verification(
        folder=folder,
        base=arguments.base,
        at=datetime.now(UTC),
        patience=patience,
        accounts=chosen.accounts,
        buckets=buckets,
        others=tuple(unlisted(listed, whole)),
        not_listed=not_listed,
        expiry=expiry,
        inventories=_inventories(arguments, buckets, clients),
        namespace=chosen.fleet.namespace.value,
        other_buckets=not_covered(listed, whole),
        coverage=coverage,
        repository=repository_of(whole, [folder]),
    )
    write_out(answer, Answer.VERIFIED, arguments)
    return answer.exit_code


def _inventories(
    arguments: argparse.Namespace, buckets: Sequence[VerifiedBucket], clients: Clients
) -> tuple[ToldByInventory, ...]:
    """Raises `CommandFailed`."""
    if arguments.earlier and not arguments.inventory:
        raise CommandFailed("--earlier goes with --inventory")
    if arguments.logs and not arguments.earlier:
        raise CommandFailed("--logs goes with --earlier")
    if arguments.written_at and not arguments.inventory:
        raise CommandFailed("--written-at goes with --inventory")
    if not arguments.inventory:
        return ()
    from firnline.cli.verify_inventory import told_by_inventories  # an extra, and slow to import

    places, folder = (arguments.inventory, arguments.earlier), arguments.folder
    colour, logs = arguments.color, arguments.logs
    written = arguments.written_at
    by_bucket = {each.expected.bucket.name: written for each in buckets} if written else {}
    return tuple(told_by_inventories(*places, folder, colour, buckets, clients, logs, by_bucket))


def _coverage(chosen: Selected, folder: str, arguments: argparse.Namespace) -> Coverage | None:
    """For the page alone. Raises `CommandFailed`."""
    is_page = any(format.name is FormatName.HTML for format, _ in arguments.out or ())
    if not arguments.inventory or not is_page:
        return None
    from firnline.cli.coverage import coverage_from  # seldom needed, and slow to import

    asked = argparse.Namespace(
        inventory=arguments.inventory,
        summaries=[],
        cloudwatch=[],
        max_age=None,
        account=None,
        buckets=sorted(chosen.buckets),
        region=chosen.accounts[0].regions[0],
        policies=folder,
        color=arguments.color,
    )
    return coverage_from(chosen.compilation, asked)
