"""The current objects of a bucket, batch by batch → of which class each is, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import polars as pl

from firnline.reach.mark.areas import Areas
from firnline.reach.mark.batch_kernel import INTERVAL, PREFIX_INTERVAL, BatchKernel
from firnline.reach.mark.covering import NONE
from firnline.reach.mark.known import REASONS, Known
from firnline.reach.mark.report import ObjectClass
from firnline.reach.mark.run_folders import FOLDER, RunFolders
from firnline.reach.mark.seen import Seen
from firnline.reach.references import OrphanReason, Strength


@dataclass(frozen=True, slots=True)
class Ages:
    """Younger than `least` nothing is a candidate, nor what has something in its folder, or in that
    of its run, which is younger than `quiet`.
    """

    least: timedelta = timedelta(days=7)
    quiet: timedelta = timedelta(days=7)


_REASONS: Final = pl.Series([None, *(reason.value for reason in REASONS)], dtype=pl.String)
_STRENGTHS: Final = pl.Series([None, *(str(each) for each in Strength)], dtype=pl.String)


class Classes:
    """Of the objects of one bucket, at the moment of its inventory. All keys that are younger than
    `ages.quiet` are given to `add_young` first.
    """

    def __init__(self, known: Known, bucket: str, areas: Areas, ages: Ages, made: datetime) -> None:
        self._known = known.of(bucket)
        self.kernel = BatchKernel(self._known)
        self._folders = RunFolders(self._known, self.kernel)
        self._areas, self._ages, self._made = areas, ages, made
        reasons = pl.Series(self._known.reasons, dtype=pl.UInt8)
        self._reasons = _with_none(_REASONS[reasons])
        self._names = [
            _with_none(pl.Series(names.names, dtype=pl.String))
            for names in (known.owners, known.experiments)
        ]
        self.seen = Seen(self.kernel)
        self._young = Seen(self.kernel)
        self._young_folders: set[int] = set()
        self._is_young: pl.Series | None = None

    def add_young(self, keys: pl.Series) -> None:
        self._young.add(self.kernel.marks(keys))
        if not self._folders and not self._areas.has_unreferenced:
            return
        folders = keys
        while len(folders):
            folders = folders.str.extract(_FOLDER_OF, 1).drop_nulls().unique()
            self._young_folders.update(folders.hash(_SEED).to_list())

    def of(self, objects: pl.DataFrame) -> pl.DataFrame:
        """The rows, in the order of keys, with the columns class, strength, reason, owner and
        experiment. `objects` has at least key and last_modified.
        """
        rows = objects.sort("key")
        marks = self.kernel.marks(rows["key"])
        self.seen.add(marks)
        marked = rows.hstack(marks.drop(INTERVAL, PREFIX_INTERVAL))
        is_active = pl.col("strength") > 0
        active = marked.filter(is_active).with_columns(
            pl.lit(None, dtype=pl.String).alias("reason"),
            pl.lit(ObjectClass.ACTIVE.value).alias("class"),
        )
        others = self._unneeded(marked.filter(~is_active))
        columns = [*rows.columns, "class", "strength", "reason", "owner", "experiment"]
        return pl.concat([active.select(columns), others.select(columns)]).with_columns(
            pl.lit(_STRENGTHS).gather("strength").alias("strength"),
            *(
                _gathered(names, name)
                for names, name in zip(self._names, ("owner", "experiment"), strict=True)
            ),
        )

    def _unneeded(self, rows: pl.DataFrame) -> pl.DataFrame:
        keys, number = rows["key"], pl.col("unneeded")
        roots = rows.select(pl.when(number == NONE).then("root").otherwise(NONE)).to_series()
        told = rows.with_columns(
            self._folders.of(keys, roots),
            *self._areas.of(keys),
            _gathered(self._reasons, "unneeded").alias("known_reason"),
        )
        reason = (
            pl.when(pl.col("known_reason").is_not_null())
            .then("known_reason")
            .when(pl.col(FOLDER).is_not_null())
            .then(pl.lit(OrphanReason.RUN_MISSING.value))
            .when("is_unreferenced")
            .then(pl.lit(OrphanReason.UNREFERENCED.value))
        )
        return told.with_columns(reason.alias("reason"), self._is_loud(told)).with_columns(
            self._class().alias("class"),
            pl.col("reason").fill_null(ObjectClass.UNCLASSIFIED.value),
        )

    def _class(self) -> Any:
        days = pl.max_horizontal(pl.lit(self._ages.least.days), "least_days")
        is_young = pl.col("last_modified") > pl.lit(self._made) - pl.duration(days=days)
        return (
            pl.when(pl.col("reason").is_null())
            .then(pl.lit(ObjectClass.UNCLASSIFIED.value))
            .when(pl.col("kept_by").is_not_null())
            .then(pl.lit(ObjectClass.KEPT.value))
            .when(is_young.fill_null(True) | pl.col("is_loud"))
            .then(pl.lit(ObjectClass.RECENT.value))
            .otherwise(pl.lit(ObjectClass.ORPHAN.value))
        )

    def _is_loud(self, rows: pl.DataFrame) -> pl.Series:
        """Whether something young lies in the same location that is not needed, in the same folder
        of a missing run, or else in the same folder.
        """
        folder = rows.select(
            pl.when(pl.col(FOLDER).is_not_null())
            .then(pl.col(FOLDER).str.head(-1))
            .otherwise(pl.col("key").str.extract(_FOLDER_OF, 1).fill_null(""))
        ).to_series()
        young = pl.Series([*self._young_folders], dtype=pl.UInt64)
        in_folder = folder.hash(_SEED).is_in(young.implode())
        flags = pl.DataFrame({"number": rows["unneeded"], "in_folder": in_folder})
        by_number = pl.when(pl.col("number") == NONE).then("in_folder")
        if len(self._known):
            loud = pl.lit(self._loud()).gather(pl.col("number").clip(0))
            return flags.select(by_number.otherwise(loud).alias("is_loud")).to_series()
        return flags.select(by_number.alias("is_loud")).to_series()

    def _loud(self) -> pl.Series:
        """A flag for each line that is not needed."""
        if self._is_young is None:
            unneeded = [number for number, reason in enumerate(self._known.reasons) if reason]
            flags = pl.Series([False], dtype=pl.Boolean).new_from_index(0, len(self._known))
            self._is_young = flags.scatter(self._young.among(self._known, unneeded), True)
        return self._is_young


def _with_none(values: pl.Series) -> pl.Series:
    """With a null at the end, which is where `NONE` points."""
    return values.extend_constant(None, 1)


def _gathered(values: pl.Series, numbers: str) -> Any:
    """The value of each number, null for `NONE`."""
    last = len(values) - 1
    number = pl.when(pl.col(numbers) == NONE).then(last).otherwise(numbers)
    return pl.lit(values).gather(number).alias(numbers)


_SEED: Final = 0
_FOLDER_OF: Final = "(?s)^(.*)/"
