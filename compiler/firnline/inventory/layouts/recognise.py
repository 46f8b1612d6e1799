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

MOST: Final = 50_000
"""Of the layouts of one kind; those that most objects show are kept."""
_OBJECTS: Final = [hint for each in LAYOUTS if each.is_object for hint in each.hints]
_SHOWN: Final = (Column.IS_LATEST, Column.IS_DELETE_MARKER)


def recognise(facts: Facts, most: int = MOST) -> tuple[Recognised, ...]:
    """In one scan of the keys. Raises what a query of `facts` raises."""
    sql = f"""
        with by_folder as (
            select number, folder, min(key) as example, count(*) as objects from objects
            where number is not null and is_latest and not is_delete_marker group by number, folder
        ), by_root as (
            select number, {_root("number", "example")} as root, sum(objects)::bigint as objects
            from by_folder group by all
        )
        select number, root, objects from by_root qualify row_number() over (
            partition by number order by objects desc, root
        ) <= {int(most)}
    """
    counts: dict[Found, int] = {}
    columns = (Column.KEY, *_SHOWN)
    for batch in facts.query(sql, columns, {"number": _number(), "folder": _folder()}):
        for number, root, objects in zip(*batch.to_pydict().values(), strict=True):
            counts[Found(LAYOUTS[number], root)] = objects
    return recognised(counts, most)


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


def _number() -> str:
    """Of the first layout that a key shows; null of none."""
    cases = []
    for number, layout in enumerate(LAYOUTS):
        hinted = " or ".join(f"contains(key, {quoted(hint)})" for hint in layout.hints)
        matches = f"regexp_full_match(key, {quoted(layout.mark)}, 's')"
        cases.append(f"when ({hinted}) and {matches} then {number}")
    return f"case {' '.join(cases)} end"


def _folder() -> str:
    """Of a key, or itself where it may be a layout: all keys of a folder that show the same layout
    have the same root. To find that takes ten times as long as to see that there is one.
    """
    last = "instr(reverse(key), '/')"
    above = f"case when {last} = 0 then '' else left(key, length(key) - {last} + 1) end"
    objects = " or ".join(f"ends_with(key, {quoted(end)})" for end in _OBJECTS)
    return f"case when {objects} then key else {above} end"


def _root(number: str, key: str) -> str:
    cases = (
        f"when {place} then regexp_extract({key}, {quoted(f'^(?:{layout.mark})$')}, 1, 's')"
        for place, layout in enumerate(LAYOUTS)
    )
    return f"case {number} {' '.join(cases)} end"
