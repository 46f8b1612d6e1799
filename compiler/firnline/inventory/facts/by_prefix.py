"""How much is stored below which prefix? A tree that is cut where little is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from firnline.inventory.facts.branch import Branch, StoredBy, total
from firnline.inventory.facts.frame import quoted
from firnline.inventory.facts.priced_alike import columns_for, priced_alike, stored_as
from firnline.inventory.facts.table import Facts
from firnline.inventory.forecast.stays import StoredAs
from firnline.inventory.forecast.volume import Volume
from firnline.s3.billing import MINIMUM_SIZE

SHOWN: Final = 100
"""A folder is shown with a hundredth of all bytes; what is smaller is only in the sum above it."""
LOOKED_INTO: Final = 20
"""A folder with a twentieth is looked into."""


def tree(facts: Facts, depth: int) -> Branch:
    """Of the whole bucket, at most so many folders deep. A scan for each level.

    Raises what a query of `facts` raises.
    """
    whole = _stored(facts, "''").get("", {})
    stored: dict[str, StoredBy] = {"": whole}
    children: dict[str, list[str]] = {}
    parents = [""]
    while parents and depth:
        below = _shown(_stored(facts, _child_of(parents)), parents, _bytes(whole))
        for prefix, found in below.items():
            stored[prefix] = found
            children.setdefault(_parent(prefix, parents), []).append(prefix)
        parents = [each for each in below if _bytes(stored[each]) * LOOKED_INTO >= _bytes(whole)]
        depth -= 1
    return _branch("", stored, children)


def _shown(
    found: Mapping[str, StoredBy], parents: Sequence[str], whole: int
) -> dict[str, StoredBy]:
    """The folders, the one of most bytes first."""
    ordered = sorted(found.items(), key=lambda each: -_bytes(each[1]))
    return {
        prefix: stored
        for prefix, stored in ordered
        if prefix not in parents and _bytes(stored) * SHOWN >= whole
    }


def _parent(prefix: str, parents: Sequence[str]) -> str:
    return max((each for each in parents if prefix.startswith(each)), key=len)


def _bytes(stored: StoredBy) -> int:
    return total(stored).bytes


def _branch(
    prefix: str, stored: Mapping[str, StoredBy], children: Mapping[str, Sequence[str]]
) -> Branch:
    below = (_branch(child, stored, children) for child in children.get(prefix, ()))
    return Branch(prefix, stored[prefix], tuple(below))


def _child_of(parents: Sequence[str]) -> str:
    """The folder in one of the parents that a key lies in; the parent itself for a key that lies in
    none of its folders, and null for one that is below none of them.
    """
    cases = (
        f"when starts_with(key, {quoted(parent)}) then left(key, {len(parent)} +"
        f" instr(substr(key, {len(parent) + 1}), '/'))"
        for parent in parents
    )
    return f"case {' '.join(cases)} end"


def _stored(facts: Facts, prefix: str) -> Mapping[str, StoredBy]:
    """By what `prefix`, an expression over `key`, makes of keys."""
    sql = f"""
        select prefix, {priced_alike(facts)}, count(*)::bigint as objects,
            coalesce(sum(size), 0)::bigint as bytes,
            sum(greatest(coalesce(size, 0), {int(MINIMUM_SIZE.value)}))::bigint as padded
        from objects where prefix is not null and not is_delete_marker group by all
    """
    found: dict[str, dict[StoredAs, Volume]] = defaultdict(dict)
    for batch in facts.query(sql, columns_for(facts), {"prefix": prefix}):
        for name, *row in zip(*batch.to_pydict().values(), strict=True):
            found[name][stored_as(*row[:3])] = Volume(*row[3:])
    return dict(found)
