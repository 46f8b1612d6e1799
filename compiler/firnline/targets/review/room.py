"""How many entries of a list does a report have room for?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, takewhile


def fitting(lines: Sequence[str], most: int, characters: int) -> list[str]:
    """Whole lines from the first one on, and at least that one."""
    lengths = accumulate(len(each) + 1 for each in lines[:most])
    room = sum(1 for _ in takewhile(lambda length: length <= characters, lengths))
    return list(lines[: max(room, 1)])
