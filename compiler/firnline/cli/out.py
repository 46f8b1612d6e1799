"""`--out FORMAT[:FILE]`: the formats of a command's output, and its destinations."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from firnline.cli.formats import FORMATS, Answer, Format
from firnline.cli.parser import instead_of
from firnline.cli.streams import columns, wants_colour, write

Output = tuple[Format, str | None]
"""A format, and the file that is named; else it goes to stdout."""


def add_out(parser: argparse.ArgumentParser, answer: Answer, *others: Answer) -> None:
    """`--out FORMAT[:FILE]`, repeatable: one run, several outputs. With the formats of `others`
    too, which the command may give instead.
    """
    known = (each for one in (answer, *others) for each in FORMATS[one])
    formats = tuple({each.name: each for each in (*known, *FORMATS[answer])}.values())
    described = "; ".join(f"{each.name}: {each.help}" for each in formats)
    parser.add_argument(
        "--out",
        metavar="FORMAT[:FILE]",
        action="append",
        type=OutFormat({each.name: each for each in formats}),
        help=f"{described} (default: {formats[0].name}); repeatable",
    )


def write_out(
    found: Any, answer: Answer, arguments: argparse.Namespace, *, whole: bool = False
) -> None:
    """`whole`: with what a drawing leaves out because no screen is so long."""
    for format, file in outputs(answer, arguments):
        colour = file is None and wants_colour(sys.stdout, arguments.color)
        write(format.render(found, colour=colour, columns=columns(), whole=whole), file)


def outputs(answer: Answer, arguments: argparse.Namespace) -> Sequence[Output]:
    """The requested outputs; else the first format, on stdout."""
    requested: Sequence[Output] = arguments.out or [(FORMATS[answer][0], None)]
    return requested


@dataclass(frozen=True, slots=True, eq=False)  # argparse needs a type to be hashable
class OutFormat:
    """The type of `--out`: one of the formats, and a file if one is named."""

    formats: Mapping[str, Format]

    def __call__(self, text: str) -> Output:
        name, colon, file = text.partition(":")
        if name not in self.formats:
            raise argparse.ArgumentTypeError(instead_of("format", name, self.formats))
        if colon and not file:
            raise argparse.ArgumentTypeError(f"no file is named after {text!r}")
        return self.formats[name], file or None
