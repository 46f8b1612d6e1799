"""What registries name, though nothing is stored of it: places of references → which they are.

One text of a registry stands for several readings: it is missing where all of them are.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

import polars as pl

from firnline.reach.location import Location, LocationKind
from firnline.reach.mark.known import Known
from firnline.reach.mark.report import Missing
from firnline.reach.reference_file import Found
from firnline.reach.references import Reference


class Unstored(NamedTuple):
    """The shortest reading of a text, and the line of the file in which it stands."""

    line: int
    location: Location


def unstored(known: Known, missing: Collection[int]) -> list[Unstored]:
    """`missing` are places of references. The readings of one text follow each other."""
    places = pl.Series("place", [*missing], dtype=pl.UInt32).implode()
    parts = [*known.references()]
    found = [lines.filter(pl.col("place").is_in(places))["group"] for _, lines in parts]
    groups = pl.concat([pl.Series("group", [], dtype=pl.UInt32), *found]).unique().implode()
    rows = [
        (*row, bucket)
        for bucket, lines in parts
        for row in lines.filter(pl.col("group").is_in(groups)).select(_READ).iter_rows()
    ]
    return [*_unstored(sorted(rows), missing)]


def as_said(texts: Iterable[Unstored], read: Iterable[tuple[int, Found]]) -> Iterator[Missing]:
    """`read` is what stands in their lines."""
    told = {
        Unstored(line, said.location): (registry, said)
        for line, (registry, said) in read
        if isinstance(said, Reference)
    }
    for text in texts:
        registry, said = told[text]
        yield Missing(str(said.location), str(said.strength), said.because, registry, said.owner)


_READ: Final = ("group", "place", "line", "kind", "text")


def _unstored(rows: list[tuple[Any, ...]], missing: Collection[int]) -> Iterator[Unstored]:
    for _, group in groupby(rows, itemgetter(0)):
        readings: dict[tuple[str, str], list[tuple[int, Unstored]]] = defaultdict(list)
        for _, place, line, kind, text, bucket in group:
            is_whole = kind == LocationKind.RAW_PREFIX.value
            location = Location(bucket, LocationKind(kind), text if is_whole else text[:-1])
            readings[_one(location)].append((place, Unstored(line, location)))
        for found in readings.values():
            if all(place in missing for place, _ in found):
                yield min((each for _, each in found), key=lambda each: len(each.location.key))


def _one(location: Location) -> tuple[str, str]:
    """The same for all readings of a text."""
    decoded = unicodedata.normalize("NFC", unquote(location.key))
    return location.bucket, re.sub("/{2,}", "/", decoded).strip("/")
