"""Which objects of a bucket should S3 be questioned about? Those that cover most rules. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Final

from firnline.fleet.expiry.expected_day import StoredFacts, expected_day
from firnline.fleet.expiry.verdicts import WrittenRules
from firnline.s3.simulate.stored import StoredItem

_NO_RULE: Final = ""


def prefixes_to_list(written: WrittenRules) -> list[str]:
    """Of the rules that expire something, and then of the others, which must not. A prefix that
    another one begins with says nothing of it.
    """
    enabled = [rule for rule in written.rules.rules if rule.enabled]
    expiring = [rule.filter.prefix for rule in enabled if rule.expires is not None]
    others = [rule.filter.prefix for rule in enabled if rule.expires is None]
    longest = [*sorted(set(expiring), key=len, reverse=True), *sorted(set(others))]
    return list(dict.fromkeys(longest))


def uncovered(prefixes: Iterable[str], listed: Sequence[str]) -> list[str]:
    """Prefixes of the bucket that no listed one is about."""
    return [
        each
        for each in prefixes
        if not any(other.startswith(each) or each.startswith(other) for other in listed if other)
    ]


def chosen(written: WrittenRules, items: Iterable[StoredItem], most: int) -> list[StoredItem]:
    """One of each rule that decides, then a second of each, and so on; first those that tell the
    rules from those before them.
    """
    by_cell: dict[tuple[str, ...], list[tuple[int, StoredItem]]] = defaultdict(list)
    for item in {each.key: each for each in items}.values():
        cell, worth = _cell(written, item)
        by_cell[cell].append((worth, item))
    ranked = [
        [item for _, item in sorted(each, key=lambda pair: (pair[0], pair[1].key))]
        for _, each in sorted(by_cell.items(), key=lambda pair: pair[0])
    ]
    return list(_in_turn(ranked))[:most]


def _cell(written: WrittenRules, item: StoredItem) -> tuple[tuple[str, ...], int]:
    """The rules that may expire it; and how little its day tells: 0 is best."""
    facts = StoredFacts(item, knows_tags=False)
    now = expected_day(written.rules, written.state, facts)
    matching = tuple(
        rule.id
        for rule in written.rules.rules
        if rule.enabled
        and rule.expires is not None
        and item.key.startswith(rule.filter.prefix)
        and rule.filter.admits_size(item.size)
    )
    alike = False
    if written.before is not None:
        alike = expected_day(written.before, written.state, facts).possible == now.possible
    return (now.rule or _NO_RULE, *matching), 2 * (not now.is_certain) + alike


def _in_turn(ranked: Sequence[Sequence[StoredItem]]) -> Iterator[StoredItem]:
    for row in zip_longest(*ranked):
        yield from (item for item in row if item is not None)
