"""What `firnline verify` reads beside the rules of buckets: writers, days of expiry, inventories.

What cannot be read takes nothing away from what is known by then.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from firnline.cli.failed import CommandFailed
from firnline.cli.formats import FormatName
from firnline.cli.streams import say
from firnline.cli.verify_expiry import ToldByInventory, told_by_s3
from firnline.cli.verify_fleet import Selected
from firnline.fleet.accounts import Clients
from firnline.fleet.expiry.verdicts import BucketVerdict
from firnline.fleet.verify.verified import VerifiedBucket
from firnline.inventory.coverage.uncovered import Coverage


@dataclass(frozen=True, slots=True)
class Beside:
    """`buckets` are those that were given, with who wrote what differs; `failures` say what could
    not be read.
    """

    buckets: tuple[VerifiedBucket, ...]
    expiry: tuple[BucketVerdict, ...] | None
    inventories: tuple[ToldByInventory, ...]
    coverage: Coverage | None
    failures: tuple[str, ...]


def check_options(arguments: argparse.Namespace) -> None:
    """Raises `CommandFailed`."""
    if arguments.earlier and not arguments.inventory:
        raise CommandFailed("--earlier goes with --inventory")
    if arguments.logs and not arguments.earlier:
        raise CommandFailed("--logs goes with --earlier")
    if arguments.written_at and not arguments.inventory:
        raise CommandFailed("--written-at goes with --inventory")
    if arguments.inventory:
        # An extra, and slow to import: it says so where that is missing.
        import firnline.cli.verify_inventory as _  # noqa: F401


def beside(
    arguments: argparse.Namespace,
    chosen: Selected,
    buckets: Sequence[VerifiedBucket],
    clients: Clients,
) -> Beside:
    failures: list[str] = []
    expiry, inventories, coverage = None, list[ToldByInventory](), None
    if arguments.writers is not None:
        from firnline.cli.verify_writers import with_writers  # seldom needed

        with _going_on(failures):
            buckets = with_writers(buckets, clients, arguments)
    if arguments.expiry_dates is not None:
        expiry = told_by_s3(arguments.expiry_dates, arguments.settle, buckets, clients)
    with _going_on(failures):  # they are those of the coverage too
        for each in _inventories(arguments, buckets, clients):
            inventories.append(each)  # those before one that cannot be read
        coverage = _coverage(chosen, arguments)
    return Beside(tuple(buckets), expiry, tuple(inventories), coverage, tuple(failures))


@contextmanager
def _going_on(failures: list[str]) -> Iterator[None]:
    try:
        yield
    except CommandFailed as why:
        text = str(why)
        if text not in failures:
            say(f"firnline verify: {text}")
            failures.append(text)


def _inventories(
    arguments: argparse.Namespace, buckets: Sequence[VerifiedBucket], clients: Clients
) -> Iterator[ToldByInventory]:
    """Raises `CommandFailed`."""
    if not arguments.inventory:
        return
    from firnline.cli.verify_inventory import told_by_inventories  # an extra, and slow to import

    places, folder = (arguments.inventory, arguments.earlier), arguments.folder
    colour, logs = arguments.color, arguments.logs
    written = arguments.written_at
    by_bucket = {each.expected.bucket.name: written for each in buckets} if written else {}
    yield from told_by_inventories(*places, folder, colour, buckets, clients, logs, by_bucket)


def _coverage(chosen: Selected, arguments: argparse.Namespace) -> Coverage | None:
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
        policies=os.path.normpath(arguments.folder),
        color=arguments.color,
    )
    return coverage_from(chosen.compilation, asked)
