"""A story drawn in one row: which class an item is in at which age, and when it is gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from firnline.s3.simulate.batch import BatchStep
from firnline.s3.simulate.stored import ItemKind, LifecycleAction, StoredItem
from firnline.targets.legend import AFTER, GONE, HIDDEN, legend, sign_of


@dataclass(frozen=True, slots=True)
class Change:
    """From this age on, in days, it is in `state`: a class, `HIDDEN`, or None when gone."""

    age: int
    state: str | None


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
    """A row for ages 0 to `days`. The end is always visible, and each state that fills a column."""
    cells: list[str] = []
    for column in range(columns):
        age = column * days / columns
        now = [change for change in story if change.age <= age][-1]
        cells.append(AFTER if now.state is None else sign_of(now.state))
    end = next((change.age for change in story if change.state is None), None)
    if end is not None and end <= days:
        cells[min(int(end * columns / max(days, 1)), columns - 1)] = GONE
    return "".join(cells)


def legend_of(stories: Iterable[Sequence[Change]]) -> str:
    return legend({change.state for story in stories for change in story})


def horizon(stories: Iterable[Sequence[Change]]) -> int:
    """How many days a drawing has to show: a little more than the last change."""
    last = max((story[-1].age for story in stories if story), default=0)
    return max(last + max(last // 8, 1), 7)
