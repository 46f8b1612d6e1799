"""What a tool says to one configuration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Verdict = Literal["refuses", "warns", "silent", "n/a"]
_LONGEST: Final = 160


class NoAnswer(Exception):
    """The tool could not be run; the text is its own output."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`said` is in the tool's own words, shortened; for n/a it is our reason."""

    verdict: Verdict
    said: tuple[str, ...] = ()


SILENT: Final = Answer("silent")


def refuses(*said: str) -> Answer:
    return Answer("refuses", shortened(said))


def warns(*said: str) -> Answer:
    return Answer("warns", shortened(said))


def cannot(why: str) -> Answer:
    """The case cannot be written for this tool, or the tool has no option for it."""
    return Answer("n/a", (why,))


def shortened(said: tuple[str, ...]) -> tuple[str, ...]:
    """Each once, on one line."""
    lines = dict.fromkeys(" ".join(each.split()) for each in said)
    return tuple(
        line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…" for line in lines
    )
