"""The plan of a rollout, or what came of it, in the formats that are wanted."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from firnline.cli.failed import CommandFailed
from firnline.cli.formats import FORMATS, Answer, FormatName
from firnline.cli.out import Output, outputs
from firnline.cli.streams import columns, say, wants_colour, write


def check_out(arguments: argparse.Namespace) -> None:
    """Raises `CommandFailed`."""
    names = [format.name for format, _ in arguments.out or ()]
    if arguments.plan and FormatName.JSON_LINES in names:
        raise CommandFailed("events are those of a deployment: with --plan, write --out json")


def answer_with(found: Any, answer: Answer, arguments: argparse.Namespace) -> None:
    """People are told in any case."""
    wanted = wanted_as(answer, arguments)
    for format, file in wanted:
        colour = file is None and wants_colour(sys.stdout, arguments.color)
        write(format.render(found, colour=colour, columns=columns()), file)
    if all(format.name is not FormatName.TEXT for format, _ in wanted):
        say(FORMATS[answer][0].render(found, colour=False, columns=columns()).rstrip("\n"))


def wanted_as(answer: Answer, arguments: argparse.Namespace) -> list[Output]:
    """Of what `--out` takes, which is for several answers."""
    formats = {each.name: each for each in FORMATS[answer]}
    return [
        (formats[format.name], file)
        for format, file in outputs(answer, arguments)
        if format.name in formats
    ]
