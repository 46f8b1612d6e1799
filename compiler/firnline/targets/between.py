"""A number, or two bounds of it, as people read them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from firnline.diagnostics.how_many import how_many
from firnline.inventory.forecast.between import Between, Number
from firnline.inventory.forecast.bounded import BoundedVolume
from firnline.inventory.money import dollars
from firnline.s3.terms import Bytes

_NOTHING = "-"


def dollars_between(amount: Between[Fraction]) -> str:
    return _told(amount, dollars)


def bytes_between(amount: Between[int]) -> str:
    return _told(amount, lambda size: Bytes(size).rounded)


def count_between(number: Between[int], one: str) -> str:
    """Such as `1,024 objects`; `0 to 4 objects`."""
    if number.is_exact:
        return how_many(number.at_least, one)
    return f"{number.at_least:,} to {how_many(number.at_most, one)}"


def volume_between(volume: BoundedVolume) -> str:
    """Such as `1,024 (1GiB)`; `0 to 1,024 (0B to 1GiB)`."""
    objects, sizes = volume
    if not objects.at_most:
        return _NOTHING
    count = _told(objects, lambda number: f"{number:,}")
    return f"{count} ({bytes_between(sizes)})" if sizes.at_most else count


def _told(amount: Between[Number], told: Callable[[Number], str]) -> str:
    """One number where both bounds read the same."""
    least, most = told(amount.at_least), told(amount.at_most)
    return least if least == most else f"{least} to {most}"
