"""Which S3 rules differ, on which buckets, and in which of their parts?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from firnline.rules.diff.owners import BucketConfig
from firnline.s3.shape import to_s3
from firnline.targets.review.model import Review

_ID: Final = "ID"
_RULES: Final = "Rules"
_WHERE: Final = "Filter"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a rule as S3 has it: `sign` is that of a patch."""

    sign: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class RuleChange:
    """`parts` are those that differ, below what the rule selects; of a rule that is new or gone
    all. `rule` is its ID, None for what holds for the whole configuration.
    """

    buckets: tuple[str, ...]
    rule: str | None
    parts: tuple[Part, ...]


def rule_changes(review: Review) -> Iterator[RuleChange]:
    """In the order of the buckets; those that share their rules are told together."""
    alike: dict[tuple[int, int], list[str]] = {}
    for key, (before, after) in review.found.pairs.items():
        if before.rules != after.rules:
            alike.setdefault((id(before.rules), id(after.rules)), []).append(key)
    for keys in alike.values():
        yield from _of_pair(tuple(keys), *review.found.pairs[keys[0]])


def _of_pair(
    keys: tuple[str, ...], before: BucketConfig, after: BucketConfig
) -> Iterator[RuleChange]:
    one, other = to_s3(before.rules), to_s3(after.rules)
    ours, theirs = _by_id(one), _by_id(other)
    for name in dict.fromkeys((*ours, *theirs)):
        if ours.get(name) != theirs.get(name):
            yield RuleChange(keys, name, tuple(_parts(ours.get(name), theirs.get(name))))
    around = [{key: side[key] for key in side if key != _RULES} for side in (one, other)]
    if around[0] != around[1]:
        yield RuleChange(keys, None, tuple(_parts(*around)))


def _by_id(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {rule[_ID]: rule for rule in document.get(_RULES, [])}


def _parts(ours: Mapping[str, Any] | None, theirs: Mapping[str, Any] | None) -> Iterator[Part]:
    one, other = ours or {}, theirs or {}
    for name in dict.fromkeys((_WHERE, *one, *other)):
        old, new = (json.dumps(side[name]) if name in side else None for side in (one, other))
        if name == _ID or (old == new and name != _WHERE) or old is new is None:
            continue
        if old == new:
            yield Part(" ", name, str(old))
            continue
        if old is not None:
            yield Part("-", name, old)
        if new is not None:
            yield Part("+", name, new)
