"""What options of `check` name of what is stored, opened once for all that looks into it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, time

from firnline.cli.inventory_source import InventorySource
from firnline.cli.item_options import now
from firnline.cli.samples import KeptOpen
from firnline.cli.stored import StoredIn, read_stored
from firnline.cli.stored_costs import MONTHS
from firnline.settings import policies_folder


@contextmanager
def opened(arguments: Namespace) -> Iterator[tuple[StoredIn, ...]]:
    """An inventory in S3 is read once, however often it is asked. Raises `CommandFailed`."""
    whole = Namespace(**{**vars(arguments), "months": MONTHS})
    source = InventorySource(arguments.account, policies_folder().path)
    with ExitStack() as open_until_then:
        stored = []
        for each in read_stored(whole, moment_of(arguments), source):
            stored.append(each)
            if isinstance(each, KeptOpen):
                open_until_then.enter_context(each.kept_open())
        yield tuple(stored)


def moment_of(arguments: Namespace) -> datetime:
    """As of which what is stored is looked at."""
    if arguments.as_of is not None:
        moment: datetime = arguments.as_of
        return moment
    today = arguments.today
    return now() if today is None else datetime.combine(today, time.max, UTC)
