"""After S3's next run: did it do on the first wave of a rollout what the rules say?

Judged by inventories that S3 made after that run, and by earlier ones of the same buckets.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime

from firnline.cli.failed import CommandFailed
from firnline.cli.streams import say, say_diagnostics
from firnline.cli.verify_expiry import ToldByInventory, inventories_in_words
from firnline.cli.verify_inventory import told_by_inventories
from firnline.diagnostics.kinds import has_errors
from firnline.fleet.accounts import Clients
from firnline.fleet.verify.verified import VerifiedBucket
from firnline.rollout.plan import AccountPlan
from firnline.rollout.verified import read
from firnline.s3.simulate.clock import midnight_from
from firnline.targets.changes_in_short import names

_SOME_FAILED = 10


def judge_canary(
    accounts: Sequence[AccountPlan], since: datetime, arguments: argparse.Namespace
) -> None:
    """`accounts` are those of the wave, which was deployed by `since`. Raises `CommandFailed` where
    S3 has done anything else, or where that is not known yet.
    """
    if not arguments.inventory:
        raise CommandFailed(
            "the rollout waits for what S3 does on its canary, the first wave, when it next runs:"
            " --inventory names inventories that S3 made after that, --earlier such from before;"
            " --now goes on without",
            _SOME_FAILED,
        )
    clients = Clients()
    buckets = read(accounts, clients)
    told = tuple(
        told_by_inventories(
            arguments.inventory,
            arguments.earlier,
            arguments.folder,
            arguments.color,
            buckets,
            clients,
            arguments.logs,
            {each.expected.bucket.name: since for each in buckets},
        )
    )
    for line in inventories_in_words(told):
        say(line)
    refuse_unless_done(told, buckets, since, arguments.color)


def refuse_unless_done(
    told: Sequence[ToldByInventory],
    buckets: Sequence[VerifiedBucket],
    since: datetime,
    colour: str = "never",
) -> None:
    """Unless S3 did on each bucket what its rules say, and nothing else. Raises `CommandFailed`."""
    _refuse_early(told, since)
    found = [finding for each in told for finding in each.findings]
    found += [finding for each in buckets for finding in each.findings]
    if found:
        say_diagnostics(found, colour)
    if has_errors(found):
        raise CommandFailed(
            "S3 does not do what the rules say: the next wave is not begun; `firnline rollout"
            " --undo` writes again what was live before",
            _SOME_FAILED,
        )
    due = [each.bucket.name for each in told if each.ran and each.ran.due]
    if due:
        raise CommandFailed(
            f"S3 has not acted yet on {names(due)}, which may take it two days: resume with a later"
            " inventory, or with --now",
            _SOME_FAILED,
        )
    judged = {each.bucket.name for each in told if each.ran is not None}
    unjudged = sorted({each.expected.bucket.name for each in buckets} - judged)
    if unjudged:
        raise CommandFailed(
            f"what S3 did on {names(unjudged)} is not known: that takes an inventory from after its"
            " run (--inventory) and one from before (--earlier) of each bucket; --now goes on"
            " without",
            _SOME_FAILED,
        )


def _refuse_early(told: Sequence[ToldByInventory], since: datetime) -> None:
    """An inventory from before S3's next run tells nothing of it."""
    if not told:
        raise CommandFailed("no inventory is of a bucket of the first wave", _SOME_FAILED)
    early = [each.bucket.name for each in told if each.told.made < midnight_from(since)]
    if early:
        raise CommandFailed(
            f"the inventories of {names(early)} are from before S3's next run: S3 makes them daily"
            " or weekly",
            _SOME_FAILED,
        )
