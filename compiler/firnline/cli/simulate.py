"""`firnline simulate`: what S3 does with objects, as of a date or day by day."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from firnline.cli.bucket_rules import NamedRules, of_bucket, of_file
from firnline.cli.failed import CommandFailed
from firnline.cli.formats import Answer
from firnline.cli.item_options import add_item, add_versioning, item_of, now
from firnline.cli.listing_file import called, read_listing_file
from firnline.cli.option_types import moment
from firnline.cli.out import add_out, write_out
from firnline.cli.paths import OF_THE_PROJECT, Unnamed
from firnline.cli.progress import watched
from firnline.cli.streams import say
from firnline.cli.versioning import possible_versionings
from firnline.diagnostics.visible import visible
from firnline.inventory.manifest import columns_of
from firnline.inventory.not_a_listing import NotAListing
from firnline.s3.model import RuleSet
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.listing import simulate_listing
from firnline.s3.simulate.stored import BucketState, MissingDetail, StoredItem
from firnline.s3.terms import Versioning
from firnline.targets.simulated import Due, Shown, Simulated, merged, of_listing
from firnline.workspace import STDIN

SUMMARY = "what S3 does with objects, as of a date or day by day"
EPILOG = """\
one object:   firnline simulate --bucket my-bucket --key models/x --size 5GiB
a listing:    aws s3api list-object-versions --bucket my-bucket > now.json
              firnline simulate now.json --bucket my-bucket --until 2027-12-31
other rules:  firnline simulate now.json --rules lifecycle.json --at 2027-01-01
"""
_PROBLEMS = 20


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    parser.add_argument(
        "listing",
        metavar="PATH",
        nargs="?",
        help="JSON or YAML of `aws s3api list-object-versions` and the like, S3 Inventory's"
        " manifest.json or a CSV file of it, JSON of `rclone lsjson -R` or `mc ls --recursive"
        " --json`, CSV with a header; `-` is stdin",
    )
    parser.add_argument(
        "--schema",
        metavar="COLUMNS",
        help="the columns of a CSV without a header, as an inventory's manifest.json has them",
    )
    rules = parser.add_argument_group("the rules")
    rules.add_argument(
        "--bucket",
        metavar="NAME",
        help="a bucket that the policies cover; with --rules a bucket or resource of that file",
    )
    rules.add_argument(
        "--policies",
        metavar="DIR",
        default=Unnamed.POLICIES,
        help=f"where the policies are (default: {OF_THE_PROJECT})",
    )
    rules.add_argument(
        "--rules",
        metavar="PATH",
        help="a file that `firnline check` reads instead, such as lifecycle JSON or a Terraform"
        " plan",
    )
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
    parser.add_argument(
        "--all", action="store_true", help="every row of the text, also where they are many"
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
        versioning: replace(
            _simulated(Batch(named.rules, BucketState(versioning)), items, today, arguments),
            kept=named.kept,
        )
        for versioning in versionings
    }
    answer = Shown(merged(answers), of_one=arguments.listing is None, every_row=arguments.all)
    write_out(answer, Answer.SIMULATED, arguments)
    return 0


def _simulated(
    batch: Batch, items: Sequence[StoredItem], today: datetime | None, arguments: argparse.Namespace
) -> Due | Simulated:
    """`today` is None for one object, which may begin at its creation."""
    if arguments.at:
        actions = list(watched(batch.actions_due(items, arguments.at), len(items), "simulating"))
        return Due(items, actions, arguments.at)
    since = arguments.since or today
    if today is None:
        histories = tuple(batch.histories(items, since, arguments.until))
        return Simulated(tuple(items), histories, since, arguments.until)
    outcomes = simulate_listing(batch, items, since or today, arguments.until)
    bar = watched(outcomes, len(items), "simulating")
    return of_listing(items, bar, since, arguments.until)


def _rules(arguments: argparse.Namespace) -> NamedRules:
    """Raises `CommandFailed`."""
    if arguments.rules == arguments.listing == STDIN:
        raise CommandFailed("the listing and the rules cannot both come from stdin")
    if arguments.rules is not None:
        return of_file(arguments.rules, arguments.bucket, arguments.color)
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
    schema = None if arguments.schema is None else columns_of(arguments.schema)
    listing = read_listing_file(path, schema)
    for note in listing.notes:
        say(f"{called(path)}: {note}")
    if listing.problems:
        for line in listing.problems[:_PROBLEMS]:
            say(visible(line))
        more = len(listing.problems) - _PROBLEMS
        if more > 0:
            say(f"… and {more} more")
        raise NotAListing(f"{called(path)} cannot be read whole: nothing was simulated")
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
            f"{old:,} noncurrent versions in a bucket whose versioning is off: lifecycle leaves"
            " them"
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
