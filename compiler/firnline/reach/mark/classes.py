"""The current objects of a bucket, batch by batch → of which class each is, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import polars as pl

from firnline.reach.location import LocationKind
from firnline.reach.mark.areas import Areas
from firnline.reach.mark.batch_kernel import BELOW, INTERVAL, PREFIX_INTERVAL, BatchKernel
from firnline.reach.mark.checkpoints import Checkpoints
from firnline.reach.mark.covering import NONE
from firnline.reach.mark.known import Known, Names
from firnline.reach.mark.lines import REASONS
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


CLASS: Final = pl.Enum([each.value for each in ObjectClass])
REASON: Final = pl.Enum([each.value for each in (*OrphanReason, ObjectClass.UNCLASSIFIED)])
STRENGTH: Final = pl.Enum([str(each) for each in Strength])
_STRENGTHS: Final = pl.Series([None, *(str(each) for each in Strength)], dtype=STRENGTH)
_INTERMEDIATE: Final = "is_intermediate"
_KNOWN_REASONS: Final = pl.Series([None, *(each.value for each in REASONS)], dtype=REASON)


class Classes:
    """Of the objects of one bucket, at the moment of its inventory. All keys that are younger than
    `ages.quiet` are given to `add_young` first, and all keys to `checkpoints`, if it has rules.
    """

    def __init__(self, known: Known, bucket: str, areas: Areas, ages: Ages, made: datetime) -> None:
        self._known = known.of(bucket)
        self.kernel = BatchKernel(self._known)
        self.checkpoints = Checkpoints(self._known)
        self._folders = RunFolders(self._known, self.kernel)
        self._areas, self._ages, self._made = areas, ages, made
        self._reasons = _KNOWN_REASONS.gather(self._known.lines["reason"])
        self._names = {"owner": _named(known.owners), "experiment": _named(known.experiments)}
        self.seen = Seen(self.kernel)
        self.young = Seen(self.kernel)
        self.young_folders: set[int] = set()
        self._is_young: pl.Series | None = None
        self._young_digests: pl.Series | None = None

    def add_young(self, keys: pl.Series) -> None:
        self.young.add(self.kernel.marks(keys.sort()))
        for folders in self.folders_above(keys):
            self.young_folders.update(folders.to_list())

    def folders_above(self, keys: pl.Series) -> Iterator[pl.Series]:
        """The digests of all folders around young keys, for `young_folders`."""
        if not self._folders and not self._areas.has_unreferenced:
            return
        folders = _folder_of(keys).drop_nulls().unique()
        while len(folders):
            yield folders.hash(_SEED)
            folders = _folder_of(folders).drop_nulls().unique()

    def of(self, objects: pl.DataFrame) -> pl.DataFrame:
        """The rows, in another order, with the columns class, strength, reason, and the numbers
        of owner and experiment. `objects` has at least key and last_modified.
        """
        ordered = self.kernel.in_order(objects)
        rows = ordered.drop(BELOW)
        marks = self.kernel.marks(rows["key"], ordered[BELOW])
        self.seen.add(marks)
        marked = self._with_intermediate(rows.hstack(marks.drop(INTERVAL, PREFIX_INTERVAL)))
        is_active = pl.col("strength") > 0
        columns = [*rows.columns, "class", "strength", "reason", "owner", "experiment"]
        active = marked.filter(is_active).with_columns(
            pl.lit(None, dtype=REASON).alias("reason"),
            pl.lit(ObjectClass.ACTIVE.value, dtype=CLASS).alias("class"),
        )
        others = self._unneeded(marked.filter(~is_active))
        found = pl.concat([active.select(columns), others.select(columns)])
        return found.with_columns(_STRENGTHS.gather(found["strength"]).alias("strength"))

    def _with_intermediate(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Nothing needs an intermediate checkpoint."""
        if not self.checkpoints:
            return rows.with_columns(pl.lit(False).alias(_INTERMEDIATE))
        flags = self.checkpoints.among(rows).alias(_INTERMEDIATE)
        needed = pl.when(_INTERMEDIATE).then(0).otherwise("strength").cast(rows["strength"].dtype)
        return rows.with_columns(flags).with_columns(needed.alias("strength"))

    def named(self, rows: pl.DataFrame) -> pl.DataFrame:
        """With the names of owners and experiments in place of their numbers."""
        return rows.with_columns(
            _at(names, rows[name]).alias(name) for name, names in self._names.items()
        )

    def _unneeded(self, rows: pl.DataFrame) -> pl.DataFrame:
        number = pl.col("unneeded")
        known_reason = _at(self._reasons, rows["unneeded"])
        roots = rows.select(pl.when(number == NONE).then("root").otherwise(NONE)).to_series()
        told = rows.with_columns(
            self._folders.of(rows["key"], roots),
            *self._areas.of(rows["key"]),
            known_reason.alias("known_reason"),
        )
        reason = (
            pl.when(_INTERMEDIATE)
            .then(pl.lit(OrphanReason.INTERMEDIATE_CHECKPOINT.value, dtype=REASON))
            .when(pl.col("known_reason").is_not_null())
            .then("known_reason")
            .when(pl.col(FOLDER).is_not_null())
            .then(pl.lit(OrphanReason.RUN_MISSING.value, dtype=REASON))
            .when("is_unreferenced")
            .then(pl.lit(OrphanReason.UNREFERENCED.value, dtype=REASON))
        )
        reasoned = told.with_columns(reason.alias("reason"))
        return reasoned.with_columns(self._is_loud(reasoned)).with_columns(
            self._class().cast(CLASS).alias("class"),
            pl.col("reason").fill_null(pl.lit(ObjectClass.UNCLASSIFIED.value, dtype=REASON)),
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
        """Whether something young lies in a location around it that is not needed, in the same
        folder of a missing run, or else in its own. It does not count for what is unclassified.
        """
        loud = _at(self._loud(), rows["unneeded"])
        if self.young_folders:
            by_folder = (rows["unneeded"] == NONE) & rows["reason"].is_not_null()
            places = by_folder.arg_true()
            loud = loud.scatter(places, self._is_folder_loud(rows[places]))
        return loud.fill_null(False).alias("is_loud")

    def _is_folder_loud(self, rows: pl.DataFrame) -> pl.Series:
        if self._young_digests is None:
            self._young_digests = pl.Series([*self.young_folders], dtype=pl.UInt64)
        folder = rows.select(pl.col(FOLDER).str.strip_suffix("/")).to_series()
        others = folder.is_null().arg_true()
        own = _folder_of(rows["key"].gather(others)).fill_null("")
        digests = folder.scatter(others, own).hash(_SEED)
        return digests.is_in(self._young_digests.implode())

    def _loud(self) -> pl.Series:
        """A flag for each line that is not needed: something young lies in its location, or in one
        that encloses it.
        """
        if self._is_young is None:
            lines = self._known.lines
            unneeded = (lines["reason"] > 0).arg_true()
            young = self.young.among(self._known, unneeded)
            is_folder = lines["kind"].gather(young) != LocationKind.EXACT.value
            around = lines["text"].gather(young.filter(is_folder)).sort().to_list()
            within = unneeded.filter(_within(lines["text"].gather(unneeded), around))
            flags = pl.Series([False], dtype=pl.Boolean).new_from_index(0, len(lines))
            self._is_young = flags.scatter(young, True).scatter(within, True)
        return self._is_young


def _within(texts: pl.Series, prefixes: list[str]) -> pl.Series:
    """Whether each begins with one of the sorted prefixes."""
    outermost: list[str] = []
    for each in prefixes:
        if not outermost or not each.startswith(outermost[-1]):
            outermost.append(each)
    known = pl.Series("prefix", outermost, dtype=pl.String)
    if not len(known):
        return pl.Series([False], dtype=pl.Boolean).new_from_index(0, len(texts))
    place = known.search_sorted(texts, side="right").cast(pl.Int64) - 1
    nearest = known.gather(place.clip(0))
    begins = pl.DataFrame({"text": texts, "prefix": nearest}).select(
        pl.col("text").str.starts_with(pl.col("prefix"))
    )
    return begins.to_series() & (place >= 0)


def _named(names: Names) -> pl.Series:
    return pl.Series(names.names, dtype=pl.String)


def _at(values: pl.Series, numbers: pl.Series) -> pl.Series:
    """The value of each number, null for `NONE`."""
    if not len(values):
        return pl.Series([None], dtype=values.dtype).new_from_index(0, len(numbers))
    return values.gather(numbers.set(numbers == NONE, None))


def _folder_of(keys: pl.Series) -> pl.Series:
    """The text before the last slash; null where there is none."""
    return keys.str.extract("(?s)^(.*)/", 1)


_SEED: Final = 0
