"""A story drawn in one row: which class an item is in at which age, and when it is gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from firnline.s3.simulate.batch import BatchStep
from firnline.s3.simulate.stored import ItemKind, LifecycleAction, StoredItem

GONE: Final = "✖"
AFTER: Final = "·"
HIDDEN: Final = "hidden"
# The darker, the dearer to keep.
SHADES: Final = {
    "STANDARD": "█",
    "REDUCED_REDUNDANCY": "█",
    "STANDARD_IA": "▓",
    "ONEZONE_IA": "▒",
    "INTELLIGENT_TIERING": "≈",
    "GLACIER_IR": "░",
    "GLACIER": "=",
    "DEEP_ARCHIVE": "-",
    HIDDEN: "┄",
    ItemKind.DELETE_MARKER.value: "╌",
    ItemKind.MULTIPART_UPLOAD.value: "▁",
}
_ELSE: Final = "?"
_IN_WORDS: Final = {
    HIDDEN: "hidden by a delete marker",
    LifecycleAction.DELETE_MARKER: "a delete marker takes its place",
    LifecycleAction.EXPIRE: "deleted for good",
    LifecycleAction.DELETE_VERSION: "old version deleted for good",
    LifecycleAction.REMOVE_DELETE_MARKER: "delete marker removed",
    LifecycleAction.ABORT_UPLOAD: "upload aborted, its parts deleted",
    LifecycleAction.NONE: "nothing",
}

_TO_DO: Final = {
    LifecycleAction.DELETE_MARKER: "put a delete marker",
    LifecycleAction.EXPIRE: "delete for good",
    LifecycleAction.DELETE_VERSION: "delete the old version for good",
    LifecycleAction.REMOVE_DELETE_MARKER: "remove the delete marker",
    LifecycleAction.ABORT_UPLOAD: "abort the upload",
    LifecycleAction.NONE: "nothing",
}


@dataclass(frozen=True, slots=True)
class Change:
    """From this age on, in days, it lies in `state`: a class, `HIDDEN`, or nothing left."""

    age: int
    state: str | None


def told(action: LifecycleAction, storage_class: str | None) -> str:
    """An action in words."""
    return f"moved to {storage_class}" if storage_class else _IN_WORDS[action]


def to_do(action: LifecycleAction, storage_class: str | None) -> str:
    """An action in words, still to be done."""
    return f"move to {storage_class}" if storage_class else _TO_DO[action]


def changes(item: StoredItem, steps: Iterable[BatchStep]) -> tuple[Change, ...]:
    """A story in days of age; ages are whole days, counted to the midnight of each step."""
    found = [
        Change(0, item.storage_class if item.kind is ItemKind.OBJECT_VERSION else item.kind.value)
    ]
    for step in steps:
        age = (step.at.date() - item.created.date()).days
        hides = step.taken.action is LifecycleAction.DELETE_MARKER and step.left is not None
        found.append(Change(age, HIDDEN if hides else step.left))
    return tuple(found)


def bar(story: Sequence[Change], days: int, columns: int) -> str:
    """A row for ages 0 to `days`. The end is always seen, and each state that fills a column."""
    cells: list[str] = []
    for column in range(columns):
        age = column * days / columns
        now = [change for change in story if change.age <= age][-1]
        cells.append(AFTER if now.state is None else SHADES.get(now.state, _ELSE))
    end = next((change.age for change in story if change.state is None), None)
    if end is not None and end <= days:
        cells[min(int(end * columns / max(days, 1)), columns - 1)] = GONE
    return "".join(cells)


def legend(stories: Iterable[Sequence[Change]]) -> str:
    """The signs that stand in these rows."""
    states = [change.state for story in stories for change in story]
    used = [name for name in SHADES if name in states]
    parts = [f"{SHADES[name]} {_IN_WORDS.get(name, name)}" for name in used]
    return "   ".join([*parts, *([f"{GONE} gone"] if None in states else [])])


def horizon(stories: Iterable[Sequence[Change]], until: int | None = None) -> int:
    """How many days a drawing has to show: a little more than the last change."""
    last = max((story[-1].age for story in stories if story), default=0)
    return until if until is not None else max(last + max(last // 8, 1), 7)
