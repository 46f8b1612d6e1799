"""What is written after an option → a moment, a size, tags or a number."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeVar

from firnline.diagnostics.visible import ODD, visible
from firnline.language.units import (
    NotADuration,
    NotASize,
    parse_duration,
    parse_size,
    suggest_duration,
    suggest_size,
)
from firnline.s3.terms import AccessTier, Days
from firnline.s3.timestamps import read_moment

_T = TypeVar("_T")


def option_type(read: Callable[[str], _T]) -> Callable[[str], _T]:
    """As `read`, but raises the error whose text argparse shows."""

    def reading(text: str) -> _T:
        try:
            return read(text)
        except ValueError as problem:
            raise argparse.ArgumentTypeError(str(problem)) from None

    return reading


@option_type
def moment(text: str) -> datetime:
    try:
        return read_moment(text)
    except ValueError as problem:
        raise ValueError(f"{problem}; write 2026-05-01 or 2026-05-01T12:00:00Z") from None


tier = option_type(AccessTier.of)


@option_type
def size(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 16:
        return int(text)
    try:
        return int(parse_size(text))
    except NotASize as problem:
        near = suggest_size(text)
        raise ValueError(f"{text!r} {problem}{f'; write {near}' if near else ''}") from None


@option_type
def duration(text: str) -> Days:
    try:
        return parse_duration(text)
    except NotADuration as problem:
        near = suggest_duration(text) or "7d"
        raise ValueError(f"{text!r} {problem}; write {near}") from None


@option_type
def tags(text: str) -> list[tuple[str, str]]:
    """A comma without an equals sign after it belongs to the value before it."""
    found: list[tuple[str, str]] = []
    for part in text.split(","):
        key, equals, value = part.partition("=")
        if key and equals:
            found.append((key, value))
        elif found and not equals:
            found[-1] = (found[-1][0], f"{found[-1][1]},{part}")
        else:
            raise ValueError(f"{part!r} is no tag; write key=value")
    return found


@option_type
def count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError(f"{text!r} is not a number")
    return int(text)


@option_type
def path(said: str) -> str:
    if not said:
        raise ValueError("nothing is named: the word is empty, as a variable is that is not set")
    return said


@option_type
def text(said: str) -> str:
    """Something to read that may be written into a file of ours."""
    if not said.strip():
        raise ValueError("there is nothing to read in it")
    if "\n" in said or "\r" in said:
        raise ValueError("it has more than one line")
    if odd := ODD.search(said):
        raise ValueError(f"it has an invisible character, {visible(odd.group())}")
    return said


_SECONDS_OF: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


@option_type
def seconds(text: str) -> float:
    """Of a time such as 90s, 30m, 24h or 2d."""
    number, unit = text[:-1], text[-1:]
    if unit not in _SECONDS_OF or not number.isascii() or not number.isdigit():
        raise ValueError(f"{text!r} is no time: write 90s, 30m, 24h or 2d")
    return float(int(number) * _SECONDS_OF[unit])


@option_type
def positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 10**9):
        raise ValueError(f"{text!r} is no number from 1 on")
    return int(text)
