"""One sign for each storage class, the same in every drawing, and for items without a class."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from firnline.diagnostics.visible import width
from firnline.s3.law.classes import CLASSES, DIRECTORY_CLASS
from firnline.s3.simulate.stored import ItemKind

GONE: Final = "✖"
AFTER: Final = "·"
HIDDEN: Final = "hidden by a delete marker"
# The darker, the more expensive to store. Items from the second line on have no bytes, or few.
_CHOSEN: Final = {
    "STANDARD": "█",
    "REDUCED_REDUNDANCY": "▉",
    DIRECTORY_CLASS: "▇",
    "STANDARD_IA": "▓",
    "ONEZONE_IA": "▒",
    "INTELLIGENT_TIERING": "≈",
    "GLACIER_IR": "░",
    "GLACIER": "=",
    "DEEP_ARCHIVE": "-",
}
_SPARE: Final = "◆◇●○▲△■□"
"""For classes without a sign of their own."""
_UNKNOWN: Final = "?"
_GAP: Final = "   "


def _signs() -> Iterator[tuple[str, str]]:
    spare = iter(_SPARE)
    for name in dict.fromkeys((*CLASSES, DIRECTORY_CLASS)):
        yield name, _CHOSEN.get(name) or next(spare)
    yield HIDDEN, "┄"
    yield ItemKind.DELETE_MARKER.value, "╌"
    yield ItemKind.MULTIPART_UPLOAD.value, "▁"


SIGNS: Final = dict(_signs())


def sign_of(state: str) -> str:
    """`state`: a storage class, `HIDDEN`, or the kind of an item that has no class."""
    return SIGNS.get(state, _UNKNOWN)


def legend(states: Collection[str | None]) -> str:
    """What the signs of these states mean; None means that the item is gone."""
    known = [f"{sign} {name}" for name, sign in SIGNS.items() if name in states]
    unknown = sorted({name for name in states if name is not None} - SIGNS.keys())
    gone = [f"{GONE} gone"] if None in states else []
    return _GAP.join([*known, *(f"{_UNKNOWN} {name}" for name in unknown), *gone])


def fitted(legend: str, columns: int, indent: str = "") -> list[str]:
    """In lines, a sign with what it means."""
    lines: list[str] = []
    for entry in legend.split(_GAP):
        if lines and width(lines[-1]) + len(_GAP) + width(entry) <= columns:
            lines[-1] += _GAP + entry
        else:
            lines.append(indent + entry)
    return lines
