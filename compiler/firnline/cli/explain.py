"""`firnline explain`: what a kind of diagnostic means, or what S3 does with an object, and why."""

from __future__ import annotations

import argparse
import sys
from textwrap import indent

from firnline.catalog import catalog
from firnline.cli.item_options import add_item, add_versioning
from firnline.cli.option_types import moment
from firnline.cli.paths import OF_THE_PROJECT
from firnline.cli.streams import columns, fitted, say, wants_colour
from firnline.diagnostics.kinds import Example, Kind
from firnline.diagnostics.remedy_words import in_words
from firnline.diagnostics.wrapping import wrapped
from firnline.examples import WIDEST_SOURCE, drawn, facts_of, shown
from firnline.language.nearest import did_you_mean

SUMMARY = "what a code such as FL301 means; or an object: who owns it, and what S3 does with it"
EPILOG = """\
of an object that is new, that is old, or that is there:
  firnline explain s3://my-bucket/models/x --size 5GiB --tags stage=prod
  firnline explain s3://my-bucket/models/x --created 2026-05-01 --class GLACIER
  firnline explain s3://my-bucket/models/x --live
"""
_INDENT = "    "
_MOST_COLUMNS = 92


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    parser.add_argument(
        "code",
        metavar="CODE|s3://BUCKET/KEY",
        nargs="?",
        help="a code or a name (none lists them all), or an object",
    )
    about = parser.add_argument_group("of an object")
    about.add_argument("--live", action="store_true", help="as it is there now (reads AWS)")
    about.add_argument(
        "--at", metavar="DATE", type=moment, help="the moment to explain (default: now)"
    )
    about.add_argument(
        "--policies",
        metavar="DIR",
        help=f"where the policies are (default: {OF_THE_PROJECT})",
    )
    about.add_argument(
        "--rules",
        metavar="PATH",
        help="a file that `firnline check` reads instead, such as lifecycle JSON or a Terraform"
        " plan",
    )
    about.add_argument(
        "--bucket",
        metavar="NAME",
        help="the bucket or resource of that file, if not the bucket of the object",
    )
    add_versioning(about)
    add_item(about)


def run(arguments: argparse.Namespace) -> int:
    if arguments.code is not None and arguments.code.lower().startswith("s3://"):
        from firnline.cli.explain_object import run as explain_object
        from firnline.settings import policies_folder

        # A code is explained even where the settings are wrong.
        arguments.policies = arguments.policies or policies_folder().path
        return explain_object(arguments, arguments.code)
    kinds = catalog()
    if arguments.code is None:
        for kind in kinds:
            row = f"{kind.code}  {kind.name:<24} {kind.severity.value:<8} {kind.title}"
            print(fitted(row, sys.stdout, hanging=41))
        return 0
    wanted = arguments.code.strip().lower()
    for kind in kinds:
        if wanted in (kind.code.lower(), kind.name):
            print(_page(kind, colour=wants_colour(sys.stdout, arguments.color)))
            return 0
    nearest = did_you_mean(wanted, [kind.name for kind in kinds])
    cure = in_words((nearest,)) if nearest else "list them with `firnline explain`"
    say(f"no diagnostic is called {arguments.code!r}: {cure}")
    return 2


def _page(kind: Kind, *, colour: bool) -> str:
    head = f"{kind.code} {kind.name} ({kind.severity.value})"
    said = wrapped(kind.title, columns())
    lines = [f"\x1b[1m{head}\x1b[0m" if colour else head, *said, ""]
    wide, room = min(columns(), _MOST_COLUMNS), columns() - len(_INDENT)
    lines += [*wrapped(kind.why, wide), "", *wrapped(f"help: {kind.help}", wide, hanging=6)]
    says = f"says of {facts}" if (facts := facts_of(kind)) else "says"
    for title, text in (
        ("wrong", _text(kind.wrong)),
        (says, drawn(kind, wide - len(_INDENT), min(room, WIDEST_SOURCE))),
        ("right", _text(kind.right)),
    ):
        if text:
            lines += [
                "",
                *wrapped(f"{title}:", wide),
                *wrapped(indent(text, _INDENT), columns(), hanging=2),
            ]
    return "\n".join(lines)


def _text(example: Example) -> str:
    return "\n".join(f"# {name}\n{text}" if name else text for name, text in shown(example))
