"""Facts → the summary of one bucket, by one scan of the table engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any, Final

from firnline.inventory.facts.frame import Column, quoted
from firnline.inventory.facts.table import Facts
from firnline.inventory.forecast.cuts import bounds
from firnline.inventory.summary.collect import LIMIT, TooManyRows, collected
from firnline.inventory.summary.cut import Cut
from firnline.inventory.summary.rows import Row, RowKind, Stack
from firnline.inventory.summary.summary import BucketSummary
from firnline.s3.billing import MINIMUM_SIZE
from firnline.s3.simulate.clock import midnight_from

_EPOCH: Final = date(1970, 1, 1).toordinal()
_DAY: Final = 86_400_000_000  # microseconds
NEEDED: Final = (Column.SIZE, Column.LAST_MODIFIED, Column.STORAGE_CLASS)


def summarised(facts: Facts, cut: Cut, limit: int = LIMIT) -> BucketSummary:
    """Of facts of one bucket that know the columns `NEEDED`. Where too many rows are needed to keep
    the versions of a key together, they are not.

    Raises what a query of `facts` raises.
    """
    try:
        return _summarised(facts, cut, limit)
    except TooManyRows:
        return _summarised(facts, cut.apart, limit)


def _summarised(facts: Facts, cut: Cut, limit: int) -> BucketSummary:
    (inventory,) = facts.inventories
    scan = _Scan(facts, cut)
    today = _day(midnight_from(facts.as_of))
    ages_by, stacks = collected(scan.stacks(), cut, today, limit)
    return BucketSummary(
        bucket=inventory.bucket,
        as_of=facts.as_of,
        newest=scan.newest or facts.as_of,
        all_versions=facts.all_versions,
        lists_uploads=facts.lists_uploads,
        cut=cut,
        ages_by=ages_by,
        stacks=stacks,
    )


class _Scan:
    """`newest` is the moment of the newest item, once all are read."""

    def __init__(self, facts: Facts, cut: Cut) -> None:
        self.newest: datetime | None = None
        self._facts, self._cut = facts, cut

    def stacks(self) -> Iterator[Stack]:
        """By day."""
        for _, rows in groupby(self._versions(), lambda row: row[0]):
            yield tuple(row for _, row in rows)
        if self._facts.lists_uploads:
            for row in self._uploads():
                yield (row,)

    def _versions(self) -> Iterator[tuple[object, Row]]:
        facts, cut = self._facts, self._cut
        columns = (*_COLUMNS, *(_OF_VERSIONS if facts.all_versions else ()))
        computed = {
            "place": _place(cut.prefixes),
            "is_null": "coalesce(version_id = 'null', false)",
            **({"tag_values": _tag_values(cut.tag_keys)} if cut.tag_keys else {}),
            **(_OF_KEY if cut.together else {}),
        }
        of_versions = dict(_VERSIONS if facts.all_versions else _CURRENT)
        if not cut.together:
            of_versions["hidden"] = f"least({of_versions['hidden']}, 1)"
        rows = _ROWS.format(
            sizes=_interval("coalesce(size, 0)", cut.sizes),
            newer=_interval(of_versions["newer_versions"], cut.counts),
            tags="" if cut.tag_keys else ", null::varchar[] as tag_values",
            at=f"{quoted(facts.as_of.isoformat())}::timestamptz",
            **of_versions,
        )
        sql = (_BY_KEY if cut.together else _BY_VERSION).format(rows=rows)
        for batch in facts.query(sql, columns, computed):
            for found in batch.to_pylist():
                self._note(found.pop("newest"))
                yield found.pop("same"), _row(cut, **found)

    def _uploads(self) -> Iterator[Row]:
        columns = (Column.KEY, Column.SIZE, Column.LAST_MODIFIED)
        sql = _UPLOADS.format(place=_place(self._cut.prefixes))
        for batch in self._facts.uploads(sql, columns):
            for newest, place, begun, *amounts in zip(*batch.to_pydict().values(), strict=True):
                self._note(newest)
                yield Row(
                    prefix=self._cut.prefixes[place],
                    kind=RowKind.UPLOAD,
                    storage_class=None,
                    access_tier=None,
                    is_latest=True,
                    is_null=False,
                    replication_status=None,
                    tags=None,
                    retained_until=None,
                    is_held=False,
                    made_first=begun,
                    made_last=begun,
                    since_first=None,
                    since_last=None,
                    hidden=0,
                    newer_least=0,
                    newer_most=0,
                    size_least=0,
                    size_most=0,
                    objects=amounts[0],
                    bytes=amounts[1],
                    padded=amounts[2],
                )

    def _note(self, moment: datetime) -> None:
        self.newest = moment if self.newest is None else max(self.newest, moment)


def _row(
    cut: Cut,
    *,
    place: int,
    is_delete_marker: bool,
    tag_values: Sequence[str | None] | None,
    made: int,
    since: int | None,
    **same: Any,
) -> Row:
    return Row(
        prefix=cut.prefixes[place],
        kind=RowKind.DELETE_MARKER if is_delete_marker else RowKind.VERSION,
        tags=None if tag_values is None else tuple(tag_values),
        made_first=made,
        made_last=made,
        since_first=since,
        since_last=since,
        **same,
    )


def _midnight(column: str) -> str:
    """The day at whose beginning an age begins to count: the next midnight, or its own."""
    return f"((epoch_us({column}) + {_DAY - 1}) // {_DAY})::int"


_OF_KEY: Final = {"_k0": "hash(key)", "_k1": "hash('.' || key)", "_id": "hash(version_id)"}
_COLUMNS: Final = (
    Column.SIZE,
    Column.LAST_MODIFIED,
    Column.STORAGE_CLASS,
    Column.ACCESS_TIER,
    Column.REPLICATION_STATUS,
    Column.RETAIN_UNTIL,
    Column.LEGAL_HOLD,
)
_OF_VERSIONS: Final = (
    Column.IS_LATEST,
    Column.IS_DELETE_MARKER,
    Column.NONCURRENT_SINCE,
    Column.NEWER_NONCURRENT_VERSIONS,
    Column.NONCURRENT_VERSIONS,
)
READ: Final = (Column.KEY, Column.VERSION_ID, *_COLUMNS, *_OF_VERSIONS)
"""And tags, where a summary is cut by them."""

_CURRENT: Final = {
    "but": "",
    "is_latest": "true",
    "is_delete_marker": "false",
    "since": "null::int",
    "newer_versions": "0",
    "hidden": "0",
}
_VERSIONS: Final = {
    "but": ", is_latest, is_delete_marker",
    "is_latest": "is_latest",
    "is_delete_marker": "is_delete_marker",
    "since": _midnight("case when not is_latest then noncurrent_since end"),
    "newer_versions": "coalesce(newer_noncurrent_versions, 0)",
    "hidden": "case when is_latest and is_delete_marker then noncurrent_versions else 0 end",
}
_SAME: Final = """is_delete_marker, place, made, since, tag_values, storage_class, access_tier,
    is_latest, is_null, replication_status, retained_until, is_held, hidden"""
# A lock that is over holds nothing.
_ROWS: Final = f"""
    select * exclude (size, last_modified{{but}}),
        coalesce(size, 0) as size, {{is_latest}} as is_latest,
        {{is_delete_marker}} as is_delete_marker, {{sizes}} as sizes, {{newer}} as newer,
        {{newer_versions}} as newer_versions, {{since}} as since, {{hidden}} as hidden{{tags}},
        {_midnight("case when retain_until > {at} then retain_until end")} as retained_until,
        legal_hold is true as is_held,
        {_midnight("last_modified")} as made, last_modified as modified
    from objects
"""
_AMOUNTS: Final = f"""min(newer_versions)::int as newer_least,
    max(newer_versions)::int as newer_most,
    min(size)::bigint as size_least, max(size)::bigint as size_most,
    count(*)::bigint as objects, sum(size)::bigint as bytes,
    sum(greatest(size, {int(MINIMUM_SIZE.value)}))::bigint as padded"""
_UPLOADS: Final = f"""
    select max(last_modified) as newest, {{place}} as place, {_midnight("last_modified")} as begun,
        count(*)::bigint as uploads, coalesce(sum(size), 0)::bigint as bytes,
        coalesce(sum(greatest(size, {int(MINIMUM_SIZE.value)})), 0)::bigint as padded
    from objects group by all
"""
_BY_VERSION: Final = f"""
    with rows as ({{rows}}),
    alike as (
        select max(modified) as newest, {_SAME}, sizes, newer, {_AMOUNTS} from rows group by all
    )
    select row_number() over () as same, * exclude (sizes, newer) from alike
"""
# Keys are alike where their versions are, one by one from the oldest on: then the exclusive or of
# 128 bits of each, of what is said of it with its number, is the same.
_BY_KEY: Final = f"""
    with rows as ({{rows}}),
    numbered as (
        select *, row_number() over (
            partition by _k0, _k1 order by is_latest, modified, _id
        ) as number from rows
    ),
    signed as (
        select *, struct_pack(
            one := bit_xor(hash(hash(number, {_SAME}, sizes, newer))) over key,
            other := bit_xor(hash(hash(sizes, newer, {_SAME}, number))) over key
        ) as versions from numbered window key as (partition by _k0, _k1)
    )
    select * exclude (number, sizes, newer) from (
        select versions as same, max(modified) as newest, {_SAME}, {_AMOUNTS}, number, sizes, newer
        from signed group by versions, number, {_SAME}, sizes, newer
    ) order by same, number
"""


def _place(prefixes: Sequence[str]) -> str:
    """Of the longest prefix that the key begins with, its number: by bisection of the intervals of
    keys that begin with the same ones.
    """
    ends = sorted(set(bounds(prefixes)) - {""})
    places = [
        max(place for place, prefix in enumerate(prefixes) if begin.startswith(prefix))
        for begin in ("", *ends)
    ]
    return _tree(ends, places, 0, len(ends))


def _tree(ends: Sequence[str], places: Sequence[int], low: int, high: int) -> str:
    if low == high or len(set(places[low : high + 1])) == 1:
        return str(places[low])
    middle = (low + high + 1) // 2
    below, above = _tree(ends, places, low, middle - 1), _tree(ends, places, middle, high)
    return f"case when key < {quoted(ends[middle - 1])} then {below} else {above} end"


def _tag_values(keys: Sequence[str]) -> str:
    """Null where the tags of an object are not known; a delete marker has none."""
    values = ", ".join(f"tags[{quoted(key)}]" for key in keys)
    return f"case when tags is not null then [{values}] end"


def _interval(column: str, ends: Sequence[int]) -> str:
    parts = (f"when {column} < {int(end)} then {place}" for place, end in enumerate(ends))
    return f"case {' '.join(parts)} else {len(ends)} end" if ends else "0"


def _day(moment: datetime) -> int:
    return moment.astimezone(UTC).toordinal() - _EPOCH
