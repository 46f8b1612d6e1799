"""Since when is a version noncurrent, and how many noncurrent ones are newer: as SQL.

Both follow from all versions of a key, which lie anywhere in an inventory. They are brought
together by a sort that spills: a version is noncurrent since the next newer one of its key was
created; a delete marker counts as one (S3 User Guide, "Lifecycle configuration elements").

What a sort takes is bytes per row, so a row is packed: 96 bits of hashes stand for the key, and
one number for its place among the versions of the key.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Final

from firnline.inventory.facts.frame import Column

# The number, from the highest bit: whether it is noncurrent; how many days before the year 2149 the
# midnight is from which its age counts, so that newer ones come first; how many milliseconds before
# that midnight it was created; for versions of one moment a hash of the ID.
OLD: Final = 1 << 62
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = 86_400_000  # milliseconds
_LAST_DAY: Final = (1 << 16) - 1
_REST_BITS: Final = 27
_TIE_BITS: Final = 18

_MOMENT: Final = "coalesce(epoch_ms(last_modified), 0)"
_MIDNIGHT: Final = f"(({_MOMENT} + {_DAY - 1}) // {_DAY})"
CARRIED: Final = {
    # The second hash is of other text, as a collision of `hash(key)` is one of `hash(key, 1)` too.
    "_key": "hash(key)",
    "_key_again": f"(hash('.' || key) & {(1 << 32) - 1})::uinteger",
    "_place": (
        f"case when is_latest then 0 else {OLD} end"
        f" | (({_LAST_DAY} - {_MIDNIGHT}) << {_REST_BITS + _TIE_BITS})"
        f" | (({_MIDNIGHT} * {_DAY} - {_MOMENT}) << {_TIE_BITS})"
        f" | (hash(version_id) & {(1 << _TIE_BITS) - 1})::bigint"
    ),
}
"""What the sort needs, from the columns of the table."""

NEWEST_FIRST: Final = "window newest_first as (partition by _key, _key_again order by _place)"


def day(place: str) -> str:
    """Of the midnight from which the age of a version counts, in days since 1970."""
    return f"({_LAST_DAY} - (({place} >> {_REST_BITS + _TIE_BITS}) & {_LAST_DAY}))"


def day_of(at: datetime) -> int:
    return -(-_milliseconds(at) // _DAY)


def created_by(at: datetime, place: str) -> str:
    """Whether a version was created at a moment or before it; not if nobody says when it was."""
    rest = day_of(at) * _DAY - _milliseconds(at)
    latest = ((_LAST_DAY - day_of(at)) << _REST_BITS) | rest
    return (
        f"(({place} & {OLD - 1}) >> {_TIE_BITS}) between {latest} and"
        f" {(_LAST_DAY << _REST_BITS) - 1}"
    )


def _milliseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)


def _created(place: str) -> str:
    rest = f"(({place} >> {_TIE_BITS}) & {(1 << _REST_BITS) - 1})"
    return f"make_timestamptz(1000 * nullif({_DAY} * {day(place)} - {rest}, 0))"


READ_BACK: Final = {
    "is_latest": f"_place < {OLD}",
    "last_modified": _created("_place"),
}
"""Columns that need not be carried: `_place` says them."""

ABOVE: Final = "lag(_place) over newest_first"
BELOW: Final = "lead(_place) over newest_first"
"""The places of the next newer and the next older version; null where there is none."""


def newest(column: str) -> str:
    """Of the newest version of the key."""
    return f"first_value({column}) over newest_first"


RANK: Final = "row_number() over newest_first"
NEWER: Final = (
    f"case when _place >= {OLD} then ({RANK} - 1"
    f" - (first_value(_place) over newest_first < {OLD})::integer)::integer end"
)
_DERIVED: Final = {
    "noncurrent_since": f"case when _place >= {OLD} then {_created(ABOVE)} end",
    "newer_noncurrent_versions": NEWER,
    "noncurrent_versions": (
        f"(count(*) filter (_place >= {OLD}) over (partition by _key, _key_again))::integer"
    ),
}


def with_derived(rows: str, names: Collection[str], derived: Collection[Column]) -> str:
    """The columns called `names` and the derived ones of `rows`, a query that has `CARRIED`, and
    all of `names` that are not `READ_BACK`.

    Versions of one moment, which S3 tells to the second, are in the order of no clock, but in the
    same each time, if not two of them in 262,144 have the same hash.
    """
    columns = [f"{READ_BACK[name]} as {name}" if name in READ_BACK else name for name in names]
    columns += [f"{_DERIVED[column]} as {column}" for column in derived]
    return f"select {', '.join(columns)} from ({rows}) {NEWEST_FIRST}"
