"""Which keys lie in the folder of a run that no registry knows?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import polars as pl

from firnline.reach.mark.batch_kernel import BatchKernel
from firnline.reach.mark.covering import NONE
from firnline.reach.mark.known import OfBucket

FOLDER: Final = "missing_folder"


class RunFolders:
    """The folders of runs below the roots of one bucket. One in which a registry names anything is
    no folder of a missing run, whatever else lies in it.
    """

    def __init__(self, known: OfBucket, kernel: BatchKernel) -> None:
        self._texts = dict(zip(known.roots, known.texts.gather([*known.roots]), strict=True))
        self._patterns = {
            number: [re.compile(each.known_ids) for each in roots]
            for number, roots in known.roots.items()
        }
        self._outer = dict(_enclosing(self._texts))
        self._kernel = kernel

    def __bool__(self) -> bool:
        return bool(self._texts)

    def of(self, keys: pl.Series, roots: pl.Series) -> pl.Series:
        """The folder of the missing run, with its slash, in which each key lies, or null. `roots`
        are the numbers of the nearest roots around the keys, or `NONE`.
        """
        within = (roots != NONE).arg_true()
        frame = pl.DataFrame({"key": keys.gather(within), "root": roots.gather(within)})
        frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(FOLDER))
        while (frame["root"] != NONE).any():
            frame = self._looked_up(frame)
        none = pl.Series(FOLDER, [None], dtype=pl.String).new_from_index(0, len(keys))
        return none.scatter(within, frame[FOLDER])

    def _looked_up(self, frame: pl.DataFrame) -> pl.DataFrame:
        """With the folders below the roots, and for those that are none the next outer roots."""
        texts = pl.DataFrame(
            {
                "root": pl.Series([*self._texts], dtype=pl.Int32),
                "text": pl.Series([*self._texts.values()], dtype=pl.String),
                "outer": pl.Series([self._outer[each] for each in self._texts], dtype=pl.Int32),
            }
        )
        joined = frame.join(texts, on="root", how="left", maintain_order="left")
        below = pl.col("key").str.slice(pl.col("text").str.len_chars())
        named = joined.with_columns(below.alias("below")).with_columns(
            # Without a slash it is an object in the root, and no folder.
            pl.when(pl.col("below").str.contains("/", literal=True))
            .then(pl.col("below").str.split_exact("/", 1).struct.field("field_0"))
            .alias("id")
        )
        missing = self._missing(named.select("root", "text", "id").drop_nulls().unique())
        return (
            named.join(missing, on=["root", "id"], how="left", maintain_order="left")
            .with_columns(pl.coalesce(FOLDER, "folder").alias(FOLDER))
            .select(
                "key",
                pl.when(pl.col(FOLDER).is_null() & pl.col("outer").is_not_null())
                .then("outer")
                .otherwise(NONE)
                .cast(pl.Int32)
                .alias("root"),
                FOLDER,
            )
        )

    def _missing(self, named: pl.DataFrame) -> pl.DataFrame:
        """Of folders in roots those that have the form of an ID, and in which nothing is named."""
        fits = [
            any(pattern.fullmatch(id) for pattern in self._patterns[root])
            for root, _, id in named.iter_rows()
        ]
        folder = pl.col("text") + pl.col("id") + "/"
        formed = named.filter(pl.Series(fits, dtype=pl.Boolean)).select(
            "root", "id", folder.alias("folder")
        )
        begins = formed["folder"]
        ends = formed.select(pl.col("folder").str.head(-1) + "0").to_series()
        is_empty = pl.Series([True]).new_from_index(0, len(formed))
        # A prefix that is the folder would cover the key: an interval of prefixes that begins
        # there is what lies behind another one.
        kernel = self._kernel
        folders, prefixes = kernel.folders.texts, kernel.prefixes.texts
        is_empty &= folders.search_sorted(begins, "left") == folders.search_sorted(ends, "left")
        is_empty &= prefixes.search_sorted(begins, "right") == prefixes.search_sorted(ends, "left")
        return formed.filter(is_empty)


def _enclosing(texts: dict[int, str]) -> Iterator[tuple[int, int]]:
    """Each root and the nearest that encloses it, or `NONE`."""
    around: list[int] = []
    for number in sorted(texts, key=texts.__getitem__):
        while around and not texts[number].startswith(texts[around[-1]]):
            around.pop()
        yield number, around[-1] if around else NONE
        around.append(number)
