"""When do policies say that something ends? Read from their text as it is, with no code of ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from math import inf
from typing import Any, NamedTuple

from tests.rules.strategies import KEYS

Policy = dict[str, Any]
"""As in the file, or one section of it."""
End = tuple[float, ...]
"""The days after which something ends, for each of `NEWER`."""
CLOCKS = ("objects", "old_versions", "delete_markers", "uploads")
BY_PREFIX = ("delete_markers", "uploads")
TAGS = (None, "x", "y")
SIZES = (0, 1, 2_000, 2_000_000, 2_000_000_000)
NEWER = (0, 1, 2, 3)
"""How many newer noncurrent versions there are."""


class Item(NamedTuple):
    clock: str
    key: str
    tag: str | None = None
    size: int = 1


class Filter(NamedTuple):
    prefix: str
    tag: str | None
    least: int
    most: float

    def covers(self, item: Item) -> bool:
        return (
            item.key.startswith(self.prefix)
            and self.tag in (None, item.tag)
            and self.least <= item.size <= self.most
        )

    def is_within(self, outer: Filter) -> bool:
        return self != outer and (
            self.prefix.startswith(outer.prefix)
            and outer.tag in (None, self.tag)
            and outer.least <= self.least
            and self.most <= outer.most
        )


Ends = dict[Item, list[End]]
"""Per item the days after which it ends, for each of `NEWER`, as the narrowest setting says that
covers it; of several such, as each of them says. Nothing where none covers it.
"""


def stated_ends(policies: Iterable[Policy], keys: Sequence[str] = KEYS) -> Ends:
    """When each of many items ends."""
    sections = [each for policy in policies for each in _sections(policy)]
    return {item: ends for clock in CLOCKS for item, ends in _of_clock(clock, sections, keys)}


def sooner(ours: Ends, theirs: Ends) -> list[Item]:
    """The items that end sooner than in `ours`, or end at all where they did not."""
    return [
        item
        for item, before in ours.items()
        if any(after < end for end, after in zip(_first(before), _first(theirs[item]), strict=True))
    ]


def _first(ends: list[End]) -> tuple[float, ...]:
    return tuple(map(min, zip(*ends, strict=True))) if ends else (inf,) * len(NEWER)


def _sections(policy: Policy) -> Iterator[Policy]:
    top = {key: policy[key] for key in CLOCKS if key in policy}
    yield {"prefix": "", **top}
    yield from policy["retain"].values()


def _of_clock(
    clock: str, sections: list[Policy], keys: Sequence[str]
) -> Iterator[tuple[Item, list[End]]]:
    said = [*_of_markers(sections)] if clock == "delete_markers" else [*_said(clock, sections)]
    for item in _items(clock, keys):
        covering = [(filter, end) for filter, end in said if filter.covers(item)]
        narrowest = [
            end
            for filter, end in covering
            if not any(other.is_within(filter) for other, _ in covering)
        ]
        yield item, narrowest


def _items(clock: str, keys: Sequence[str]) -> Iterator[Item]:
    if clock in BY_PREFIX:
        yield from (Item(clock, key) for key in keys)
    else:
        yield from (Item(clock, *each) for each in product(keys, TAGS, SIZES))


def _said(clock: str, sections: list[Policy]) -> Iterator[tuple[Filter, End]]:
    for section in sections:
        if (clock if clock in CLOCKS[1:] else "delete_after") in section:
            timeline = section if clock == "objects" else section[clock]
            for filter in _filters(section):
                by_prefix = Filter(filter.prefix, None, 0, inf)
                yield by_prefix if clock in BY_PREFIX else filter, _end(timeline)


def _of_markers(sections: list[Policy]) -> Iterator[tuple[Filter, End]]:
    """Noncurrent versions take their delete markers with them, where nothing is said of those,
    there or above.
    """
    explicit = [
        (filter.prefix, 0 if section["delete_markers"] == "expire" else inf)
        for section in sections
        if "delete_markers" in section
        for filter in _filters(section)
    ]
    yield from ((Filter(prefix, None, 0, inf), _always(end)) for prefix, end in explicit)
    below = tuple(prefix for prefix, _ in explicit)
    for filter, end in _said("old_versions", sections):
        if end[-1] < inf and not filter.prefix.startswith(below):
            yield Filter(filter.prefix, None, 0, inf), _always(0)


def _filters(section: Policy) -> Iterator[Filter]:
    prefixes, tags = section["prefix"], section.get("tags", {"t": None})["t"]
    size = section.get("size", {})
    # With tags or a size a filter covers no empty object.
    least = _bytes(size["over"]) + 1 if "over" in size else int("tags" in section or bool(size))
    most = _bytes(size["under"]) - 1 if "under" in size else inf
    for prefix in prefixes if isinstance(prefixes, list) else [prefixes]:
        for tag in tags if isinstance(tags, list) else [tags]:
            yield Filter(prefix, tag, least, most)


def _end(timeline: dict[str, Any]) -> End:
    end = _days(timeline.get("delete_after", timeline.get("abort_after", "never")))
    newest = timeline.get("keep_newest", "0")
    if not isinstance(newest, dict):
        newest = {"count": newest}
    kept = _days(newest.get("delete_after", "never"))
    return tuple(kept if each < int(newest["count"]) and end < inf else end for each in NEWER)


def _always(end: float) -> End:
    return (end,) * len(NEWER)


def _days(said: str) -> float:
    units = {"d": 1, "w": 7, "y": 365.25}
    return inf if said == "never" else int(float(said[:-1]) * units[said[-1]])


def _bytes(said: str) -> int:
    units = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "B": 1}
    unit = next(unit for unit in units if said.endswith(unit))
    return int(said.removesuffix(unit)) * units[unit]
