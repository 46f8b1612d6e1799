"""What is deleted and moved because of a change, in all: a row for each thing that is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from firnline.inventory.forecast.bounded import NO_VOLUME, BoundedVolume
from firnline.inventory.radius.sooner import DELETING, Done, Way, Window
from firnline.targets.happens_words import HAPPENS, in_words
from firnline.targets.review.model import Facts


@dataclass(frozen=True, slots=True)
class Row:
    """`volumes` are of the first run and of all months; `deletes` where objects go sooner."""

    words: str
    volumes: tuple[BoundedVolume, ...]
    deletes: bool


def first_run_rows(facts: Facts) -> Iterator[Row]:
    """What is new first, deletions before transitions; of what is no longer done, deletions."""
    total = facts.radius.total
    for way, before in ((Way.NEW, ""), (Way.NO_LONGER, "later or no longer ")):
        windows = [total.in_window(window, way) for window in Window]
        names = in_order({name: NO_VOLUME for each in windows for name in each})
        for done in (each for each in names if way is Way.NEW or each in DELETING):
            volumes = tuple(each.get(done, NO_VOLUME) for each in windows)
            yield Row(before + in_words(done), volumes, way is Way.NEW and done in DELETING)


def in_order(found: Mapping[Done, BoundedVolume]) -> dict[Done, BoundedVolume]:
    """Deletions first, then transitions by class."""
    order = list(HAPPENS)
    names = sorted(found, key=lambda done: (done not in order, str(done)))
    return {done: found[done] for done in names}
