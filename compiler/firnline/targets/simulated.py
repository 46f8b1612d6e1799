"""The result of a simulation: what is due at a moment, or what happens over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from firnline.s3.simulate.batch import ActionTaken, BatchStep
from firnline.s3.simulate.listing import ItemHistory
from firnline.s3.simulate.stored import StoredItem
from firnline.s3.terms import Versioning


@dataclass(frozen=True, slots=True)
class Due:
    """Items, and the action due for each at that moment. `kept` are the IDs of rules of others."""

    items: Sequence[StoredItem]
    actions: Sequence[ActionTaken]
    at: datetime
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Simulated:
    """Items and their histories, one for each; the last `made` of them are delete markers that S3
    creates meanwhile. `kept` are the IDs of rules of others.
    """

    items: Sequence[StoredItem]
    histories: Sequence[tuple[BatchStep, ...]]
    since: datetime | None
    until: datetime | None
    made: int = 0
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ByVersioning:
    """Answers that differ, one for each versioning that the bucket may have."""

    answers: Mapping[Versioning, Due | Simulated]


@dataclass(frozen=True, slots=True)
class Shown:
    """A result, of one object or of a listing, and whether none of its rows is left out."""

    result: Due | Simulated | ByVersioning
    of_one: bool = False
    every_row: bool = False


def merged(answers: Mapping[Versioning, Due | Simulated]) -> Due | Simulated | ByVersioning:
    """One answer where versioning makes no difference."""
    first, *others = answers.values()
    return first if all(each == first for each in others) else ByVersioning(answers)


def of_listing(
    items: Sequence[StoredItem],
    outcomes: Iterable[ItemHistory],
    since: datetime | None,
    until: datetime | None,
) -> Simulated:
    """The items in the order of the listing, then the markers that S3 creates, by key."""
    histories: list[tuple[BatchStep, ...]] = [()] * len(items)
    made: list[ItemHistory] = []
    for each in outcomes:
        if each.place is None:
            made.append(each)
        else:
            histories[each.place] = each.steps
    made.sort(key=lambda each: (each.item.key, each.item.created))
    return Simulated(
        (*items, *(each.item for each in made)),
        (*histories, *(each.steps for each in made)),
        since,
        until,
        len(made),
    )


def written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
