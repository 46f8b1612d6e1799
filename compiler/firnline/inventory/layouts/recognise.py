"""By an inventory: which layouts do the keys of its current objects show, and how much is there?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from firnline.consumers.found import Found
from firnline.consumers.table import LAYOUTS
from firnline.inventory.facts.frame import Column, quoted
from firnline.inventory.facts.table import Facts
from firnline.inventory.layouts.joined import joined
from firnline.inventory.layouts.recognised import Recognised, recognised
from firnline.s3.terms import Bytes

MOST: Final = 10_000
"""Of the layouts of one kind; those that most objects show are kept."""
_SHOWN: Final = (Column.IS_LATEST, Column.IS_DELETE_MARKER)


def recognise(facts: Facts) -> tuple[Recognised, ...]:
    """In one scan of the keys. Raises what a query of `facts` raises."""
    sql = f"""
        with shown_by as (
            select shown, count(*)::bigint as objects from objects
            where shown is not null and is_latest and not is_delete_marker group by shown
        )
        select shown, objects from shown_by qualify row_number() over (
            partition by split_part(shown, ':', 1) order by objects desc, shown
        ) <= {MOST}
    """
    counts: dict[Found, int] = {}
    for batch in facts.query(sql, _SHOWN, {"shown": _shown()}):
        for shown, objects in zip(*batch.to_pydict().values(), strict=True):
            number, _, root = shown.partition(":")
            counts[Found(LAYOUTS[int(number)], root)] = objects
    return recognised(counts)


@dataclass(frozen=True, slots=True)
class Measured:
    """How much is stored below the root of a layout, in current objects."""

    recognised: Recognised
    objects: int
    bytes: Bytes


def measure(facts: Facts, found: Iterable[Recognised]) -> tuple[Measured, ...]:
    """In one scan. Raises what a query of `facts` raises."""
    kept = tuple(found)
    roots = {each.found.root for each in kept if not each.found.is_object} - {""}
    objects = {each.found.root for each in kept if each.found.is_object}
    by = joined({each: quoted(each) for each in roots}, {each: quoted(each) for each in objects})
    sql = f"""
        {f"with {by.tables}" if by.tables else ""}
        select [{", ".join(["''", *by.values])}] as roots, count(*)::bigint as objects,
            coalesce(sum(size), 0)::bigint as bytes
        from objects {by.joins} where is_latest and not is_delete_marker group by all
    """
    volumes: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for batch in facts.query(sql, (Column.SIZE, *_SHOWN), by.computed):
        for inside, objects_there, size in zip(*batch.to_pydict().values(), strict=True):
            for root in (each for each in inside if each is not None):
                volumes[root][0] += objects_there
                volumes[root][1] += size
    return tuple(
        Measured(each, volumes[each.prefix][0], Bytes(volumes[each.prefix][1])) for each in kept
    )


def _shown() -> str:
    """The number of the first layout that a key shows, a colon and its root; null of none."""
    cases = []
    for number, layout in enumerate(LAYOUTS):
        mark = layout.mark
        hinted = " or ".join(f"contains(key, {quoted(hint)})" for hint in layout.hints)
        root = f"regexp_extract(key, {quoted(f'^(?:{mark})$')}, 1, 's')"
        is_one = f"({hinted}) and regexp_full_match(key, {quoted(mark)}, 's')"
        cases.append(f"when {is_one} then '{number}:' || {root}")
    return f"case {' '.join(cases)} end"
