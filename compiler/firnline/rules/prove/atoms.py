"""Rules and policies as single actions, each under one prefix, with tags and a range of sizes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any, NamedTuple

from firnline.rules.ir import MinimumSize, Rule
from firnline.rules.law import SMALL_OBJECT
from firnline.rules.prove.asks import Asks, asks
from firnline.rules.scope import Tags


class Sort(Enum):
    MOVE = "move"
    END = "end"
    OLD_MOVE = "old move"
    OLD_END = "old end"
    SOLE_MARKERS = "sole markers"
    UPLOADS = "uploads"


class Atom(NamedTuple):
    """One action of one rule. Objects of `at_least` to `at_most` bytes, both inclusive, and with
    all the tags; `what` is that of `Asks`, or the days after which uploads are aborted."""

    sort: Sort
    tags: Tags
    at_least: int
    at_most: int | None
    what: Any

    @property
    def filter(self) -> tuple[Tags, int, int | None]:
        return self.tags, self.at_least, self.at_most

    def matches(self, tags: frozenset[tuple[str, str]], size: int) -> bool:
        return (
            self.at_least <= size
            and (self.at_most is None or size <= self.at_most)
            and tags.issuperset(self.tags)
        )


def of_rule(rule: Rule, floor: MinimumSize) -> Iterator[Atom]:
    """The actions of a rule, if it is enabled. The floor for small objects, which a size filter
    replaces, is a lower bound of each move (S3 User Guide, transition considerations)."""
    if not rule.enabled:
        return
    filter = rule.filter
    lowest = 0 if filter.larger_than is None else filter.larger_than + 1
    highest = None if filter.smaller_than is None else filter.smaller_than - 1

    def atom(sort: Sort, what: object, moves_to: str = "") -> Atom:
        from_size = lowest
        if moves_to and not filter.sized:
            archive = moves_to in ("GLACIER", "DEEP_ARCHIVE")
            from_size = 0 if archive and floor is MinimumSize.VARIES else SMALL_OBJECT
        return Atom(sort, filter.tags, from_size, highest, what)

    for move in rule.transitions:
        yield atom(Sort.MOVE, (move.when, move.storage_class), move.storage_class)
    if rule.expires is not None:
        yield atom(Sort.END, rule.expires)
    for old in rule.noncurrent_transitions:
        what = (old.after, old.storage_class, old.newer_versions or 0)
        yield atom(Sort.OLD_MOVE, what, old.storage_class)
    if rule.noncurrent_expires is not None:
        ends = rule.noncurrent_expires
        yield atom(Sort.OLD_END, (ends.after, ends.newer_versions or 0))
    if rule.removes_sole_markers:
        yield Atom(Sort.SOLE_MARKERS, filter.tags, lowest, highest, 0)
    if rule.aborts_uploads_after is not None:
        yield Atom(Sort.UPLOADS, (), 0, None, rule.aborts_uploads_after)


def sum_of(atoms: Iterable[Atom]) -> Asks:
    """What several actions ask together of an object that all of them match."""
    parts: dict[Sort, list[Any]] = {}
    for atom in atoms:
        parts.setdefault(atom.sort, []).append(atom.what)
    return asks(
        parts.get(Sort.MOVE, ()),
        parts.get(Sort.END, ()),
        parts.get(Sort.OLD_MOVE, ()),
        parts.get(Sort.OLD_END, ()),
    )
