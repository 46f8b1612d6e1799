"""What changes on many buckets, as items a person can approve; equal changes are one item.

The digest of an item is made of what it means: where, both stories, and the buckets. Where is
exact, with all that is excluded. Names of retentions, policies, rules and files, their order and
their text are not part of it: so it stays the same after a rebase or a renaming, and differs after
any change of meaning.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from firnline.language.fingerprint import sha256_of
from firnline.rules.diff.boxes import Box
from firnline.rules.diff.category import Category, called, categories
from firnline.rules.diff.cells_apart import Freed
from firnline.rules.diff.changes import Change, changes
from firnline.rules.diff.example import example_of
from firnline.rules.diff.owners import BucketConfig, is_one
from firnline.rules.diff.where import Where
from firnline.s3.compare.cells import NotAnalysed
from firnline.s3.compare.story import Step, Story
from firnline.s3.compare.witness import Witness
from firnline.s3.model import RuleSet
from firnline.s3.scope import NO_LIMIT
from firnline.s3.terms import Versioning

Snapshot = Mapping[str, BucketConfig]
"""By the key of a bucket: `<account label>/<region>/<bucket>`, each `*` where it is unknown."""
ANYWHERE: Final = "*/*/"
"""How a key begins where neither the account nor the region is known."""
UNNAMED: Final = f"{ANYWHERE}bucket"
"""The key of the bucket of a file that names none."""
NOT_KNOWN: Final = BucketConfig(RuleSet(()))
"""Stands in a snapshot for rules of which nobody can say yet what they do."""


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One change of one retention, and the buckets on which it happens."""

    change: Change
    buckets: tuple[str, ...]
    categories: tuple[Category, ...]
    digest: str

    @property
    def category(self) -> Category:
        return called(self.categories)

    @property
    def example(self) -> Witness:
        return example_of(self.change, self.category)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`only_one` and `only_other` are buckets that are missing in the other snapshot: everything
    about them is lost or new. `buckets` counts all that were compared, and `pairs` are their
    configurations before and after; `not_compared` are those whose rules are `NOT_KNOWN` in a
    snapshot.
    """

    items: tuple[ReviewItem, ...]
    buckets: int
    only_one: tuple[str, ...] = ()
    only_other: tuple[str, ...] = ()
    not_compared: tuple[str, ...] = ()
    pairs: Mapping[str, tuple[BucketConfig, BucketConfig]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def had_rules(self, key: str) -> bool:
        """Whether any rule was in effect on the bucket before."""
        return any(rule.enabled for rule in self.pairs[key][0].rules.rules)

    def versioning_of(self, key: str) -> Versioning | None:
        """As the snapshot has it that knows, the later one first; None where none does."""
        return self.pairs[key][1].versioning or self.pairs[key][0].versioning


class BucketNotAnalysed(Exception):
    """`NotAnalysed`, with the bucket."""

    def __init__(self, bucket: str, why: NotAnalysed) -> None:
        super().__init__(f"{bucket}: {why.prefix}")
        self.bucket = bucket
        self.prefix = why.prefix


def compare(one: Snapshot, other: Snapshot) -> Comparison:
    """What changes from one snapshot to the other; the strictest first. Raises
    `BucketNotAnalysed`.
    """
    known: dict[object, tuple[Change, ...]] = {}
    alike: dict[object, tuple[list[Change], list[str]]] = {}
    # Sorted, so that the first of equal changes is that of the bucket that is named first.
    every = sorted(paired(one, other), key=lambda pair: pair[0])
    pairs = [pair for pair in every if NOT_KNOWN not in pair[1:]]
    for key, before, after in pairs:
        # Buckets of one program share their rules: equal pairs are compared once.
        same = id(before.rules), id(after.rules), id(before.program), id(after.program)
        facts = before.versioning, after.versioning, before.object_lock, after.object_lock
        if (same, facts) not in known:
            try:
                known[same, facts] = () if is_one(before, after) else changes(before, after)
            except NotAnalysed as why:
                raise BucketNotAnalysed(key, why) from why
        for change in known[same, facts]:
            kinds = categories(change.old, change.new, change.facts)
            found = alike.setdefault((change.core, kinds), ([], []))
            found[0].append(change)
            found[1].append(key)
    items = [_item(change, tuple(sorted(buckets))) for change, buckets in alike.values()]
    return Comparison(
        tuple(sorted(items, key=_place)),
        len(pairs),
        tuple(sorted(key for key, _, after in pairs if after is _NOTHING)),
        tuple(sorted(key for key, before, _ in pairs if before is _NOTHING)),
        tuple(key for key, *configs in every if NOT_KNOWN in configs),
        {key: (before, after) for key, before, after in pairs},
    )


def moved_to(found: Comparison, key: str) -> Comparison:
    """The comparison of one bucket as that of another one with the same configurations."""
    items = (
        replace(each, buckets=(key,), digest=digest_of(each.change, (key,))) for each in found.items
    )
    return replace(found, items=tuple(items), pairs=dict.fromkeys([key], *found.pairs.values()))


def digest_of(change: Change, buckets: tuple[str, ...]) -> str:
    """Of an item that is this change on these buckets."""
    canonical = {
        "clock": change.clock.value,
        "scope": _scope(change),
        "old": _story(change.old),
        "new": _story(change.new),
        "buckets": buckets,
    }
    return f"sha256:{sha256_of(_text(canonical))}"


_NOTHING = BucketConfig(RuleSet(()))


def paired(one: Snapshot, other: Snapshot) -> Iterator[tuple[str, BucketConfig, BucketConfig]]:
    """Every bucket once. A bucket whose region one snapshot does not know is the only one of that
    name in its account in the other snapshot.
    """
    names = _Names(one), _Names(other)
    left = dict(other)
    for key, config in one.items():
        found = key if key in other else names[1].only(key, names[0])
        yield max(key, found or key), config, left.pop(found, _NOTHING) if found else _NOTHING
    for key, config in left.items():
        yield key, _NOTHING, config


class _Names:
    """The keys of a snapshot by account and name."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._by_name: dict[tuple[str, str], list[str]] = {}
        for key in snapshot:
            self._by_name.setdefault(_name(key), []).append(key)

    def only(self, key: str, others: _Names) -> str | None:
        """The key that must mean the same bucket, where one of the two regions is not known."""
        ours, theirs = self._by_name.get(_name(key), []), others._by_name[_name(key)]
        if len(ours) != 1 or len(theirs) != 1 or "*" not in (_region(key), _region(ours[0])):
            return None
        return ours[0]


def _item(alike: list[Change], buckets: tuple[str, ...]) -> ReviewItem:
    change = replace(alike[0], freed=frozenset[Freed]().union(*(each.freed for each in alike)))
    found = categories(change.old, change.new, change.facts)
    return ReviewItem(change, buckets, found, digest_of(change, buckets))


def _text(canonical: object) -> str:
    return json.dumps(canonical, sort_keys=True, separators=(",", ":"))


def _name(key: str) -> tuple[str, str]:
    account, _, rest = key.partition("/")
    return account, rest.partition("/")[2]


def _region(key: str) -> str:
    return key.partition("/")[2].partition("/")[0]


def _place(item: ReviewItem) -> tuple[object, ...]:
    change = item.change
    first = change.where[0].prefixes[0] if change.where and change.where[0].prefixes else ""
    strictest, clock = item.categories[0].place, list(type(change.clock)).index(change.clock)
    return strictest, change.retention or "", first, clock, item.digest


def _scope(change: Change) -> list[Any]:
    return sorted((_where(each) for each in change.where), key=_text)


def _where(where: Where) -> dict[str, Any]:
    found: dict[str, Any] = {"prefixes": list(where.prefixes), "boxes": _boxes(where.boxes)}
    if where.excluded:
        found["but_not"] = [
            [each.prefix, _boxes(each.boxes), list(each.outside)] for each in where.excluded
        ]
    return found


def _boxes(boxes: Iterable[Box]) -> list[Any]:
    return sorted((_box(box) for box in boxes), key=_text)


def _box(box: Box) -> list[Any]:
    tags, sizes = list(map(list, box.tags)), [_sizes(each) for each in box.sizes]
    return (
        [tags, sizes, [list(map(list, each)) for each in box.without]]
        if box.without
        else [tags, sizes]
    )


def _sizes(sizes: tuple[int, int]) -> list[int | None]:
    least, most = sizes
    return [least, -1 if most == NO_LIMIT else most]


def _story(story: Story) -> dict[str, Any]:
    return {
        "moves": [_step(step) for step in story.moves],
        "ends": [_step(step) for step in story.ends],
        "moves_from": story.moves_from,
    }


def _step(step: Step) -> list[object]:
    when = step.when.isoformat() if isinstance(step.when, date) else int(step.when)
    return [when, step.into, step.newest]
