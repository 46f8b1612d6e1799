"""A row of a summary and the rules that reach it → all that its items may be like."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Final

from firnline.inventory.forecast.stays import INTELLIGENT_TIERING
from firnline.inventory.summary.examples import moment
from firnline.inventory.summary.reach import Reach
from firnline.inventory.summary.rows import Row
from firnline.s3.law.classes import minimum_stay
from firnline.s3.simulate.stored import StoredItem

MOST: Final = 1_000
"""That are looked at for one row."""


class TooMany(Exception):
    """More possibilities than are looked at."""


def options(row: Row, like: StoredItem, reach: Reach) -> list[StoredItem]:
    """As far as the rules tell them apart, below the prefix of the row; the first is of the least
    size. `like` is an example of the row. Raises `TooMany`.
    """
    if _is_one(row, reach):
        return [like]
    ages, counts = list(ages_within(row, reach)), list(_counts(row, reach))
    of_sizes = sizes(row, like, reach)
    if len(of_sizes) * len(ages) * len(counts) > MOST:
        raise TooMany
    return [
        replace(
            of_size,
            created=moment(made),
            noncurrent_since=like.noncurrent_since if since is None else moment(since),
            newer_noncurrent=newer,
        )
        for of_size, (made, since), newer in product(of_sizes, ages, counts)
    ]


def extremes(row: Row, like: StoredItem, reach: Reach) -> list[StoredItem]:
    """One of each size class, of the first age, and of the last too where the price depends on it
    though no rule acts.
    """
    found = sizes(row, like, reach)
    if row.storage_class != INTELLIGENT_TIERING:
        return found
    since = like.noncurrent_since if row.since_last is None else moment(row.since_last)
    last = (replace(each, created=moment(row.made_last), noncurrent_since=since) for each in found)
    return list(dict.fromkeys((*found, *last)))


def sizes(row: Row, like: StoredItem, reach: Reach) -> list[StoredItem]:
    """Of one age, one of each size class."""
    return [like, *(replace(like, size=size) for size in sizes_within(row, reach))]


def _is_one(row: Row, reach: Reach) -> bool:
    return (
        row.made_first == row.made_last
        and row.since_first == row.since_last
        and (row.newer_least == row.newer_most or not reach.found.versions_act)
        and not sizes_within(row, reach)
    )


def sizes_within(row: Row, reach: Reach) -> Sequence[int]:
    """Beside the least one, one of each class that its sizes lie in."""
    ends = reach.found.sizes
    return ends[bisect_right(ends, row.size_least) : bisect_right(ends, row.size_most)]


def ages_within(row: Row, reach: Reach) -> Iterator[tuple[int, int | None]]:
    """Days on which they may have been made, and since which they may be noncurrent."""
    tiered = row.storage_class == INTELLIGENT_TIERING
    if not reach.rules and not tiered:
        yield row.made_first, row.since_first
        return
    made = range(row.made_first, row.made_last + 1)
    if row.since_first is None or row.since_last is None:
        yield from ((day, None) for day in made)
        return
    if not (tiered or _is_paid_for(row, reach)):
        made = made[:1]
    for since in range(row.since_first, row.since_last + 1):
        yield from ((day, since) for day in made if day <= since)


def _is_paid_for(row: Row, reach: Reach) -> bool:
    """Whether it may matter since when a noncurrent version is in its class: it is paid for until
    its minimum duration is over.
    """
    shortest = minimum_stay(row.storage_class or "STANDARD")
    young = shortest is not None and reach.day - row.made_last < shortest.value
    return shortest is not None and (young or reach.moved_before)


def _counts(row: Row, reach: Reach) -> Iterator[int]:
    """One for each answer of the rules, now and when one more version is newer; in a bucket whose
    versioning is suspended it matters too whether there is any.
    """
    yield row.newer_least
    for count in range(row.newer_least + 1, row.newer_most + 1):
        if {count, count + 1} & set(reach.found.counts) or (reach.is_suspended and count == 1):
            yield count
