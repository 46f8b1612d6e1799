"""Which rules match a stored item? A lookup that is fast for many items."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterator, Sequence
from functools import cached_property

from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.simulate.action_due import matches
from firnline.s3.simulate.stored import ItemKind, StoredItem
from firnline.s3.terms import Days

_Placed = tuple[int, Rule]
"""A rule, and which of the enabled ones it is."""


class Match:
    """The rules that match some items; equal only to itself."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self._moves = any(rule.moves for rule in rules.rules)
        old = [each.newer_versions for rule in rules.rules for each in rule.noncurrent_transitions]
        old += [
            rule.noncurrent_expires.newer_versions
            for rule in rules.rules
            if rule.noncurrent_expires
        ]
        self._counts = sorted({count for count in old if count is not None})

    @cached_property
    def dated(self) -> bool:
        """Whether any of them acts on a date."""
        whens = [move.when for rule in self.rules.rules for move in rule.transitions]
        whens += [rule.expires for rule in self.rules.rules if rule.expires is not None]
        return not all(isinstance(when, Days) for when in whens)

    @cached_property
    def removes_markers(self) -> bool:
        return any(rule.removes_sole_markers for rule in self.rules.rules)

    @cached_property
    def removes_markers_at_once(self) -> bool:
        """Whether markers are removed by the flag, and by days that begin with the flag's."""
        return self.removes_markers and any(rule.expires == 0 for rule in self.rules.rules)

    def is_small(self, size: int) -> bool:
        return self._moves and size < SMALL_OBJECT

    def count(self, newer: int) -> int:
        """The same value for all counts of newer versions that every rule treats alike."""
        return bisect_right(self._counts, newer)


class Matcher:
    """Finds the rules that match; the same `Match` for the same rules."""

    def __init__(self, rules: RuleSet) -> None:
        self._size = rules.minimum_size
        self._enabled = [rule for rule in rules.rules if rule.enabled]
        self._matches: dict[tuple[int, ...], Match] = {}
        self._by_prefix: dict[str, list[_Placed]] = {"": []}
        for placed in enumerate(self._enabled):
            self._by_prefix.setdefault(placed[1].filter.prefix, []).append(placed)
        self._branches: dict[str, _Branch] = {}
        self._lengths = sorted({len(prefix) for prefix in self._by_prefix}, reverse=True)

    def match(self, item: StoredItem) -> Match:
        """As the reference matches."""
        return self.branch_and_match(item)[1]

    def branch_and_match(self, item: StoredItem) -> tuple[Hashable, Match]:
        """The first is the same for keys that the same rules match, as far as prefixes decide."""
        branch = self._branch(item.key)
        seen = branch.what_decides(item)
        found = branch.known.get(seen)
        if found is None:
            rules = [place for place, rule in branch.rules if matches(rule, item)]
            found = branch.known[seen] = self._same(tuple(rules))
        return branch, found

    def _branch(self, key: str) -> _Branch:
        """The branch of the longest prefix that the key begins with: it determines all others that
        match.
        """
        branches = self._branches
        for length in self._lengths:
            prefix = key[:length]
            found = branches.get(prefix)
            if found is not None:
                return found
            if prefix in self._by_prefix:
                branches[prefix] = found = _Branch(self._beginning(prefix))
                return found
        raise AssertionError("every key begins with the empty prefix")

    def _beginning(self, prefix: str) -> list[_Placed]:
        """The rules whose prefix it begins with, in their order."""
        begins = {prefix[:length] for length in self._lengths} & self._by_prefix.keys()
        placed = (each for begin in begins for each in self._by_prefix[begin])
        return sorted(placed, key=lambda each: each[0])

    def _same(self, places: tuple[int, ...]) -> Match:
        if places not in self._matches:
            rules = tuple(self._enabled[place] for place in places)
            self._matches[places] = Match(RuleSet(rules, self._size))
        return self._matches[places]


class _Branch:
    """The rules that may match a key that begins with no longer prefix, and what they filter by."""

    def __init__(self, rules: Sequence[_Placed]) -> None:
        self.rules = rules
        self.known: dict[Hashable, Match] = {}
        self._tags = frozenset(tag for _, rule in self.rules for tag in rule.filter.tags)
        self._sizes = sorted({size for _, rule in self.rules for size in _parts(rule.filter)})

    def what_decides(self, item: StoredItem) -> Hashable:
        """The same for items that the same rules match; of an upload only the key is known."""
        if item.kind is ItemKind.MULTIPART_UPLOAD:
            return None
        tags = self._tags and tuple(tag for tag in item.tags if tag in self._tags)
        return tags, bisect_right(self._sizes, item.size)


def _parts(filter: Filter) -> Iterator[int]:
    """The sizes from which on the filter gives another answer; both its bounds are exclusive."""
    if filter.larger_than is not None:
        yield filter.larger_than + 1
    if filter.smaller_than is not None:
        yield filter.smaller_than
