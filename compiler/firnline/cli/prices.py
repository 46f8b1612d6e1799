"""`firnline prices`: what S3 costs in a region, and where that is from; `update` fetches it."""

from __future__ import annotations

import argparse
import os
from typing import Final

from firnline.atomic_file import write_file
from firnline.cli.failed import CommandFailed
from firnline.cli.formats import Answer
from firnline.cli.offer_source import AWS, read_offers
from firnline.cli.option_types import option_type
from firnline.cli.out import add_out, write_out
from firnline.cli.prices_of import cached_at, prices_of
from firnline.cli.streams import say
from firnline.diagnostics.visible import visible
from firnline.inventory.prices.missing import missing
from firnline.inventory.prices.offer_file import prices_in
from firnline.inventory.prices.offer_json import NotAnOffer
from firnline.inventory.prices.price_file import read_price_file
from firnline.inventory.prices.price_json import to_json
from firnline.inventory.prices.price_list import NoPrice, Prices
from firnline.inventory.prices.shipped import US_EAST_1
from firnline.inventory.prices.table import NotAPriceFile
from firnline.language.price_settings import is_region
from firnline.settings import text_of

SUMMARY = "what S3 costs in a region, with dates and sources; `update` fetches AWS's price lists"
EPILOG = """\
what is known:        firnline prices show
of another region:    firnline prices update --region eu-central-1
without the network:  firnline prices update --region eu-central-1 --from index.json

`update` writes prices/REGION.json beside the settings, to be committed. Own figures and a discount
stand under [prices] in firnline.toml.
"""
SHOW: Final = "show"
UPDATE: Final = "update"


@option_type
def region(text: str) -> str:
    if not is_region(text):
        raise ValueError(f"{text!r} is not a region; write it as in eu-central-1")
    return text


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    parser.add_argument(
        "action",
        metavar="ACTION",
        choices=(SHOW, UPDATE),
        help="show: print what is known; update: read AWS's price lists and save the prices",
    )
    parser.add_argument(
        "--region",
        metavar="REGION",
        type=region,
        help=f"such as eu-central-1; needed to update (default: {US_EAST_1.region})",
    )
    parser.add_argument(
        "--from",
        dest="places",
        metavar="PATH",
        action="append",
        help="of update: an offer file (index.json) as file or URL, repeatable; or the folder or"
        f" URL of a copy of AWS's tree of them (default: {AWS})",
    )
    add_out(parser, Answer.PRICES)


def run(arguments: argparse.Namespace) -> int:
    try:
        if arguments.action == UPDATE:
            _update(arguments)
        else:
            _show(arguments)
    except CommandFailed as why:
        say(f"firnline prices: {visible(str(why))}")
        return why.code
    except NoPrice as why:
        say(f"firnline prices: {why}")
        return 2
    return 0


def _show(arguments: argparse.Namespace) -> None:
    if arguments.places:
        raise CommandFailed("--from is an option of `prices update`")
    write_out(prices_of(arguments.region or US_EAST_1.region), Answer.PRICES, arguments)


def _update(arguments: argparse.Namespace) -> None:
    """Nothing is written unless all was read. Raises `CommandFailed`."""
    if arguments.region is None:
        raise CommandFailed("say of which region: --region eu-central-1")
    if arguments.out:
        raise CommandFailed("--out is an option of `prices show`")
    path = cached_at(arguments.region)
    _must_be_ours(path)
    try:
        prices = prices_in(read_offers(arguments.places or (), arguments.region), arguments.region)
    except NotAnOffer as problem:
        raise CommandFailed(f"the price lists cannot be used: {problem}") from None
    os.makedirs(os.path.dirname(path) or os.curdir, exist_ok=True)
    write_file(path, to_json(prices).encode())
    _report(prices, path)


def _must_be_ours(path: str) -> None:
    """What is no price file is not overwritten. Raises `CommandFailed`."""
    if (text := text_of(path)) is None:
        return
    try:
        read_price_file(text, toml=False)
    except NotAPriceFile as problem:
        raise CommandFailed(f"{path} is no price file: {problem}; move it away") from None


def _report(prices: Prices, path: str) -> None:
    say(f"{path}: {visible(prices.in_words)}")
    if without := missing(prices):
        say(f"no price of {', '.join(without)}")
