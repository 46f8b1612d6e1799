"""What policies say of keys of a bucket: may what no registry needs go, and from which age?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import polars as pl

from firnline.language.model import Hold, Promise
from firnline.language.units import FOREVER, NEVER
from firnline.reach.mark.covering import end_of
from firnline.rules.program import Program, Unit


class Area(NamedTuple):
    """Of a key. `is_unreferenced`: a retention with `delete_when: unreferenced` covers it. Nothing
    in it is a candidate that is younger than `least_days`, or where `kept_by` names what keeps it
    for ever.
    """

    is_unreferenced: bool = False
    least_days: int = 0
    kept_by: str | None = None


_NO_POLICY: Final = Area()


class Areas:
    """All areas of a bucket."""

    def __init__(self, program: Program | None) -> None:
        self._program = program.as_written if program else None
        prefixes = set(_prefixes(self._program)) if self._program else set()
        ends = {end for prefix in prefixes if (end := end_of(prefix)) is not None}
        texts = sorted({"", *prefixes, *ends})
        areas = [self.at(text) for text in texts]
        self.kept_by = tuple(dict.fromkeys(area.kept_by for area in areas if area.kept_by))
        self._texts = pl.Series("text", texts, dtype=pl.String)
        self._columns = pl.DataFrame(
            {
                "is_unreferenced": [area.is_unreferenced for area in areas],
                "least_days": pl.Series([area.least_days for area in areas], dtype=pl.Int32),
                "kept_by": pl.Series([area.kept_by for area in areas], dtype=pl.String),
            }
        )

    @property
    def has_unreferenced(self) -> bool:
        return bool(self._columns["is_unreferenced"].any())

    def of(self, keys: pl.Series) -> pl.DataFrame:
        """A row of `Area`'s columns for each key."""
        return self._columns[self._texts.search_sorted(keys, side="right").cast(pl.Int32) - 1]

    def at(self, key: str) -> Area:
        """Of one key: what the columns are made of."""
        if self._program is None:
            return _NO_POLICY
        units = [each for each in self._program.units if _covers_objects(each, key)]
        longest = max((len(each.scope.prefix) for each in units), default=0)
        # A filter by tag or size may not match: what it keeps is kept, and it lets nothing go.
        deciding = [
            each for each in units if each.scope.is_filtered or len(each.scope.prefix) == longest
        ]
        by_gc = [each for each in deciding if each.waits_for_registries]
        plain = [each for each in by_gc if not each.scope.is_filtered]
        ages = [_days(each.unneeded_after) for each in by_gc]
        kept = [f"retention {each.called}" for each in deciding if _keeps(each)]
        for promise in self._promises(key):
            if promise.keep_at_least and promise.keep_at_least.value is FOREVER:
                kept.append(f"promise `{promise.name.value}`")
            elif promise.keep_at_least:
                ages.append(_days(promise.keep_at_least.value))
        kept += [f"hold `{hold.name.value}`" for hold in self._holds(key)]
        return Area(bool(plain), max(ages, default=0), kept[-1] if kept else None)

    def _promises(self, key: str) -> Iterator[Promise]:
        assert self._program is not None
        for each in self._program.promises:
            if any(key.startswith(prefix.value) for prefix in each.prefixes):
                yield each

    def _holds(self, key: str) -> Iterator[Hold]:
        assert self._program is not None
        return (each for each in self._program.holds if each.covers(key))


def _prefixes(program: Program) -> Iterator[str]:
    for unit in program.units:
        yield unit.scope.prefix
    named: Iterable[Promise | Hold] = (*program.promises, *program.holds)
    for each in named:
        yield from (prefix.value for prefix in each.prefixes)


def _covers_objects(unit: Unit, key: str) -> bool:
    return (
        unit.retention is not None
        and unit.clocks.objects is not None
        and key.startswith(unit.scope.prefix)
    )


def _keeps(unit: Unit) -> bool:
    """Whether it says that current objects stay for ever."""
    line = unit.clocks.objects
    assert line is not None
    ends = line.delete is not None and line.delete.value is not NEVER
    return not ends and not unit.waits_for_registries


def _days(after: object) -> int:
    return int(after) if isinstance(after, int) else 0
