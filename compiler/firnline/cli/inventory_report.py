"""`firnline inventory report`: what is stored where, whose it is, and what it costs a month."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator

from firnline.cli.failed import CommandFailed, code_of
from firnline.cli.formats import Answer
from firnline.cli.inventory_source import Age, InventorySource
from firnline.cli.item_options import now
from firnline.cli.option_types import count
from firnline.cli.out import add_out, write_out
from firnline.cli.prices_of import prices_of
from firnline.cli.program_of import program_of
from firnline.cli.stored import add_inventory_limits
from firnline.cli.streams import say
from firnline.diagnostics.visible import visible
from firnline.inventory.facts.branch import Branch, StoredBy, total
from firnline.inventory.facts.in_scope import InScope
from firnline.inventory.facts.tag_values import Tagged, TagValues
from firnline.inventory.forecast.monthly import averaged, of_a_month
from firnline.inventory.forecast.volume import merged
from firnline.inventory.prices.price_list import NoPrice, Prices
from firnline.rules.owners_below import owned_scopes, owners_below, possible_owners
from firnline.rules.program import Program
from firnline.settings import policies_folder
from firnline.targets.stored_report import ByTag, Line, OwnerLine, Part, StoredReport, TagLine

SUMMARY = "objects, bytes and dollars a month by prefix, tag and owner, of an inventory"
EPILOG = """\
firnline inventory report manifest.json
firnline inventory report manifest.json --depth 2 --out csv:stored.csv
firnline inventory report s3://my-inventories/my-bucket --max-age 2d
firnline inventory report my-table/@2026-11-28T10:00Z --by-tag owner

A folder is listed with a hundredth of all bytes, and looked into with a twentieth. The first price
bands of a class are shared by all that is stored in it.
"""
_DEPTH = 3


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    parser.add_argument(
        "manifest",
        metavar="PATH",
        help="manifest.json of S3 Inventory, or of `firnline inventory list`, on disk or s3://…; or"
        " a folder that S3 Inventory writes to, s3://DESTINATION/PREFIX/BUCKET: the newest is read;"
        " or PATH@DATE, the Parquet files of an S3 Metadata live inventory table and when they were"
        " exported",
    )
    parser.add_argument(
        "--depth", type=count, default=_DEPTH, help="at most so many folders deep (default: 3)"
    )
    parser.add_argument(
        "--by-tag",
        metavar="KEY",
        action="append",
        default=[],
        help="also by the value of this tag, such as `owner`; repeatable",
    )
    parser.add_argument(
        "--by-owner",
        action="store_true",
        help="also by the owner of the policy that says how long objects are kept",
    )
    parser.add_argument(
        "--policies",
        metavar="PATH",
        help="the policies whose owners are shown (default: those of the project, if they cover the"
        " bucket)",
    )
    parser.add_argument("--region", default="us-east-1", help="whose prices (default: %(default)s)")
    add_inventory_limits(parser)
    add_out(parser, Answer.STORED)


def run(arguments: argparse.Namespace) -> int:
    try:
        found = _report(arguments)
    except (CommandFailed, NoPrice) as why:
        say(f"firnline inventory report: {why}")
        return code_of(why)
    write_out(found, Answer.STORED, arguments)
    return 0


def _report(arguments: argparse.Namespace) -> StoredReport:
    """Raises `CommandFailed`, `NoPrice`."""
    from firnline.cli.named_inventories import open_one  # an extra, and slow to import

    prices = prices_of(arguments.region)
    source = InventorySource(arguments.account, policies_folder().path)
    age = Age(now(), arguments.max_age)
    inventory = open_one(arguments.manifest, source, age, arguments.color)
    program = program_of(inventory.bucket, arguments.policies, arguments.color)
    if arguments.by_owner and program is None:
        raise CommandFailed(
            f"--by-owner: no policies here cover bucket `{visible(inventory.bucket)}`: name some"
            " that do with --policies"
        )
    owners_of = program if arguments.by_owner else None
    scopes = None if owners_of is None else owned_scopes(owners_of)
    whole, tags, owned = inventory.stored_by(arguments.depth, arguments.by_tag, scopes)
    averages = averaged(prices, whole.stored)
    return StoredReport(
        inventory.bucket,
        inventory.in_words,
        prices.in_words,
        tuple(_lines(whole, 0, averages, program)),
        tuple(_by_tag(each, averages) for each in tags),
        has_owners=program is not None,
        by_owner=None if owners_of is None else tuple(_by_owner(owned, owners_of, averages)),
    )


def _lines(branch: Branch, depth: int, prices: Prices, program: Program | None) -> Iterator[Line]:
    owners = owners_below(program, branch.prefix) if program else ()
    yield Line(depth, branch.prefix, branch.total, of_a_month(branch.stored, prices), owners)
    for each in branch.branches:
        yield from _lines(each, depth + 1, prices, program)


def _by_owner(owned: Iterable[InScope], program: Program, prices: Prices) -> Iterator[OwnerLine]:
    """The one of most bytes first; what no policy is about comes last."""
    found: dict[tuple[str | None, ...], StoredBy] = {}
    for each in owned:
        owners = possible_owners(program, each.example, tags_known=each.tags_known)
        found[owners] = merged((found.get(owners, {}), each.stored))
    lines = [
        OwnerLine(owners, total(stored), of_a_month(stored, prices))
        for owners, stored in found.items()
    ]
    yield from sorted(
        lines, key=lambda line: (line.owners == (None,), -line.total.bytes, str(line.owners))
    )


def _by_tag(found: TagValues, prices: Prices) -> ByTag:
    """With the other values behind those that are named."""
    named = [share for share in found.shares if share.tagged is Tagged.WITH_VALUE]
    rest = [share for share in found.shares if share.tagged is not Tagged.WITH_VALUE]
    lines = [(_PARTS[share.tagged], share.value, share.stored) for share in named]
    if found.more_values:
        lines.append((Part.OTHER_VALUES, str(found.more_values), found.others))
    lines += [(_PARTS[share.tagged], share.value, share.stored) for share in rest]
    return ByTag(
        found.tag,
        tuple(
            TagLine(part, value, total(stored), of_a_month(stored, prices))
            for part, value, stored in lines
        ),
    )


_PARTS = {
    Tagged.WITH_VALUE: Part.VALUE,
    Tagged.UNTAGGED: Part.UNTAGGED,
    Tagged.NOT_TOLD: Part.NOT_TOLD,
}
