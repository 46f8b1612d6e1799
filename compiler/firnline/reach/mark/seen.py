"""Which lines cover some of the keys that were seen? By the intervals of the keys alone."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from firnline.reach.location import LocationKind
from firnline.reach.mark.batch_kernel import INTERVAL, PREFIX_INTERVAL, BatchKernel, Covering
from firnline.reach.mark.intervals import ends_of
from firnline.reach.mark.known import OfBucket


class Seen:
    """A flag for each interval: however many keys are seen, they need no room."""

    def __init__(self, kernel: BatchKernel) -> None:
        self._kernel = kernel
        self._folders = _none(kernel.folders)
        self._prefixes = _none(kernel.prefixes)

    def add(self, marks: pl.DataFrame) -> None:
        """What the kernel says of some keys."""
        self._folders = self._folders.scatter(marks[INTERVAL].unique(), True)
        if not self._kernel.prefixes.is_empty:
            self._prefixes = self._prefixes.scatter(marks[PREFIX_INTERVAL].unique(), True)

    def numbers(self) -> tuple[pl.Series, pl.Series]:
        """Of the intervals that were hit: of those of folders, and of prefixes."""
        return self._folders.arg_true(), self._prefixes.arg_true()

    def add_numbers(self, folders: Sequence[int], prefixes: Sequence[int]) -> None:
        """What `numbers` said of other keys."""
        self._folders = self._folders.scatter(pl.Series(folders, dtype=pl.UInt32), True)
        self._prefixes = self._prefixes.scatter(pl.Series(prefixes, dtype=pl.UInt32), True)

    def among(self, known: OfBucket, numbers: pl.Series) -> pl.Series:
        """Those lines that cover any of the keys, in the order of `numbers`."""
        lines = known.lines[numbers]
        kind = lines["kind"]
        ends = ends_of(lines["text"], kind == LocationKind.EXACT.value)
        hit = self._kernel.folders.hit(self._folders, lines["text"], ends)
        raw = (kind == LocationKind.RAW_PREFIX.value).arg_true()
        if len(raw):
            texts = lines["text"].gather(raw)
            hit = hit.scatter(
                raw, self._kernel.prefixes.hit(self._prefixes, texts, ends.gather(raw))
            )
        return numbers.filter(hit)


def _none(covering: Covering) -> pl.Series:
    return pl.Series([False], dtype=pl.Boolean).new_from_index(0, len(covering))
