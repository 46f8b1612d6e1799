"""`firnline simulate`: what S3 does with objects, as of a date or day by day."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from firnline.cli.bucket_rules import NamedRules, of_bucket, of_file
from firnline.cli.failed import CommandFailed
from firnline.cli.formats import Answer
from firnline.cli.item_options import add_item, add_versioning, item_of, now
from firnline.cli.option_types import moment
from firnline.cli.out import add_out, write_out
from firnline.cli.streams import say
from firnline.cli.versioning import possible_versionings
from firnline.diagnostics.visible import visible
from firnline.inventory.listing import NotAListing, read_listing
from firnline.s3.model import RuleSet
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.listing import simulate_listing
from firnline.s3.simulate.stored import BucketState, MissingDetail, StoredItem
from firnline.s3.terms import Versioning
from firnline.targets.simulated import Due, Simulated, merged, of_listing
from firnline.workspace import DEFAULT_FOLDER

SUMMARY = "what S3 does with objects, as of a date or day by day"
EPILOG = """\
one object:   firnline simulate --bucket my-bucket --key models/x --size 5GiB
a listing:    aws s3api list-object-versions --bucket my-bucket > now.json
              firnline simulate now.json --bucket my-bucket --until 2027-12-31
other rules:  firnline simulate now.json --rules lifecycle.json --at 2027-01-01
"""
_PROBLEMS = 20
_LONG = 50_000
_T = TypeVar("_T")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "listing",
        metavar="PATH",
        nargs="?",
        help="CSV with a header, or JSON of `aws s3api list-objects-v2`, `list-object-versions` or"
        " `list-multipart-uploads`",
    )
    rules = parser.add_argument_group("the rules")
    rules.add_argument("--bucket", metavar="NAME", help="a bucket that the policies cover")
    rules.add_argument(
        "--policies",
        metavar="DIR",
        default=DEFAULT_FOLDER,
        help="where the policies are (default: policies)",
    )
    rules.add_argument("--rules", metavar="PATH", help="a lifecycle configuration instead")
    add_versioning(rules)
    one = parser.add_argument_group("one object instead of a listing")
    one.add_argument("--key", help="its key")
    add_item(one)
    when = parser.add_argument_group("when")
    period = when.add_mutually_exclusive_group()
    period.add_argument("--at", metavar="DATE", type=moment, help="what is due at that moment")
    period.add_argument("--until", metavar="DATE", type=moment, help="what happens until then")
    when.add_argument(
        "--since",
        metavar="DATE",
        type=moment,
        help="from when on (default: today for a listing, its creation for one object)",
    )
    add_out(parser, Answer.SIMULATED)


def run(arguments: argparse.Namespace) -> int:
    try:
        named = _rules(arguments)
        items = _items(arguments)
    except (CommandFailed, NotAListing, MissingDetail) as problem:
        say(f"firnline: {problem}")
        return problem.code if isinstance(problem, CommandFailed) else 2
    versionings = possible_versionings(arguments, named, items)
    _warn_of_versions(items, versionings)
    if arguments.listing is not None:
        _warn_of_tags(items, named.rules)
    today = None if arguments.listing is None else now()
    answers = {
        versioning: _simulated(Batch(named.rules, BucketState(versioning)), items, today, arguments)
        for versioning in versionings
    }
    write_out(merged(answers), Answer.SIMULATED, arguments)
    return 0


def _simulated(
    batch: Batch, items: Sequence[StoredItem], today: datetime | None, arguments: argparse.Namespace
) -> Due | Simulated:
    """`today` is None for one object, which may begin at its creation."""
    if arguments.at:
        actions = list(_watched(batch.actions_due(items, arguments.at), len(items)))
        return Due(items, actions, arguments.at)
    since = arguments.since or today
    if today is None:
        histories = tuple(batch.histories(items, since, arguments.until))
        return Simulated(tuple(items), histories, since, arguments.until)
    outcomes = simulate_listing(batch, items, since or today, arguments.until)
    return of_listing(items, _watched(outcomes, len(items)), since, arguments.until)


def _rules(arguments: argparse.Namespace) -> NamedRules:
    """Raises `CommandFailed`."""
    if arguments.rules is not None:
        return of_file(arguments.rules, arguments.bucket)
    if arguments.bucket is None:
        raise CommandFailed("say which rules: --bucket NAME, or --rules FILE")
    return of_bucket(arguments.bucket, arguments.policies, arguments.color)


def _items(arguments: argparse.Namespace) -> Sequence[StoredItem]:
    """Raises `NotAListing`, `MissingDetail`."""
    if (arguments.listing is None) == (arguments.key is None):
        raise NotAListing(
            "give a listing, or one object by --key" + " (not both)" * bool(arguments.key)
        )
    if arguments.key is not None:
        return [item_of(arguments, arguments.key, _created(arguments))]
    path = arguments.listing
    try:
        with open(path, "rb") as stream:
            content = stream.read()
        listing = read_listing(content, path)
    except OSError as problem:
        raise NotAListing(f"{path} cannot be read: {problem.strerror}") from None
    except NotAListing as problem:
        raise NotAListing(f"{path} {problem}") from None
    if listing.problems:
        for line in listing.problems[:_PROBLEMS]:
            say(visible(line))
        more = len(listing.problems) - _PROBLEMS
        if more > 0:
            say(f"… and {more} more")
        raise NotAListing(f"{path} cannot be read whole: nothing was simulated")
    return listing.items


def _created(arguments: argparse.Namespace) -> datetime:
    """A new object, unless an option makes it older."""
    if arguments.created is not None:
        created: datetime = arguments.created
        return created
    return min(each for each in (now(), arguments.at, arguments.noncurrent_since) if each)


def _warn_of_versions(items: Sequence[StoredItem], versionings: Sequence[Versioning]) -> None:
    old = sum(not item.current for item in items)
    if old and versionings == (Versioning.OFF,):
        say(
            f"{old:,} old versions in a bucket whose versioning is off: lifecycle leaves them"
            " alone; say --versioning if it is not"
        )


def _warn_of_tags(items: Sequence[StoredItem], rules: RuleSet) -> None:
    """No listing of S3 has tags (S3 User Guide, "Amazon S3 Inventory list")."""
    tagged = sum(rule.enabled and bool(rule.filter.tags) for rule in rules.rules)
    if tagged and not any(item.tags for item in items):
        say(
            f"{tagged:,} of the rules filter by tags, and nothing in the listing has any: they"
            " match nothing here"
        )


def _watched(answers: Iterator[_T], total: int) -> Iterator[_T]:
    """With a progress bar on a terminal if it takes long."""
    if total < _LONG or not sys.stderr.isatty():
        return answers
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return iter(track(answers, "simulating", total=total, console=console, transient=True))
