"""Which layouts do keys and prefixes show, and which parts of one does a rule reach?"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import Enum
from functools import lru_cache
from itertools import islice, takewhile
from typing import Final, NamedTuple

from firnline.consumers.layout import Layout, Part
from firnline.consumers.table import LAYOUTS

_FOLDERS_ABOVE: Final = 2
"""Of a prefix that says no more than its last folder: a table lies in a namespace."""


class Evidence(Enum):
    """That a layout is there. Without keys that show it, or a name that only it has, a prefix may
    look like it: what else it says decides how likely that is.
    """

    SHOWN = "shown"
    LIKELY = "likely"
    POSSIBLE = "possible"


class Found(NamedTuple):
    """`root` is a folder with its slash, empty for the whole bucket, or a key where the layout is
    one object.
    """

    layout: Layout
    root: str
    evidence: Evidence = Evidence.SHOWN

    @property
    def is_shown(self) -> bool:
        return self.evidence is Evidence.SHOWN

    @property
    def is_object(self) -> bool:
        return self.root != "" and not self.root.endswith("/")

    def holds(self, key: str) -> bool:
        return key == self.root if self.is_object else key.startswith(self.root)


def of_key(key: str) -> Found | None:
    """What the key alone shows: the first layout in the table."""
    for layout in LAYOUTS:
        is_hinted = any(hint in key for hint in layout.hints)
        if is_hinted and (match := _pattern(layout.mark).fullmatch(key)):
            return Found(layout, match[1])
    return None


def of_prefixes(prefixes: Iterable[str]) -> tuple[Found, ...]:
    """What is certain of all keys that begin so, or of any, by its name; then what it looks like
    beside that.
    """
    named = sorted(set(prefixes))
    return together([*(found for each in named for found in _of_prefix(each)), *_looking(named)])


def together(found: Collection[Found]) -> tuple[Found, ...]:
    """The outermost of those that are shown, then what is only alike and in none of them."""
    shown = outermost(each for each in found if each.is_shown)
    alike = [each for each in found if not each.is_shown and not _is_in(each, shown)]
    alike.sort(key=lambda each: each.evidence is Evidence.LIKELY)
    return (*shown, *{(each.layout, each.root): each for each in alike}.values())


def outermost(found: Iterable[Found]) -> tuple[Found, ...]:
    """Without those inside another one of the same layout, such as Hudi's own metadata table."""
    return tuple(dict.fromkeys(enclosing(found).values()))


def enclosing(found: Iterable[Found]) -> dict[Found, Found]:
    """Each with the outermost one of its layout that it is in, or is."""
    within: dict[Found, Found] = {}
    last: dict[Layout, Found] = {}
    for each in sorted(found, key=lambda one: one.root):
        outer = last.get(each.layout)
        if outer is None or not outer.holds(each.root):
            outer = last[each.layout] = each
        within[each] = outer
    return within


class Near:
    """Of many layouts, those at, above or below a prefix, in the order in which they were found."""

    def __init__(self, found: Iterable[Found]) -> None:
        self._by_root: dict[str, list[tuple[int, Found]]] = {}
        for nth, each in enumerate(found):
            self._by_root.setdefault(each.root, []).append((nth, each))
        self._roots = sorted(self._by_root)

    def to(self, prefix: str) -> list[Found]:
        roots = [prefix[:end] for end in range(len(prefix)) if prefix[:end] in self._by_root]
        below = islice(self._roots, bisect_left(self._roots, prefix), None)
        roots += takewhile(lambda root: root.startswith(prefix), below)
        return [each for _, each in sorted(one for root in roots for one in self._by_root[root])]


def reached(found: Found, prefix: str) -> tuple[Part, ...]:
    """The parts of which a rule for this prefix reaches some keys."""
    parts = found.layout.parts
    if found.is_object:
        return parts if found.root.startswith(prefix) else ()
    there = [(each, start) for each in parts for start in starts(found, each)]
    if found.evidence is Evidence.POSSIBLE:  # the rest of it may be anything
        there = [(each, at) for each, at in there if at != found.root and prefix.startswith(at)]
    around = [start for _, start in there if prefix.startswith(start)]
    innermost = max(around, key=len, default=None)
    met = {
        id(each)
        for each, start in there
        if start == innermost or (start.startswith(prefix) and start != prefix)
    }
    return tuple(each for each in parts if id(each) in met)


def broken_below(found: Iterable[Found], prefix: str) -> tuple[Found, ...]:
    """Those that a rule for this prefix breaks if it archives or deletes by age."""
    return tuple(each for each in found if reached(each, prefix))


def starts(found: Found, part: Part) -> Sequence[str]:
    """With what the keys of a part begin, but for those of a longer one."""
    return [found.root + each for each in part.prefixes]


def _of_prefix(prefix: str) -> Iterator[Found]:
    for layout in LAYOUTS:
        for named in layout.named:
            if match := _pattern(named).fullmatch(prefix):
                yield Found(layout, match[1])


def _looking(prefixes: Collection[str]) -> Iterator[Found]:
    """What prefixes look like that do not say it by themselves."""
    for layout in LAYOUTS:
        looks = layout.looks
        if looks is None:
            continue
        for prefix in prefixes:
            match = _pattern(looks.like).fullmatch(prefix)
            if match is None:
                continue
            root = match[1]
            is_likely = any(_pattern(each).fullmatch(prefix) for each in looks.likely)
            if is_likely or any(each.startswith(root + looks.beside) for each in prefixes):
                yield Found(layout, root, Evidence.LIKELY)
            elif root.count("/") >= _FOLDERS_ABOVE:
                yield Found(layout, root, Evidence.POSSIBLE)


def _is_in(each: Found, others: Iterable[Found]) -> bool:
    return any(other.layout is each.layout and other.holds(each.root) for other in others)


@lru_cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.DOTALL)
