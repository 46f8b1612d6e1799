"""What a part of a chart stands for, and how it looks without its colour."""

from __future__ import annotations

from enum import Enum
from typing import Final, assert_never

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


class Hatch(Enum):
    """Lines along a bar, for whoever does not see its colour. The value is the class of CSS that
    gives them their dashes. They are no patterns of SVG: with some hundreds of those, Chromium does
    not end printing a page.
    """

    PLAIN = "plain"
    ACROSS = "across"
    TWICE = "twice"
    UPRIGHT = "upright"
    FINE = "fine"
    WIDE = "wide"
    DASHED = "dashed"
    DOTTED = "dotted"
    DOTS = "dots"
    CHECKED = "checked"


def lines_of(hatch: Hatch) -> tuple[tuple[float, float], ...]:
    """Where each line begins, in units, and how far down the bar it is, as a part of its height."""
    match hatch:
        case Hatch.PLAIN:
            return ()
        case Hatch.TWICE | Hatch.DOTS:
            return (0, 0.3), (0, 0.7)
        case Hatch.CHECKED:
            return (0, 0.25), (DASH, 0.75)
        case Hatch.ACROSS | Hatch.UPRIGHT | Hatch.FINE | Hatch.WIDE | Hatch.DASHED | Hatch.DOTTED:
            return ((0, 0.5),)
        case _:
            assert_never(hatch)


DASH: Final = 3
HATCHES: Final[dict[Tone, Hatch]] = {
    Tone.STANDARD: Hatch.PLAIN,
    Tone.REDUCED_REDUNDANCY: Hatch.DASHED,
    Tone.EXPRESS: Hatch.FINE,
    Tone.STANDARD_IA: Hatch.UPRIGHT,
    Tone.ONEZONE_IA: Hatch.DOTTED,
    Tone.INTELLIGENT_TIERING: Hatch.DOTS,
    Tone.GLACIER_IR: Hatch.ACROSS,
    Tone.GLACIER: Hatch.TWICE,
    Tone.DEEP_ARCHIVE: Hatch.CHECKED,
    Tone.OTHER: Hatch.WIDE,
    Tone.DELETED_SOON: Hatch.CHECKED,
    Tone.DELETED: Hatch.UPRIGHT,
    Tone.MOVED: Hatch.ACROSS,
    Tone.KEPT: Hatch.PLAIN,
    Tone.UNKNOWN: Hatch.DOTTED,
    Tone.UNREADABLE: Hatch.WIDE,
    Tone.BEFORE: Hatch.PLAIN,
    Tone.AFTER: Hatch.PLAIN,
    Tone.PLAIN: Hatch.PLAIN,
}
