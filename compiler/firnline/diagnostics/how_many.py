"""A number with its noun: `1 file`, `1,000 files`."""

from __future__ import annotations


def how_many(number: int, one: str, many: str | None = None) -> str:
    """`many` is the plural where it is not `one` with an `s`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
