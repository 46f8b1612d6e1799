"""`firnline forecast --realised`: what came of the changes that `pulumi up` has recorded."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from firnline.cli.failed import CommandFailed
from firnline.cli.formats import FORMATS, Answer
from firnline.cli.inventory_source import InventorySource
from firnline.cli.ledger_file import read_ledger_file
from firnline.cli.out import outputs
from firnline.cli.streams import columns, write
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.inventory.savings.entry import Entry
from firnline.inventory.savings.realised import LAG
from firnline.settings import policies_folder


def add_realised(parser: argparse._ActionsContainer) -> None:
    parser.add_argument(
        "--realised",
        metavar="STATE",
        help="instead: compare what was forecast for each change that `pulumi up` has applied with"
        " later inventories (--inventory; of a folder all); STATE is what `pulumi stack export`"
        " writes, - for stdin",
    )
    parser.add_argument(
        "--lag",
        metavar="DAYS",
        type=int,
        help="with --realised: how many days late an action may be, before a rule counts as one"
        f" that did not act (default: {LAG})",
    )


def run_realised(arguments: argparse.Namespace) -> int:
    """Raises `CommandFailed`."""
    _refuse_other_options(arguments)
    if not arguments.inventory:
        raise CommandFailed("say what is there now: --inventory PATH, of some day after the change")
    lag = LAG if arguments.lag is None else arguments.lag
    if lag < 0:
        raise CommandFailed("--lag takes 0 or more days")
    formats = {each.name: each for each in FORMATS[Answer.REALISED]}
    wanted = outputs(Answer.REALISED, arguments)
    for format, _ in wanted:
        if format.name not in formats:
            raise CommandFailed(f"--realised is not written as {format.name}")
    ledger = read_ledger_file(arguments.realised)
    # An extra, and slow to import.
    from firnline.cli.later_inventories import inventories_at
    from firnline.cli.realising import realised

    source = InventorySource(arguments.account, policies_folder().path)
    inventories = [each for named in arguments.inventory for each in inventories_at(named, source)]
    if arguments.bucket:
        entries = _of_bucket(arguments.bucket, ledger.entries)
        ledger = ledger._replace(entries=entries)
    found = list(realised(ledger, inventories, lag))
    if not found:
        raise CommandFailed(_nothing_later(ledger.entries), code=1)
    for format, file in wanted:
        text = formats[format.name].render(found, colour=False, columns=columns())
        write(text, file)
    return 0


_OF_A_FORECAST = {
    "snapshots": "snapshots",
    "ingest": "--ingest",
    "growth_from": "--growth-from",
    "summaries": "--summary",
    "cloudwatch": "--cloudwatch",
    "as_of": "--as-of",
    "max_age": "--max-age",
    "versioning": "--versioning",
    "region": "--region",
    "rule_of_thumb": "--rule-of-thumb",
}


def _refuse_other_options(arguments: argparse.Namespace) -> None:
    given = [named for name, named in _OF_A_FORECAST.items() if getattr(arguments, name)]
    if given:
        raise CommandFailed(
            f"--realised takes no {' and no '.join(given)}: the ledger says what was forecast, and"
            " --inventory what is there"
        )


def _of_bucket(bucket: str, entries: Sequence[Entry]) -> list[Entry]:
    """Raises `CommandFailed` where there is none."""
    found = [each for each in entries if each.change.bucket == bucket]
    if not found:
        names = sorted({visible(each.change.bucket) for each in entries})
        raise CommandFailed(
            f"the ledger has no change of bucket `{visible(bucket)}`, only of {', '.join(names)}",
            code=1,
        )
    return found


def _nothing_later(entries: Sequence[Entry]) -> str:
    listed = [
        f"  {each.change.at:%Y-%m-%d %H:%M}Z  {visible(each.change.bucket)}" for each in entries
    ]
    return (
        "no inventory is of a bucket after a change of its rules and the midnight UTC at which they"
        f" act first; the ledger has {how_many(len(listed), 'change')}:\n" + "\n".join(listed)
    )
