"""Which retentions say how long an item is kept: by its key, its tags and its size?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from firnline.rules.program import Owned, Program, Unit
from firnline.s3.scope import Scope
from firnline.s3.terms import Clock

_BY_PREFIX_ALONE = (Clock.DELETE_MARKERS, Clock.MULTIPART_UPLOADS)


class Responsible:
    """Of the units of a bucket; looked up for many items."""

    def __init__(self, program: Program) -> None:
        self._by_prefix: dict[tuple[Clock, str], list[Owned]] = defaultdict(list)
        self._lengths: dict[Clock, list[int]] = {}
        for clock in Clock:
            owned = program.owned(clock)
            for each in owned:
                self._by_prefix[clock, each.prefix].append(each)
            self._lengths[clock] = sorted({len(each.prefix) for each in owned}, reverse=True)
        self._known: dict[tuple[Clock, Scope, bool], tuple[Unit | None, ...]] = {}

    def units(self, clock: Clock, example: Scope, *, tags_known: bool) -> tuple[Unit | None, ...]:
        """Those that set a clock for items of one key and size: the narrowest, None where none
        does. There are several only where the tags are not known.
        """
        asked = (clock, example, tags_known)
        if asked not in self._known:
            self._known[asked] = self._units(*asked)
        return self._known[asked]

    def _units(self, clock: Clock, example: Scope, tags_known: bool) -> tuple[Unit | None, ...]:
        found: dict[Unit | None, None] = {}
        narrower: list[set[tuple[str, str]]] = []
        for each in self._holding(clock, example, tags_known or clock in _BY_PREFIX_ALONE):
            tags = set(each.scope.tags)
            if not any(others <= tags for others in narrower):
                found[each.unit] = None
            narrower.append(tags)
            if tags_known or not tags:
                return tuple(found)
        return (*found, None)

    def _holding(self, clock: Clock, example: Scope, tags_known: bool) -> Sequence[Owned]:
        """The narrowest first."""
        return [
            each
            for length in self._lengths[clock]
            for each in reversed(self._by_prefix.get((clock, example.prefix[:length]), ()))
            if (each.scope if tags_known else replace(each.scope, tags=())).holds(example)
            and length <= len(example.prefix)
        ]
