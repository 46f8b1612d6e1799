"""The kernel on columns: what is known of all keys of a batch, by one binary search for each."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from firnline.reach.mark.intervals import NUMBERS, found_at, intervals_of
from firnline.reach.mark.known import OfBucket

INTERVAL: Final = "interval"
PREFIX_INTERVAL: Final = "prefix_interval"
_SPARSE: Final = 20
BELOW: Final = "below"
"""Of a key: the text that lies below its folders, and is that of the object itself."""


class Covering:
    """Intervals of keys, with what is known in each."""

    def __init__(self, said: pl.DataFrame) -> None:
        """`said` has the columns of entries, sorted by text."""
        self.is_empty = said.is_empty()
        found = intervals_of(said)
        self.texts, self._marks = found["text"].set_sorted(), found.select(NUMBERS)
        self._numbered = found.select(
            "text", pl.int_range(pl.len(), dtype=pl.Int32).alias(INTERVAL)
        )

    def __len__(self) -> int:
        return len(self.texts)

    def at(self, texts: pl.Series) -> pl.DataFrame:
        """A row of `Mark`'s columns for each text, and the number of its interval."""
        return self._at(found_at(self.texts, texts))

    def at_sorted(self, texts: pl.Series) -> pl.DataFrame:
        """The same of texts in order. If there are not many more intervals, it is faster to walk
        along both.
        """
        if len(self.texts) > _SPARSE * len(texts):
            return self.at(texts)
        walked = texts.alias("text").to_frame().join_asof(self._numbered, on="text")
        return self._at(walked[INTERVAL])

    def _at(self, numbers: pl.Series) -> pl.DataFrame:
        return self._marks[numbers].with_columns(numbers.alias(INTERVAL))

    def hit(self, hits: pl.Series, texts: pl.Series, ends: pl.Series) -> pl.Series:
        """Whether a text of an interval that was hit lies between each of `texts` and its end, at
        which null is behind all. `hits` is a flag for each interval.
        """
        before = pl.concat([pl.Series([0], dtype=pl.Int64), hits.cast(pl.Int64).cum_sum()])
        first = self.texts.search_sorted(texts, side="left")
        last = self.texts.search_sorted(ends, side="left")
        last = _where(ends.is_null(), len(self), last)
        return before.gather(last) > before.gather(first)


def _where(condition: pl.Series, value: int, other: pl.Series) -> pl.Series:
    frame = pl.DataFrame({"condition": condition, "other": other})
    chosen = pl.when("condition").then(pl.lit(value, dtype=other.dtype)).otherwise("other")
    return frame.select(chosen.alias("chosen"))["chosen"]


class BatchKernel:
    """What registries say of the keys of one bucket."""

    def __init__(self, known: OfBucket) -> None:
        self.folders = Covering(known.folders())
        self.prefixes = Covering(known.prefixes())
        self._lengths = known.texts.str.len_chars().cast(pl.Int32)

    def in_order(self, objects: pl.DataFrame) -> pl.DataFrame:
        """The rows by key, with what is looked up for each: a search in a million texts is fast
        where the one before ended near.
        """
        below = (pl.col("key") + "/").alias(BELOW)
        # Threads share out a sort of so few rows at three times its cost.
        return objects.with_columns(below).sort(BELOW, multithreaded=False)

    def marks(self, keys: pl.Series, below: pl.Series | None = None) -> pl.DataFrame:
        """A row of `Mark`'s columns for each key, with the numbers of its intervals among folders
        and among prefixes. `below` is `BELOW` of `in_order`.
        """
        found = self.folders.at(keys + "/") if below is None else self.folders.at_sorted(below)
        if self.prefixes.is_empty:
            return found.with_columns(pl.lit(0, dtype=pl.Int32).alias(PREFIX_INTERVAL))
        raw = self.prefixes.at(keys).rename({INTERVAL: PREFIX_INTERVAL})
        both = found.hstack(raw.rename({name: f"{name}_" for name in NUMBERS}))
        stronger = pl.col("strength_") > pl.col("strength")
        return both.select(
            pl.max_horizontal("strength", "strength_").alias("strength"),
            pl.when(stronger).then("reference_").otherwise("reference").alias("reference"),
            self._nearer("unneeded"),
            *(self._given(name) for name in ("root", "owner", "experiment")),
            pl.col(INTERVAL),
            pl.col(PREFIX_INTERVAL),
        )

    def _nearer(self, name: str) -> Any:
        ours, theirs = (self._length(each) for each in (name, f"{name}_"))
        return pl.when(theirs > ours).then(f"{name}_").otherwise(name).alias(name)

    def _length(self, name: str) -> Any:
        """Of the text of a line; -1 for none."""
        if not len(self._lengths):
            return pl.lit(-1)
        number = pl.col(name)
        return pl.when(number >= 0).then(pl.lit(self._lengths).gather(number.clip(0))).otherwise(-1)

    def _given(self, name: str) -> Any:
        """Of a folder, rather than of a prefix."""
        return pl.when(pl.col(name) >= 0).then(name).otherwise(f"{name}_").alias(name)
