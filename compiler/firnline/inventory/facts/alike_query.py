"""Which query counts the items that rules treat alike?

Days are counted from 1970; an item's is the midnight from which its age counts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from firnline.inventory.facts.conditions import interval, interval_of_key, meets
from firnline.inventory.facts.frame import Column, quoted
from firnline.inventory.facts.noncurrent import (
    ABOVE,
    BELOW,
    CARRIED,
    NEWER,
    NEWEST_FIRST,
    OLD,
    RANK,
    created_by,
    day,
    day_of,
    newest,
)
from firnline.inventory.facts.table import Facts
from firnline.inventory.forecast.cuts import Cuts
from firnline.inventory.forecast.horizon import TIMELESS, Horizon
from firnline.s3.billing import MINIMUM_SIZE


@dataclass(frozen=True, slots=True)
class AlikeQuery:
    """`sql`, over the `columns` of the table and what is `computed` of each row, yields `FIELDS`
    and `AMOUNTS`. Where versions of a key are looked at `together`, rows of one group have the same
    first two fields and follow each other, the oldest version first.
    """

    sql: str
    columns: tuple[Column, ...]
    computed: Mapping[str, str]
    together: bool


FIELDS: Final = {
    "versions": "0",
    "versions_again": "0",
    "place": "0",
    "storage_class": "null::varchar",
    "access_tier": "null::varchar",
    "is_latest": "true",
    "is_delete_marker": "false",
    "is_null": "false",
    "replication_status": "null::varchar",
    "retained_until": "null::int",
    "is_held": "false",
    "meets": "null::varchar",
    "made": "0",
    "since": "null::int",
    "hidden": "0",
    "newer": "0",
    "top_made": "null::int",
    "top_class": "null::varchar",
    "top_tier": "null::varchar",
    "top_status": "null::varchar",
    "top_size": "null::bigint",
}
"""What items that are alike have in common; and what it is where facts do not say it, or where it
makes no difference. The last ones are of the current version of the key, where it must be known
when that becomes noncurrent.
"""
AMOUNTS: Final = {
    "size": "min(size)",
    "objects": "count(*)",
    "bytes": "sum(size)",
    "padded": f"sum(greatest(size, {int(MINIMUM_SIZE.value)}))",
}


def alike_query(
    cuts: Cuts, facts: Facts, at: datetime, *, is_suspended: bool, together: bool
) -> AlikeQuery:
    """Of the rows of one bucket that were there at a moment."""
    computed = {"place": interval_of_key(cuts.bounds)}
    if is_suspended and Column.VERSION_ID in facts.known:
        computed["is_null"] = "version_id = 'null'"
    if cuts.tags and Column.TAGS in facts.known:
        computed["meets"] = meets(cuts.tags)
    read = {name: each for name, each in _READ.items() if each[0] in facts.known}
    fields = {name: name for name in computed} | {name: sql for name, (_, sql) in read.items()}
    columns = tuple(column for column, _ in read.values())
    if not facts.all_versions:
        fields["made"] = midnight("last_modified")
        rows = f"select {_named(fields)} from objects where last_modified <= {moment(at)}"
        sql = _alone(_Rows(rows, fields, cuts, day_of(at)))
        return AlikeQuery(sql, (*columns, Column.LAST_MODIFIED), computed, together=False)
    fields |= _of_versions(cuts, at)
    near = {"_above": ABOVE, "_below": BELOW, "_rank": RANK, "_newer": NEWER}
    if cuts.counts and cuts.expires and not together:
        tops = {name: each for name, each in _NEWEST.items() if each in {*fields, "_place"}}
        near |= {f"_top_{name}": newest(column) for name, column in tops.items()}
        fields |= _of_current(cuts, at, tops)
    rows = f"""
        select {_named(fields)}, _key, _key_again, _rank from (
            select *, {_named(near)} from objects {NEWEST_FIRST}
        ) where {created_by(at, "_place")}
    """
    sql = (_together if together else _alone)(_Rows(rows, fields, cuts, day_of(at)))
    columns = (*columns, Column.IS_DELETE_MARKER)
    return AlikeQuery(sql, columns, computed | CARRIED, together)


def midnight(column: str) -> str:
    """The next one, or its own."""
    return f"((epoch_us({column}) + {_DAY - 1}) // {_DAY})::int"


_DAY: Final = 86_400_000_000  # microseconds
_READ: Final = {
    "size": (Column.SIZE, "coalesce(size, 0)"),
    "storage_class": (Column.STORAGE_CLASS, "storage_class"),
    "access_tier": (Column.ACCESS_TIER, "access_tier"),
    "replication_status": (Column.REPLICATION_STATUS, "replication_status"),
    "retained_until": (Column.RETAIN_UNTIL, midnight("retain_until")),
    "is_held": (Column.LEGAL_HOLD, "legal_hold is true"),
}


def _of_versions(cuts: Cuts, at: datetime) -> Mapping[str, str]:
    found = {
        "is_latest": f"_place < {OLD}",
        "is_delete_marker": "is_delete_marker",
        "made": day("_place"),
        # Where the inventory lacks what hid a version, it counts as hidden at the moment.
        "since": f"case when _place >= {OLD} then coalesce({day('_above')}, {day_of(at)}) end",
        # A current delete marker alone is decided about by what it hides.
        "hidden": f"(_place < {OLD} and is_delete_marker and _below is not null)::int",
    }
    return found | ({"newer": "coalesce(_newer, 0)"} if cuts.counts else {})


_NEWEST: Final = {
    "place": "_place",
    "marker": "is_delete_marker",
    "class": "storage_class",
    "tier": "access_tier",
    "status": "replication_status",
    "size": "size",
}


def _of_current(cuts: Cuts, at: datetime, newest: Collection[str]) -> Mapping[str, str]:
    """Of a noncurrent version that is beyond some number of newest ones once there is another."""
    beyond = f"_newer + 1 in ({', '.join(map(str, cuts.counts))})"
    current = f"_top_place < {OLD} and not _top_marker and {created_by(at, '_top_place')}"
    found = {"top_made": day("_top_place"), "top_size": "coalesce(_top_size, 0)"}
    found |= {
        f"top_{name}": f"_top_{name}" for name in ("class", "tier", "status") if name in newest
    }
    return {name: f"if({beyond} and {current}, {sql}, null)" for name, sql in found.items()}


class _Rows:
    """`sql` yields the `fields` of each item, and `same`: what is the same of those that are alike.

    Dates before the horizon, `first` being the day of the first run, are as that; but of an item
    that is locked they are as they are, as they count together with the end of the lock.
    """

    def __init__(self, sql: str, fields: Mapping[str, str], cuts: Cuts, first: int) -> None:
        self.fields = fields
        within = _within(cuts.horizon, fields, first) if cuts.horizon else {}
        cut = {"_sizes": interval("size", cuts.sizes)}
        if "newer" in fields:
            cut["_newer_ones"] = interval("newer", cuts.counts)
        if "top_size" in fields:
            cut["_top_sizes"] = interval("top_size", cuts.sizes)
        replaced = f"replace ({_named(within)})" if within else ""
        self.sql = f"select * {replaced}, {_named(cut)} from ({sql})"
        self.same = [*(name for name in fields if name not in _COUNTED), *cut]

    def answers(self) -> Mapping[str, str]:
        found = {name: name if name in self.fields else none for name, none in FIELDS.items()}
        found |= {name: f"min({name})" for name in _COUNTED if name in self.fields}
        return found | {name: f"({sql})::bigint" for name, sql in AMOUNTS.items()}


_COUNTED: Final = ("size", "newer", "top_size")


def _within(horizon: Horizon, fields: Mapping[str, str], first: int) -> Mapping[str, str]:
    names = ", ".join(map(quoted, TIMELESS))

    def latest(name: str, age: str) -> str:
        one, other = (first - getattr(ages, age) for ages in (horizon.timeless, horizon.other))
        return f"greatest({name}, if(coalesce(storage_class in ({names}), true), {one}, {other}))"

    found = {"made": latest("made", "current")}
    if "since" in fields:
        found["made"] = f"if(is_latest, {found['made']}, {latest('made', 'created')})"
        found["since"] = f"if(is_latest, null, {latest('since', 'noncurrent')})"
    locks = {"retained_until": "retained_until is not null", "is_held": "is_held"}
    locked = " or ".join(sql for name, sql in locks.items() if name in fields)
    if locked:
        found = {name: f"if({locked}, {name}, {sql})" for name, sql in found.items()}
    if "top_made" in fields:
        # Only when it becomes noncurrent counts, not what is billed for it.
        top = f"greatest(top_made, {first - horizon.timeless.current})"
        found["top_made"] = f"if(top_made is null, null, {top})"
    return found


def _alone(rows: _Rows) -> str:
    return f"select {_named(rows.answers())} from ({rows.sql}) group by {', '.join(rows.same)}"


def _together(rows: _Rows) -> str:
    """Keys are alike where their versions are, one by one from the newest on: then the exclusive or
    of 128 bits of each, of what is said of it with its rank, is the same.
    """
    told = ["_rank", *rows.same]
    # The outer hash, as the exclusive or of the inner ones would not tell which value is whose.
    one, other = (f"bit_xor(hash(hash({', '.join(each)}))) over key" for each in (told, told[::-1]))
    signed = f"""
        select *, {one} as versions, {other} as versions_again, count(*) over key - 1 as _others
        from ({rows.sql}) window key as (partition by _key, _key_again)
    """
    answers = {
        **rows.answers(),
        "versions": "versions",
        "versions_again": "versions_again",
        "hidden": "if(is_latest and is_delete_marker, min(_others), 0)",
    }
    return f"""
        select {_named(answers)} from ({signed})
        group by versions, versions_again, {", ".join(told)}
        order by versions, versions_again, _rank desc
    """


def _named(expressions: Mapping[str, str]) -> str:
    return ", ".join(f"{sql} as {name}" for name, sql in expressions.items())


def moment(at: datetime) -> str:
    return f"{quoted(at.isoformat())}::timestamptz"
