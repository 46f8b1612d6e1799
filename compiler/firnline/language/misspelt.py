"""Is a word a known one with a typing mistake? Stricter than a mere suggestion."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

_LONGEST = 40


def misspelt(written: str, known: Iterable[str]) -> str | None:
    """The only known word within one mistake, or two in eight letters and more; capitals and `-`
    for `_` do not count. None where two words are equally near: which was meant is unknown.
    """
    return _misspelt(written, tuple(known))


def folded(word: str) -> str:
    return word.strip().lower().replace("-", "_").replace(" ", "_")


@lru_cache(maxsize=4096)
def _misspelt(written: str, known: tuple[str, ...]) -> str | None:
    word = folded(written)
    if not 3 <= len(word) <= _LONGEST:
        return None
    slips = 2 if len(word) >= 8 else 1
    near = [name for name in known if _distance(word, folded(name), slips) <= slips]
    return near[0] if len(near) == 1 else None


def _distance(one: str, other: str, most: int) -> int:
    """Letters to add, drop, change or swap with their neighbour; more than `most` is not counted.

    Each letter counts once (optimal string alignment).
    """
    # To change one adds a letter and drops another, so most words differ by more at first sight.
    if abs(len(one) - len(other)) > most or len(set(one) ^ set(other)) > 2 * most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        above, before, row = before, row, [i]
        for j, its in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
        if min(row) > most and min(before) > most:
            return most + 1
    return row[-1]
