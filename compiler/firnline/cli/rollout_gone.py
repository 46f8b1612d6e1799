"""Before an undo: what S3 has done by the newer rules, which no rules take back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from firnline.cli.already_gone import told_of
from firnline.cli.failed import CommandFailed
from firnline.cli.streams import say
from firnline.diagnostics.visible import visible
from firnline.fleet.accounts import Clients
from firnline.fleet.live import read_clock
from firnline.fleet.questions import LOCATE_BUCKET, Failure, ask
from firnline.inventory.savings.entry import Entry
from firnline.rollout.plan import Plan, listed
from firnline.targets.changes_in_short import names


def say_gone(entries: Sequence[Entry], plan: Plan) -> None:
    """`entries` are the changes that are undone; the same is said once, however many buckets it is
    true of.
    """
    places = {
        (account.stack.account.id.value, each.name): listed(account, each)
        for account in plan.accounts
        for each in account.writes
    }
    undone = [each for each in entries if (each.change.account, each.change.bucket) in places]
    if not undone:
        return
    now = ask(Clients(), next(iter(places.values())), LOCATE_BUCKET, read_clock)
    told: dict[tuple[str, ...], list[str]] = {}
    for each in undone:
        lines = _told(each, datetime.now(UTC) if isinstance(now, Failure) else now)
        told.setdefault(lines, []).append(each.change.bucket)
    for lines, buckets in told.items():
        say(f"{names(buckets)}: {lines[0]}")
        for line in lines[1:]:
            say(f"  {line}")


def _told(entry: Entry, now: datetime) -> tuple[str, ...]:
    try:
        return told_of(entry, now)
    except CommandFailed as why:
        return (f"what is gone is not known: {visible(str(why))}",)
