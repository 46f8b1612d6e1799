"""What registries name, though nothing is stored of it: places of references → which they are.

One text of a registry stands for several readings: it is missing where all of them are.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

import polars as pl

from firnline.reach.location import Location, LocationKind
from firnline.reach.mark.lines import Lines
from firnline.reach.mark.report import Missing
from firnline.reach.references import Strength


class _Read(NamedTuple):
    is_missing: bool
    registry: str
    bucket: str
    kind: str
    key: str
    strength: int
    because: str
    owner: str | None

    @property
    def location(self) -> Location:
        return Location(self.bucket, LocationKind(self.kind), self.key)


def missing_references(parts: Iterable[Lines], missing: Collection[int]) -> Iterator[Missing]:
    """`parts` are all that registries said, in the order in which it was added; `missing` are
    places in it. The readings of one text follow each other.
    """
    for group in _groups(parts, pl.Series([*missing], dtype=pl.UInt32).sort()):
        readings: dict[tuple[str, str], list[_Read]] = defaultdict(list)
        for each in map(_Read._make, group.select(_Read._fields).iter_rows()):
            readings[_one(each.location)].append(each)
        for found in readings.values():
            if all(each.is_missing for each in found):
                yield _named(min(found, key=lambda each: len(each.key)))


def _groups(parts: Iterable[Lines], missing: pl.Series) -> Iterator[pl.DataFrame]:
    """References that may be readings of one text, where one of them is missing."""
    rows = pl.DataFrame()
    added = 0
    for part in parts:
        more = _flagged(part.rows, missing, added)
        added += len(part.rows)
        rows = pl.concat([rows, more]) if len(rows) else more
        last = pl.col("number") == pl.col("number").last()
        numbered = _numbered(rows)
        yield from _with_missing(numbered.filter(~last))
        # The next part may go on with the last group.
        rows = numbered.filter(last).drop("number")
    if len(rows):
        yield from _with_missing(_numbered(rows))


def _flagged(rows: pl.DataFrame, missing: pl.Series, added: int) -> pl.DataFrame:
    here = missing.filter(missing.is_between(added, added + len(rows), closed="left")) - added
    flags = pl.Series("is_missing", [False]).new_from_index(0, len(rows)).scatter(here, True)
    return rows.with_columns(flags).filter(pl.col("strength") > 0)


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    """With the number of its group: one registry gives several readings the same reasons."""
    return rows.with_columns(pl.struct("registry", "because").rle_id().alias("number"))


def _with_missing(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    numbers = rows.filter("is_missing")["number"].unique()
    wanted = rows.filter(pl.col("number").is_in(numbers.implode()))
    yield from wanted.partition_by("number", maintain_order=True)


def _named(read: _Read) -> Missing:
    return Missing(
        str(read.location),
        str(Strength(read.strength)),
        tuple(json.loads(read.because)),
        read.registry,
        read.owner,
    )


def _one(location: Location) -> tuple[str, str]:
    """The same for all readings of a text."""
    decoded = unicodedata.normalize("NFC", unquote(location.key))
    return location.bucket, re.sub("/{2,}", "/", decoded).strip("/")
