"""The parser of arguments: its help fits the screen, and it corrects mistyped words."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from firnline.cli.streams import Colour, columns, fitted
from firnline.diagnostics.log_lines import Notation, without_commands
from firnline.diagnostics.remedy_words import in_words
from firnline.diagnostics.wrapping import wrapped
from firnline.language.nearest import did_you_mean

_WIDEST_HELP = 100


class HelpLayout(argparse.HelpFormatter):
    """Breaks lines only where they are too long, and only between words."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28, width=min(columns(), _WIDEST_HELP))

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in wrapped(text.rstrip(), width, hanging=2))

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrapped(text, width)


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, not below twenty lines of usage."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(formatter_class=HelpLayout, **settings)

    def error(self, message: str) -> NoReturn:
        more = f"`{self.prog} --help` shows what it takes"
        said = fitted(f"{self.prog}: {message}\n{more}\n", sys.stderr)
        self.exit(2, without_commands(said, Notation.WORDS))

    def refuse(self, words: Sequence[str]) -> NoReturn:
        """Words that were left over."""
        option = next((word for word in words if word.startswith("-")), None)
        if option is None:
            self.error(f"one word too many: {words[0]!r}")
        written = option.partition("=")[0]
        near = did_you_mean(written, self._option_string_actions)
        self.error(f"no option `{written}`{f': {in_words((near,))}' if near else ''}")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """In place of argparse's own, which knows no nearest word."""
        if action.choices is None or value in action.choices:
            return
        is_command = isinstance(action, argparse._SubParsersAction)
        text = instead_of("command" if is_command else "value", str(value), action.choices)
        raise argparse.ArgumentError(None if is_command else action, text)


def add_everywhere(parser: argparse.ArgumentParser, default: str | None) -> None:
    """The options that every command takes."""
    parser.add_argument(
        "-C", dest="directory", metavar="DIR", default=default, help="run as if started there"
    )
    parser.add_argument(
        "--color",
        choices=[each.value for each in Colour],
        default=default or Colour.AUTO.value,
        help="when to colour (also NO_COLOR, FORCE_COLOR)",
    )


def instead_of(what: str, written: str, known: Iterable[Any]) -> str:
    """Which of the known words is meant; all of them where none is near."""
    words = [str(each) for each in known]
    near = did_you_mean(written, words)
    cure = in_words((near,)) if near else f"one of {', '.join(words)}"
    return f"no {what} {written!r}: {cure}"
