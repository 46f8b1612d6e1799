"""`firnline explain`: what a kind of diagnostic means, or what S3 does with an object, and why."""

from __future__ import annotations

import argparse
import sys
import textwrap

from firnline.catalog import catalog
from firnline.cli.item_options import add_item, add_versioning
from firnline.cli.option_types import moment
from firnline.cli.streams import say, wants_colour
from firnline.diagnostics.kinds import Example, Kind
from firnline.diagnostics.remedy_words import in_words
from firnline.examples import drawn, shown
from firnline.language.nearest import did_you_mean
from firnline.workspace import DEFAULT_FOLDER

SUMMARY = "what a code such as FL301 means; or an object: who owns it, and what S3 does with it"
EPILOG = """\
of an object that is new, that is old, or that is there:
  firnline explain s3://my-bucket/models/x --size 5GiB --tags stage=prod
  firnline explain s3://my-bucket/models/x --created 2026-05-01 --class STANDARD_IA
  firnline explain s3://my-bucket/models/x --live
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
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
        default=DEFAULT_FOLDER,
        help="where the policies are (default: policies)",
    )
    about.add_argument("--rules", metavar="PATH", help="a lifecycle configuration instead")
    add_versioning(about)
    add_item(about)


def run(arguments: argparse.Namespace) -> int:
    if arguments.code is not None and arguments.code.lower().startswith("s3://"):
        from firnline.cli.explain_object import run as explain_object

        return explain_object(arguments, arguments.code)
    kinds = catalog()
    if arguments.code is None:
        for kind in kinds:
            print(f"{kind.code}  {kind.name:<24} {kind.severity.value:<8} {kind.title}")
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
    lines = [f"\x1b[1m{head}\x1b[0m" if colour else head, kind.title, ""]
    lines += [*textwrap.wrap(kind.why, 88), "", f"help: {kind.help}"]
    for title, text in (
        ("wrong", _text(kind.wrong)),
        ("says", drawn(kind)),
        ("right", _text(kind.right)),
    ):
        if text:
            lines += ["", f"{title}:", textwrap.indent(text, "    ")]
    return "\n".join(lines)


def _text(example: Example) -> str:
    return "\n".join(f"# {name}\n{text}" if name else text for name, text in shown(example))
