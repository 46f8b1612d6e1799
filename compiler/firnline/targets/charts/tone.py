"""What a part of a chart stands for, and how it looks without its colour."""

from __future__ import annotations

from enum import Enum
from typing import Final


class Tone(Enum):
    """The value is the class of CSS that gives it its colour."""

    STANDARD = "standard"
    REDUCED_REDUNDANCY = "reduced"
    EXPRESS = "express"
    STANDARD_IA = "infrequent"
    ONEZONE_IA = "one-zone"
    INTELLIGENT_TIERING = "tiering"
    GLACIER_IR = "instant"
    GLACIER = "glacier"
    DEEP_ARCHIVE = "deep"
    OTHER = "other"
    KEPT = "kept"
    MOVED = "moved"
    DELETED = "deleted"
    UNKNOWN = "unknown"
    BEFORE = "before"
    AFTER = "after"


_RISING: Final = "M0 6L6 0M-1 1L1-1M5 7L7 5"
_FALLING: Final = "M0 0L6 6M-1 5L1 7M5-1L7 1"
_ACROSS: Final = "M0 3H6"
_UPRIGHT: Final = "M3 0V6"
_GRID: Final = f"{_ACROSS}{_UPRIGHT}"
_CROSSED: Final = f"{_RISING}{_FALLING}"
_DASHED: Final = "M0 1.5H3M3 4.5H6"

TILE: Final = 6
HATCHES: Final[dict[Tone, str]] = {
    Tone.STANDARD: "",
    Tone.REDUCED_REDUNDANCY: _DASHED,
    Tone.EXPRESS: _GRID,
    Tone.STANDARD_IA: _RISING,
    Tone.ONEZONE_IA: _FALLING,
    Tone.INTELLIGENT_TIERING: _DASHED,
    Tone.GLACIER_IR: _ACROSS,
    Tone.GLACIER: _UPRIGHT,
    Tone.DEEP_ARCHIVE: _CROSSED,
    Tone.OTHER: "",
    Tone.KEPT: "",
    Tone.MOVED: _UPRIGHT,
    Tone.DELETED: _RISING,
    Tone.UNKNOWN: _DASHED,
    Tone.BEFORE: "",
    Tone.AFTER: "",
}
"""Lines on a tile of 6 × 6, for whoever does not see the colours; empty: it is plain."""
