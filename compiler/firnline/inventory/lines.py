"""On which lines of a JSON text do the elements of a list begin?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from json import JSONDecodeError, JSONDecoder

_BETWEEN = re.compile(r"[\s,]*")


def lines_of(text: str, start: int, name: str | None, numbers: Iterable[int]) -> dict[int, int]:
    """By the elements' numbers. The document begins at `start`; `name` is the key of the list, None
    where the document is the list.

    An element that is not found has no line.
    """
    opening = re.compile(rf'(?<!\\)"{re.escape(name)}"\s*:\s*\[' if name else r"\[")
    opens = opening.search(text, start)
    wanted = set(numbers)
    found: dict[int, int] = {}
    if opens is None or not wanted:
        return found
    decoder = JSONDecoder()
    place, line, counted = opens.end(), 1, 0
    for number in range(max(wanted) + 1):
        gap = _BETWEEN.match(text, place)
        assert gap is not None  # it can also match nothing
        place = gap.end()
        if number in wanted:
            line += text.count("\n", counted, place)
            counted = place
            found[number] = line
        try:
            _, place = decoder.raw_decode(text, place)
        except (JSONDecodeError, RecursionError):
            return found
    return found
