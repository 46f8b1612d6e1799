"""What a change deletes and moves, and what it no longer does, for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.diagnostics.wrapping import wrapped
from firnline.inventory.forecast.between import Between
from firnline.inventory.forecast.bounded import BoundedVolume
from firnline.inventory.forecast.forecast import Forecast
from firnline.inventory.radius.radius import Affected
from firnline.inventory.radius.sooner import DELETING, Way, Window
from firnline.rules.diff.items import ANYWHERE, UNNAMED
from firnline.targets.aligned import aligned
from firnline.targets.between import volume_between
from firnline.targets.happens_words import in_words
from firnline.targets.review.cost_text import cost
from firnline.targets.review.first_run_rows import first_run_rows, in_order
from firnline.targets.review.model import Facts, Review

NO_FACTS: Final = (
    "no inventory: what goes on the first run is not known and stays open (--inventory, --summary)"
)
_OPEN: Final = "what goes there on the first run is not known and stays open"
_MOST_BUCKETS: Final = 3


def first_run(review: Review, columns: int) -> Iterator[list[str]]:
    """A table of all together, and what it stands on."""
    if not review.found.items:
        return
    if review.facts is None:
        yield wrapped(NO_FACTS, columns, hanging=2)
        return
    yield _table(review.facts, columns)
    yield _by_tag(review.facts, columns)
    yield cost(review.facts.cost, columns)
    yield [line for each in stands_on(review.facts) for line in wrapped(each, columns, hanging=2)]


def stands_on(facts: Facts) -> Iterator[str]:
    """Lines that say what it is known from, and what is not known."""
    yield from facts.stands_on
    yield from _prices(facts)
    yield from _unknown(facts)


def item_radius(review: Review, number: int) -> list[str]:
    """Of one item: a line of the first run, and one of what comes later; none without facts."""
    if review.facts is None:
        return []
    found = review.facts.radius.items[number]
    if found is None:
        return ["not known: nothing tells what is stored there"]
    within = f"within {how_many(review.facts.months, 'month')}"
    first, later = (_told(found, window) for window in Window)
    lines = [f"first run: {', '.join(first) or 'nothing'}"]
    more = [each for each in later if each not in first]
    return [*lines, f"{within}: {', '.join(more)}"] if more else lines


def item_samples(review: Review, number: int) -> str | None:
    """The oldest objects that the first run deletes; None where nothing tells of them."""
    seen = review.facts.seen[number] if review.facts else None
    if seen is None:
        return None
    oldest = f"the oldest of {seen.oldest:%Y-%m-%d}"
    return f"{', '.join(map(visible, seen.keys))} ({oldest})" if seen.keys else oldest


def _told(found: Affected, window: Window) -> list[str]:
    done = found.in_window(window)
    later = found.in_window(window, Way.NO_LONGER)
    return [
        *(f"{in_words(each)} {_of_scope(done[each], found.scope)}" for each in in_order(done)),
        *(
            f"later or no longer {in_words(each)} {volume_between(later[each])}"
            for each in in_order(later)
            if each in DELETING
        ),
    ]


def _of_scope(volume: BoundedVolume, scope: BoundedVolume) -> str:
    """`239 (816GiB), 66 % of what is there`"""
    share = _share(volume.bytes, scope.bytes)
    return f"{volume_between(volume)}{f', {share} of what is there' if share else ''}"


def _share(part: Between[int], whole: Between[int]) -> str:
    """Nothing where it is not one number."""
    if not (part.is_exact and whole.is_exact and part.at_least and whole.at_least):
        return ""
    percent = 100 * part.at_least / whole.at_least
    return f"{percent:.0f} %" if percent >= 1 else "less than 1 %"


def _table(facts: Facts, columns: int) -> list[str]:
    rows = [(each.words, *map(volume_between, each.volumes)) for each in first_run_rows(facts)]
    if not rows:
        return [f"within {how_many(facts.months, 'month')} nothing is deleted or moved otherwise"]
    head = ("because of the change", "first run", f"within {how_many(facts.months, 'month')}")
    return aligned([head, *rows], columns, right=(1, 2))


def _by_tag(facts: Facts, columns: int) -> list[str]:
    found = facts.radius.total.deleted_by_tag
    if facts.by_tag is None or not found:
        return []
    rows = [
        ("none that is known" if value is None else visible(value), volume_between(volume))
        for value, volume in found.items()
    ]
    head = (f"deleted on the first run, by `{visible(facts.by_tag)}`", "")
    return aligned([head, *rows], columns, right=(1,))


def _prices(facts: Facts) -> Iterator[str]:
    if isinstance(facts.cost, Forecast):
        yield from (f"prices: {each.in_words}" for each in facts.cost.prices)


def _unknown(facts: Facts) -> Iterator[str]:
    for key, clock in facts.radius.untold:
        yield f"of {_named([key])} no {clock.value} are listed: {_OPEN}"
    if facts.radius.unknown:
        yield f"no inventory of {_named(facts.radius.unknown)}: {_OPEN}"


def _named(keys: Sequence[str]) -> str:
    named = [visible(key.removeprefix(ANYWHERE)) for key in keys if key != UNNAMED]
    listed = ", ".join(named[:_MOST_BUCKETS]) or "the bucket"
    more = len(named) - _MOST_BUCKETS
    return listed + (f" and {more:,} more" if more > 0 else "")
