"""What rules ask of an item: its key, its size, its tags → SQL over the columns of the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from firnline.inventory.facts.frame import quoted
from firnline.inventory.forecast.cuts import Tags

_MET: Final = "1"
_NOT_MET: Final = "0"


def interval_of_key(bounds: Sequence[str]) -> str:
    """How many bounds are no later than the key, by bisection."""
    return _tree(bounds, 0, len(bounds))


def interval(column: str, bounds: Sequence[int]) -> str:
    """How many bounds are no larger."""
    parts = (f"when {column} < {int(end)} then {place}" for place, end in enumerate(bounds))
    return f"case {' '.join(parts)} else {len(bounds)} end" if bounds else "0"


def meets(conditions: Sequence[Tags]) -> str:
    """Which sets of tags a version has all of, a flag for each; of a delete marker that is none.
    Null where its tags are not known.
    """
    flags = ", ".join(
        f"if({' and '.join(map(_has, tags))}, '{_MET}', '{_NOT_MET}')" for tags in conditions
    )
    return f"case when is_delete_marker then '' when tags is not null then concat({flags}) end"


def tags_met(flags: str, conditions: Sequence[Tags]) -> Tags:
    """Of an example with such flags: what meets the same sets has no fewer tags."""
    met = (tags for tags, flag in zip(conditions, flags, strict=False) if flag == _MET)
    return tuple(sorted({tag for tags in met for tag in tags}))


def _has(tag: tuple[str, str]) -> str:
    name, value = map(quoted, tag)
    return f"coalesce(tags[{name}] = {value}, false)"


def _tree(bounds: Sequence[str], low: int, high: int) -> str:
    if low == high:
        return str(low)
    middle = (low + high + 1) // 2
    below, above = _tree(bounds, low, middle - 1), _tree(bounds, middle, high)
    return f"case when key < {quoted(bounds[middle - 1])} then {below} else {above} end"
