"""`firnline resolve`: find the buckets, and write the lock. Reads AWS."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby

from firnline.atomic_file import write_file
from firnline.cli.account_sources import find_accounts, say_left_out
from firnline.cli.drop_account import add_drop_account, closed_accounts
from firnline.cli.failed import CommandFailed
from firnline.cli.paths import add_folder
from firnline.cli.streams import say, say_diagnostics, show, wants_colour
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Severity
from firnline.diagnostics.visible import visible
from firnline.fleet.accounts import ASSUME_ROLE, can_ask
from firnline.fleet.failed_requests import outcome
from firnline.fleet.questions import Failure
from firnline.fleet.resolve import Plan, plan_lock, question_of
from firnline.fleet.scan import Report, Scan, scan
from firnline.language.fleet import Account, Fleet
from firnline.language.syntax import Content
from firnline.pipeline import compile_files
from firnline.workspace import read_folder

SUMMARY = "look which buckets there are, and write the fleet lock (reads AWS)"
EXAMPLE_FLEET = """\
  write {folder}/fleet.yaml:
    firnline: fleet/v1
    namespace: acme-ml
    accounts:
      ml-prod:
        id: "012345670123"
        regions: [us-east-1]
        role: arn:aws:iam::012345670123:role/retention"""


_MOST_CHANGES = 40
NO_BOTO3 = "firnline: boto3 is not installed; pip install 'firnline[aws]'"


def configure(parser: argparse.ArgumentParser) -> None:
    add_folder(parser)
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; exit code 7 if the lock would change",
    )
    add_drop_account(parser)


def run(arguments: argparse.Namespace) -> int:
    try:
        return _run(arguments)
    except CommandFailed as why:
        say(f"firnline resolve: {why}")
        say("no bucket was read, and nothing was written")
        return why.code


def _run(arguments: argparse.Namespace) -> int:
    folder = os.path.normpath(arguments.folder)
    if os.path.isfile(folder):
        say(f"firnline: {folder} is a file; name the folder that contains it")
        return 2
    files = read_folder(folder)
    question = question_of(folder, files)
    if question.errors:
        say_diagnostics(question.errors, arguments.color, [folder])
        say("no account was read, and nothing was written")
        return 1
    if question.folder.fleet is None:
        say(f"firnline: no fleet file in {folder}: which accounts to look at is not known")
        show(EXAMPLE_FLEET.format(folder=folder))
        return 2
    if not can_ask():
        say(NO_BOTO3)
        return 2
    if question.fleet.sources:
        accounts = find_accounts(question.fleet, question.old)
        say_left_out(accounts)
        question = question_of(folder, files, accounts.accounts)
        if question.errors:
            say_diagnostics(question.errors, arguments.color, [folder])
            say("no bucket was read, and nothing was written")
            return 1
    dropped = closed_accounts(arguments.drop_account, question)
    with scanning(arguments.color) as report:
        found = scan(question.fleet.accounts, question.wanted, report)
    if found.failures:
        say_failures(found.failures)
        kept = "is as it was" if os.path.exists(question.lock_path) else "was not written"
        say(f"{question.lock_path} {kept}: a lock of some of the accounts would hide the others")
        return 3
    plan = plan_lock(question, found, dropped)
    _report_left_out(found, plan, question.fleet)
    return _settle(plan, files, check=arguments.check)


def _settle(plan: Plan, files: Mapping[str, Content], *, check: bool) -> int:
    same = files.get(plan.path) == plan.text.encode()
    if same:
        say(f"{plan.path}: unchanged")
    else:
        for change in plan.changes[:_MOST_CHANGES] or ("~ the same facts, written another way",):
            say(f"  {visible(change)}")
        if len(plan.changes) > _MOST_CHANGES:
            say(f"  and {len(plan.changes) - _MOST_CHANGES} more: all of them are in {plan.path}")
        if not check:
            write_file(plan.path, plan.text.encode())
        say(f"{plan.path}: {'would change' if check else 'written; review and commit it'}")
    _report_advice(plan, files, "would refuse it" if check and not same else "will now refuse")
    return 7 if check and not same else 0


def _report_advice(plan: Plan, files: Mapping[str, Content], refuses: str) -> None:
    for bucket in plan.out_of_reach:
        label = bucket.account.label.value
        say(
            f"{bucket.name} of {label} is in {bucket.region}, which the fleet file does not list:"
            f" add {bucket.region} to the regions of {label}"
        )
    for rule in plan.foreign:
        say(f"foreign rule on {rule.account}/{rule.bucket}: {visible(rule.rule_id)}")
    after = compile_files({**files, plan.path: plan.text.encode()})
    if after.failed:
        codes = [each.kind.code for each in after.diagnostics if each.severity is Severity.ERROR]
        counted = ", ".join(f"{codes.count(code)} × {code}" for code in sorted(set(codes)))
        say(f"`firnline check` {refuses}: {counted}")


def _report_left_out(found: Scan, plan: Plan, fleet: Fleet) -> None:
    carried = {bucket.place for bucket in plan.carried_over}
    for failure in found.unread:
        called = f"{failure.account.label.value}/{failure.bucket}"
        if (failure.account.id.value, failure.bucket) in carried:
            say(f"{called} stays in the lock as it was: it refuses {failure.why.permission}")
        else:
            why = f"no policy covers it, and it refuses {failure.why.permission}"
            say(f"{called} is not listed: {why}")
    unlisted = Counter(id for id, _ in carried if fleet.account_with(id) is None)
    for id, count in sorted(unlisted.items()):
        stay = "1 bucket stays" if count == 1 else f"{count} buckets stay"
        say(f"account {id} is not in the fleet file: {stay} in the lock as before")
        say(f"  once it is closed, `firnline resolve --drop-account {id}` takes them out")
    if found.others:
        say(f"{how_many(found.others, 'other bucket')} found, not managed here")


def say_failures(failures: tuple[Failure, ...]) -> None:
    """Account by account, what could not be read and why."""
    by_account = groupby(failures, key=lambda failure: failure.account)
    for account, of_account in by_account:
        say(f"{account.label.value} ({account.id.value}) cannot be read")
        by_permission = sorted(of_account, key=lambda failure: failure.why.permission)
        for _, same in groupby(by_permission, key=lambda failure: failure.why.permission):
            for line in _described(list(same), account):
                say(f"  {line}")


def _described(same: list[Failure], account: Account) -> Iterator[str]:
    why = same[0].why
    buckets = [failure.bucket for failure in same if failure.bucket]
    more = f" and {len(buckets) - 1} more" if len(buckets) > 1 else ""
    where = f" on {buckets[0]}{more}" if buckets else ""
    yield f"{outcome(why.code)}{':' if why.denied else ''} {why.permission}{where}"
    yield f"  {visible(why.reason)}"
    if not why.has_credentials:
        return
    if account.role is None and not why.denied:
        yield "  write the account's `role` in the fleet file, or use credentials of that account"
    if account.source and why.permission == ASSUME_ROLE:
        id = account.id.value
        yield f"  until it has the role, `exclude` under `accounts_from` leaves {id} out"


@contextmanager
def scanning(when: str) -> Iterator[Report]:
    """On a terminal one bar for all buckets; elsewhere one line for each account."""
    if not sys.stderr.isatty():
        yield _say_when_done
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    colour = wants_colour(sys.stderr, when)
    console = Console(stderr=True, no_color=not colour, highlight=False)
    done: dict[str, tuple[int, int]] = {}
    text = TextColumn("{task.description}")
    with Progress(text, BarColumn(), MofNCompleteColumn(), console=console, transient=True) as bar:
        task = bar.add_task("reading the accounts", total=None)

        def advance(account: Account, read: int, total: int) -> None:
            done[account.id.value] = (read, total)
            bar.update(
                task,
                description=f"reading buckets of {len(done)} accounts",
                completed=sum(each for each, _ in done.values()),
                total=sum(each for _, each in done.values()),
            )

        yield advance


def _say_when_done(account: Account, read: int, total: int) -> None:
    if read == total:
        say(
            f"{account.label.value} ({account.id.value}): {how_many(total, 'bucket')}"
            f" in {', '.join(account.regions)}"
        )
