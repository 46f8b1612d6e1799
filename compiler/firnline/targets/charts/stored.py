"""What is stored, by prefix, age or reason, and what happens to it, as bars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from firnline.targets.charts.bars import Length, Part, Row, stacked_bars
from firnline.targets.charts.tone import Tone, in_order, of_class


class FateOfBytes(Enum):
    """The value is how a legend says it."""

    DELETED_SOON = "deleted next month"
    DELETED = "deleted later"
    MOVED = "moved to another class"
    KEPT = "kept as it is"
    UNKNOWN = "not known"


_TONES = {
    FateOfBytes.DELETED_SOON: Tone.DELETED_SOON,
    FateOfBytes.DELETED: Tone.DELETED,
    FateOfBytes.MOVED: Tone.MOVED,
    FateOfBytes.KEPT: Tone.KEPT,
    FateOfBytes.UNKNOWN: Tone.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class StoredIn:
    """Bytes by the names of storage classes. `label`: a prefix, an age, an owner."""

    label: str
    bytes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FateOf:
    label: str
    bytes: Mapping[FateOfBytes, int]


@dataclass(frozen=True, slots=True)
class ForReason:
    """Such as orphans, by why nothing refers to them."""

    label: str
    bytes: int
    value: str | None = None


def prefixes_by_class(name: str, prefixes: Iterable[StoredIn]) -> str:
    return stacked_bars(name, "Bytes by prefix and storage class", [*map(_by_class, prefixes)])


def ages_by_class(name: str, ages: Iterable[StoredIn]) -> str:
    rows = [replace(_by_class(each), is_prefix=False) for each in ages]
    return stacked_bars(name, "Bytes by age and storage class", rows)


def prefixes_by_fate(name: str, prefixes: Iterable[FateOf]) -> str:
    """Each bar is all that its prefix stores, however much that is."""
    rows = [
        Row(
            each.label,
            tuple(Part(_TONES[fate], fate.value, each.bytes.get(fate, 0)) for fate in FateOfBytes),
        )
        for each in prefixes
    ]
    return stacked_bars(name, "What happens to the bytes of each prefix", rows, Length.EACH_ROW)


def orphans_by_reason(name: str, reasons: Iterable[ForReason]) -> str:
    rows = [
        Row(each.label, (Part(Tone.PLAIN, "", each.bytes),), each.value, is_prefix=False)
        for each in reasons
    ]
    return stacked_bars(name, "Bytes that nothing refers to, by reason", rows)


def _by_class(stored: StoredIn) -> Row:
    classes = sorted(stored.bytes, key=lambda each: (in_order(each), each))
    return Row(stored.label, tuple(Part(of_class(c), c, stored.bytes[c]) for c in classes))
