"""`firnline explain CODE`: what a kind of diagnostic means, with an example and its cure."""

from __future__ import annotations

import argparse
import sys
import textwrap

from firnline.catalog import catalog
from firnline.cli.streams import say, wants_colour
from firnline.diagnostics.kinds import Example, Kind
from firnline.examples import drawn, shown
from firnline.language.nearest import did_you_mean

SUMMARY = "what a code such as FL301 means, with an example and its cure"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", nargs="?", help="a code or a name; none lists them all")


def run(arguments: argparse.Namespace) -> int:
    kinds = catalog()
    if arguments.code is None:
        for kind in kinds:
            print(f"{kind.code}  {kind.name:<24} {kind.severity.value:<8} {kind.title}")
        return 0
    asked = arguments.code.strip().lower()
    for kind in kinds:
        if asked in (kind.code.lower(), kind.name):
            print(_page(kind, colour=wants_colour(sys.stdout, arguments.color)))
            return 0
    nearest = did_you_mean(asked, [kind.name for kind in kinds])
    say(
        f"no diagnostic is called {arguments.code!r}: {nearest or 'list them with'}"
        f"{'' if nearest else ' `firnline explain`'}"
    )
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
