"""A number, or two bounds of it, as data."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from firnline.inventory.forecast.between import Between
from firnline.inventory.forecast.bounded import BoundedVolume
from firnline.inventory.forecast.change import BreakEven

_DIGITS: Final = 6


def volume_of(volume: BoundedVolume) -> dict[str, Any]:
    return {"objects": count(volume.objects), "bytes": count(volume.bytes)}


def count(amount: Between[int]) -> Any:
    return _between(amount.at_least, amount.at_most)


def number(amount: Between[Fraction]) -> Any:
    return _between(rounded(amount.at_least), rounded(amount.at_most))


def break_even(found: BreakEven) -> Any:
    return _between(found.earliest, found.latest)


def rounded(amount: Fraction) -> float:
    return round(float(amount), _DIGITS)


def _between(least: float | None, most: float | None) -> Any:
    """A number where it is known."""
    return least if least == most else {"at_least": least, "at_most": most}
