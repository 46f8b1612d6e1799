"""What a part of a chart stands for, and how it looks without its colour."""

from __future__ import annotations

from enum import Enum
from typing import Final

from firnline.s3.law.classes import DIRECTORY_CLASS


class Tone(Enum):
    """The value is the class of CSS that gives it its colour. Storage classes from the warmest."""

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
    DELETED_SOON = "deleted-soon"
    DELETED = "deleted"
    MOVED = "moved"
    KEPT = "kept"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"
    BEFORE = "before"
    AFTER = "after"
    PLAIN = "plain"


CLASSES: Final = {
    "STANDARD": Tone.STANDARD,
    "REDUCED_REDUNDANCY": Tone.REDUCED_REDUNDANCY,
    DIRECTORY_CLASS: Tone.EXPRESS,
    "STANDARD_IA": Tone.STANDARD_IA,
    "ONEZONE_IA": Tone.ONEZONE_IA,
    "INTELLIGENT_TIERING": Tone.INTELLIGENT_TIERING,
    "GLACIER_IR": Tone.GLACIER_IR,
    "GLACIER": Tone.GLACIER,
    "DEEP_ARCHIVE": Tone.DEEP_ARCHIVE,
}
"""By the name of a storage class, from the warmest."""


def of_class(storage_class: str) -> Tone:
    return CLASSES.get(storage_class, Tone.OTHER)


def in_order(storage_class: str) -> int:
    """From the warmest; those that nobody knows are the last."""
    return list(Tone).index(of_class(storage_class))


_RISING: Final = "M0 6L6 0M-1 1L1-1M5 7L7 5"
_FALLING: Final = "M0 0L6 6M-1 5L1 7M5-1L7 1"
_ACROSS: Final = "M0 3H6"
_UPRIGHT: Final = "M3 0V6"
_GRID: Final = f"{_ACROSS}{_UPRIGHT}"
_CROSSED: Final = f"{_RISING}{_FALLING}"
_DASHED: Final = "M0 1.5H3M3 4.5H6"
_DOTTED: Final = "M2 3H4"

TILE: Final = 6
HATCHES: Final[dict[Tone, str]] = {
    Tone.STANDARD: "",
    Tone.REDUCED_REDUNDANCY: _DASHED,
    Tone.EXPRESS: _GRID,
    Tone.STANDARD_IA: _RISING,
    Tone.ONEZONE_IA: _FALLING,
    Tone.INTELLIGENT_TIERING: _DOTTED,
    Tone.GLACIER_IR: _ACROSS,
    Tone.GLACIER: _UPRIGHT,
    Tone.DEEP_ARCHIVE: _CROSSED,
    Tone.OTHER: _DASHED,
    Tone.DELETED_SOON: _CROSSED,
    Tone.DELETED: _RISING,
    Tone.MOVED: _UPRIGHT,
    Tone.KEPT: "",
    Tone.UNKNOWN: _DASHED,
    Tone.UNREADABLE: _FALLING,
    Tone.BEFORE: "",
    Tone.AFTER: "",
    Tone.PLAIN: "",
}
"""Lines on a tile of 6 × 6, for whoever does not see the colours; empty: it is plain."""
