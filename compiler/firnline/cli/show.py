"""`firnline show`: what is live on a bucket, in words. Reads AWS."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext

from rich.console import Console

from firnline.cli.first_run_options import add_files
from firnline.cli.formats import Answer, FormatName
from firnline.cli.live_rules import KnownBucket, LiveRules, why
from firnline.cli.out import add_out, write_out
from firnline.cli.paths import OF_THE_PROJECT, Unnamed
from firnline.cli.resolve import NO_BOTO3
from firnline.cli.streams import day, say, say_diagnostics
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import has_errors, in_order
from firnline.diagnostics.position import path_of
from firnline.diagnostics.visible import visible
from firnline.fleet.accounts import can_ask
from firnline.fleet.look import LiveBucket, look
from firnline.fleet.questions import Failure, ListedBucket
from firnline.language.checks.stale_lock import is_fresh
from firnline.language.model import Folder
from firnline.language.nearest import did_you_mean
from firnline.language.read_files import read_files
from firnline.workspace import NoPolicies, read_folder

SUMMARY = "what is live on a bucket (reads AWS), who wrote it, or what no policy covers"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "buckets",
        metavar="BUCKET",
        nargs="*",
        help="buckets of the fleet lock (default: all of them)",
    )
    parser.add_argument(
        "--policies",
        metavar="DIR",
        default=Unnamed.POLICIES,
        help=f"the folder with the fleet file and the lock (default: {OF_THE_PROJECT})",
    )
    parser.add_argument(
        "--coverage",
        action="store_true",
        help="instead, which buckets no policy covers; with --inventory and its like, which large"
        " prefixes no retention covers and what they cost a month; with --references, which folders"
        " of registries",
    )
    parser.add_argument(
        "--references",
        metavar="FILE",
        help="with --coverage: a file that `firnline gc refs --out` wrote",
    )
    writers = parser.add_argument_group("who wrote it")
    writers.add_argument(
        "--writers",
        metavar="LOGS",
        nargs="*",
        help="instead, who wrote the lifecycle of buckets and when, by the event history of"
        " CloudTrail or by log files of a trail, on disk or s3://…; fails where two writers undo"
        " each other's rules",
    )
    writers.add_argument(
        "--since",
        metavar="DATE",
        type=day,
        help="with --writers: what was written before does not count (default: 90 days ago in the"
        " event history, which keeps no more)",
    )
    stored = parser.add_argument_group("what is stored, with --coverage")
    add_files(stored)
    stored.add_argument(
        "--region",
        metavar="REGION",
        default="us-east-1",
        help="whose prices, where the region of a bucket is not known (default: %(default)s)",
    )
    add_out(parser, Answer.LIVE_RULES, Answer.COVERAGE, Answer.WRITERS)


def run(arguments: argparse.Namespace) -> int:
    if misused := _misused(arguments):
        say(f"firnline show: {misused}")
        return 2
    if arguments.coverage:
        from firnline.cli.coverage import show_coverage  # seldom needed

        return show_coverage(arguments)
    if arguments.writers:
        from firnline.cli.writers import show_logs  # seldom needed

        return show_logs(arguments, list(_known(_fleet_if_any(arguments)).values()))
    folder = _read_fleet(arguments)
    if isinstance(folder, int):
        return folder
    wanted = _wanted(arguments.buckets, _known(folder), _unlisted(folder))
    if isinstance(wanted, int):
        return wanted
    if not can_ask():
        say(NO_BOTO3)
        return 2
    if arguments.writers is not None:
        return _show_event_history(arguments, wanted)
    with waiting(f"reading {how_many(len(wanted), 'bucket')}"):
        answers = look([each.bucket for each in wanted])
    assert folder.fleet is not None
    live = LiveRules(folder.fleet.namespace.value, wanted, answers)
    write_out(live, Answer.LIVE_RULES, arguments)
    return 3 if _report_failures(answers.values()) else 0


def _misused(arguments: argparse.Namespace) -> str | None:
    """Options that do not go together."""
    if arguments.coverage and arguments.writers is not None:
        return "--coverage and --writers are two answers: name one of them"
    option = _goes_with_coverage(arguments)
    if option and not arguments.coverage:
        return f"{option} goes with --coverage"
    if arguments.since and arguments.writers is None:
        return "--since goes with --writers"
    return None


def _show_event_history(arguments: argparse.Namespace, wanted: Sequence[KnownBucket]) -> int:
    from firnline.cli.writers import read_event_history, tell  # seldom needed

    with waiting("reading CloudTrail's event history"):
        writers, unread = read_event_history(arguments, wanted)
    return tell(writers, arguments, unread)


def _goes_with_coverage(arguments: argparse.Namespace) -> str | None:
    given = {
        "--references": arguments.references,
        "--inventory": arguments.inventory,
        "--summary": arguments.summaries,
        "--cloudwatch": arguments.cloudwatch,
    }
    named = next((option for option, value in given.items() if value), None)
    is_csv = any(format.name is FormatName.CSV for format, _ in arguments.out or ())
    return named or ("--out csv" if is_csv else None)


def _read_fleet(arguments: argparse.Namespace) -> Folder | int:
    """Live rules can be shown even if a policy has a mistake."""
    folder, found = read_files(read_folder(arguments.policies))
    needed = {fleet.namespace.span.path for fleet in folder.fleets}
    needed |= {lock.digest.span.path for lock in folder.locks}
    missing = folder.fleet is None or folder.lock is None
    errors = [each for each in in_order(found) if missing or path_of(each.place) in needed]
    if has_errors(errors):
        say_diagnostics(errors, arguments.color, [arguments.policies])
        return 1
    if missing:
        what = "fleet file" if folder.fleet is None else "fleet lock: run `firnline resolve`"
        say(f"firnline: {arguments.policies} has no {what}")
        return 2
    if not is_fresh(folder):
        say("the lock is stale, so buckets may be missing here: run `firnline resolve`")
    return folder


def _fleet_if_any(arguments: argparse.Namespace) -> Folder:
    """Logs need no fleet: it only tells more of the buckets."""
    try:
        return read_files(read_folder(arguments.policies))[0]
    except NoPolicies:
        return Folder()


def _known(folder: Folder) -> dict[str, KnownBucket]:
    if folder.fleet is None or folder.lock is None:
        return {}
    accounts = {account.id.value: account for account in folder.fleet.accounts}
    known = [
        KnownBucket(
            ListedBucket(accounts[locked.account_id], locked.name.value, locked.region), locked
        )
        for locked in folder.lock.buckets
        if locked.account_id in accounts
    ]
    return {each.bucket.name: each for each in sorted(known, key=lambda each: each.bucket.key)}


def _unlisted(folder: Folder) -> dict[str, str]:
    """Buckets of the lock in accounts that the fleet file does not list, with the account's id."""
    assert folder.fleet is not None
    assert folder.lock is not None
    listed = {account.id.value for account in folder.fleet.accounts}
    buckets = folder.lock.buckets
    return {each.name.value: each.account_id for each in buckets if each.account_id not in listed}


def _wanted(
    names: Sequence[str], known: Mapping[str, KnownBucket], unlisted: Mapping[str, str]
) -> list[KnownBucket] | int:
    names = [name.removeprefix("s3://").rstrip("/") for name in names]
    unknown = [name for name in dict.fromkeys(names) if name not in known]
    for name in unknown:
        if name in unlisted:
            say(
                f"firnline: {name} is in account {unlisted[name]}, which the fleet file does not"
                " list, so it cannot be read"
            )
            continue
        near = did_you_mean(name, known)
        remedy = (
            f"did you mean `{near.name}`?"
            if near
            else ("run `firnline resolve` if it is new, or write its name into a policy")
        )
        say(f"firnline: the fleet lock has no bucket `{visible(name)}`; {remedy}")
    if unknown:
        return 2
    if not known:
        say("the fleet lock lists no bucket: no policy covers one, and none has Firnline's rules")
    return [known[name] for name in dict.fromkeys(names)] or list(known.values())


def _report_failures(answers: Iterable[LiveBucket | Failure]) -> bool:
    failures = dict.fromkeys(answer for answer in answers if isinstance(answer, Failure))
    for failure in failures:
        label = failure.account.label.value
        what = f"{label}/{failure.bucket}" if failure.bucket else f"{label} as a whole"
        say(f"{what} could not be read: {why(failure)}")
    return bool(failures)


def waiting(what: str) -> AbstractContextManager[object]:
    """A progress message on a terminal, removed before the answer is printed."""
    return Console(stderr=True).status(what) if sys.stderr.isatty() else nullcontext()
