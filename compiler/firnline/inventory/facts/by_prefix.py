"""How much is stored below which prefix? A tree that is cut where little is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from firnline.inventory.facts.branch import Branch, StoredBy, is_shown, large_folders, total
from firnline.inventory.facts.frame import quoted
from firnline.inventory.facts.priced_alike import columns_for, priced_alike, stored_as
from firnline.inventory.facts.table import Facts
from firnline.inventory.forecast.stays import StoredAs
from firnline.inventory.forecast.volume import Volume
from firnline.s3.billing import MINIMUM_SIZE


class Only(NamedTuple):
    """A condition on rows, over `computed` columns too."""

    sql: str = "true"
    computed: Mapping[str, str] = {}


_ALL: Final = Only()


def tree(facts: Facts, depth: int, only: Only = _ALL) -> Branch:
    """Of the whole bucket, at most so many folders deep. A scan for each level.

    Raises what a query of `facts` raises.
    """
    whole = _stored(facts, "''", only).get("", {})
    stored: dict[str, StoredBy] = {"": whole}
    in_all = total(whole).bytes

    def below(parents: Sequence[str]) -> dict[str, int]:
        found = _stored(facts, _child_of(parents), only)
        large = {
            prefix: size
            for prefix, each in found.items()
            if prefix not in parents and is_shown(size := total(each).bytes, in_all)
        }
        stored.update((prefix, found[prefix]) for prefix in large)
        return large

    children: dict[str, list[str]] = defaultdict(list)
    for prefix, parent in large_folders(in_all, depth, below).items():
        children[parent].append(prefix)
    return _branch("", stored, children)


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


def _stored(facts: Facts, prefix: str, only: Only) -> Mapping[str, StoredBy]:
    """By what `prefix`, an expression over `key`, makes of keys."""
    sql = f"""
        select prefix, {priced_alike(facts)}, count(*)::bigint as objects,
            coalesce(sum(size), 0)::bigint as bytes,
            sum(greatest(coalesce(size, 0), {int(MINIMUM_SIZE.value)}))::bigint as padded
        from objects where prefix is not null and not is_delete_marker and {only.sql} group by all
    """
    found: dict[str, dict[StoredAs, Volume]] = defaultdict(dict)
    for batch in facts.query(sql, columns_for(facts), {"prefix": prefix, **only.computed}):
        for name, *row in zip(*batch.to_pydict().values(), strict=True):
            found[name][stored_as(*row[:3])] = Volume(*row[3:])
    return dict(found)
