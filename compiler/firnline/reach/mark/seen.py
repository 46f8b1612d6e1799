"""Which lines cover some of the keys that were seen? By the intervals of the keys alone."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from firnline.reach.mark.batch_kernel import INTERVAL, PREFIX_INTERVAL, BatchKernel, Covering
from firnline.reach.mark.covering import end_of
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
        if len(self._prefixes) > 1:
            self._prefixes = self._prefixes.scatter(marks[PREFIX_INTERVAL].unique(), True)

    def numbers(self) -> tuple[pl.Series, pl.Series]:
        """Of the intervals that were hit: of those of folders, and of prefixes."""
        return self._folders.arg_true(), self._prefixes.arg_true()

    def add_numbers(self, folders: Sequence[int], prefixes: Sequence[int]) -> None:
        """What `numbers` said of other keys."""
        self._folders = self._folders.scatter(pl.Series(folders, dtype=pl.UInt32), True)
        self._prefixes = self._prefixes.scatter(pl.Series(prefixes, dtype=pl.UInt32), True)

    def among(self, known: OfBucket, numbers: Sequence[int]) -> list[int]:
        """Those lines that cover any of the keys, in the order of `numbers`."""
        raw = [each for each in numbers if known.is_prefix(each)]
        others = [each for each in numbers if not known.is_prefix(each)]
        found = {
            *_hit(self._kernel.folders, self._folders, known, others),
            *_hit(self._kernel.prefixes, self._prefixes, known, raw),
        }
        return [each for each in numbers if each in found]


def _none(covering: Covering) -> pl.Series:
    return pl.Series([False], dtype=pl.Boolean).new_from_index(0, len(covering))


def _hit(
    covering: Covering, hits: pl.Series, known: OfBucket, numbers: Sequence[int]
) -> Sequence[int]:
    texts = [known.texts[each] for each in numbers]
    ends = [
        f"{text}\0" if known.is_exact(each) else end_of(text)
        for each, text in zip(numbers, texts, strict=True)
    ]
    flags = covering.hit(hits, pl.Series(texts, dtype=pl.String), pl.Series(ends, dtype=pl.String))
    return list(pl.Series(numbers, dtype=pl.Int64).filter(flags))
