"""Where in a TOML text does a setting stand?

tomllib says what a text means, and not where. So it is asked what the first lines of the text mean:
the statement that brings a key ends with the first line up to which the key is there.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Final

from firnline.diagnostics.position import Source, Span

Key = tuple[str, ...]
_PLACE: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_LONGEST_VALUE: Final = 2_000
_ABSENT: Final = object()


def name_of(source: Source, key: Key) -> Span:
    """The last part of the key, as it is written there."""
    statement = _statement(source, key)
    return _name(statement, key[-1]) or statement.first_line


def value_of(source: Source, key: Key) -> Span:
    """What stands behind it; its name where that is a table with a header of its own."""
    statement = _statement(source, key)
    name = _name(statement, key[-1])
    if name is None:
        return statement.first_line
    equals = re.compile(r"[\"']?\s*=[ \t]*").match(source.text, name.end, statement.end)
    if equals is None:
        return name
    wanted = _at(tomllib.loads(source.text, parse_float=Decimal), key)
    start = equals.end()
    for end in range(start + 1, min(statement.end, start + _LONGEST_VALUE) + 1):
        # 0 is not 0.00, of which it is the beginning.
        if repr(_meaning(source.text[start:end])) == repr(wanted):
            return Span(source, start, end).first_line
    return name


def mistake_of(source: Source, error: tomllib.TOMLDecodeError) -> tuple[Span, str]:
    """The place of what is no TOML, and what is wrong there."""
    said = str(error)
    found = _PLACE.search(said)
    what = _PLACE.sub("", said)
    if found is None or found[1] is None:
        end = len(source.text.rstrip())
        return Span(source, max(end - 1, 0), end), what
    start = source.start_of(int(found[1])) + int(found[2]) - 1
    return Span(source, min(start, len(source.text)), min(start + 1, len(source.text))), what


def _statement(source: Source, key: Key) -> Span:
    """The lines that bring the key."""
    lines = source.text.split("\n")

    @cache
    def has_it(count: int) -> bool | None:
        """None where the first lines are no whole text: they end within a value."""
        try:
            said = tomllib.loads("\n".join(lines[:count]) + "\n", parse_float=Decimal)
        except tomllib.TOMLDecodeError:
            return None
        return _at(said, key) is not _ABSENT

    before, after = 0, len(lines)
    while (middle := _between(before, after, lambda count: has_it(count) is not None)) is not None:
        before, after = (before, middle) if has_it(middle) else (middle, after)
    start, end = source.start_of(before + 1), source.start_of(after + 1)
    return Span(source, start, start + len(source.text[start:end].rstrip()))


def _between(before: int, after: int, is_whole: Callable[[int], bool]) -> int | None:
    """A count near the middle up to which the text is whole; None where there is none."""
    middle = (before + after) // 2
    for count in _outwards(middle, before, after):
        if is_whole(count):
            return count
    return None


def _outwards(middle: int, before: int, after: int) -> Iterator[int]:
    yield from range(middle, before, -1)
    yield from range(middle + 1, after)


def _at(said: object, key: Key) -> object:
    for name in key:
        if not isinstance(said, Mapping) or name not in said:
            return _ABSENT
        said = said[name]
    return said


def _meaning(value: str) -> object:
    try:
        return tomllib.loads(f"x = {value}", parse_float=Decimal)["x"]
    except tomllib.TOMLDecodeError:
        return _ABSENT


def _name(statement: Span, name: str) -> Span | None:
    """Before an equals sign, else in a header."""
    text = statement.source.text
    word = rf"(?<![\w-]){re.escape(name)}(?![\w-])"
    for pattern in (rf"{word}(?=[\"']?\s*=)", word):
        if found := re.compile(pattern).search(text, statement.start, statement.end):
            return Span(statement.source, found.start(), found.end())
    return None
