"""What registries name, though nothing is stored of it: places of references → which they are.

One text of a registry stands for several readings: it is missing where all of them are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from urllib.parse import unquote

from firnline.reach.location import Location
from firnline.reach.mark.report import Missing
from firnline.reach.reference_file import Covered
from firnline.reach.references import Reference


def missing_references(
    said: Iterable[tuple[str, Covered]], missing: Collection[int]
) -> Iterator[Missing]:
    """`said` is all that registries said, in the order in which it was added; `missing` are places
    in it. The readings of one text follow each other.
    """
    references = (
        (place, registry, each)
        for place, (registry, each) in enumerate(said)
        if isinstance(each, Reference)
    )
    for (registry, because), group in groupby(references, lambda each: (each[1], each[2].because)):
        readings: dict[tuple[str, str], list[tuple[int, Reference]]] = {}
        for place, _, each in group:
            readings.setdefault(_one(each.location), []).append((place, each))
        for found in readings.values():
            if all(place in missing for place, _ in found):
                first = min((each for _, each in found), key=lambda each: len(each.location.key))
                yield Missing(
                    str(first.location), str(first.strength), because, registry, first.owner
                )


def _one(location: Location) -> tuple[str, str]:
    """The same for all readings of a text."""
    decoded = unicodedata.normalize("NFC", unquote(location.key))
    return location.bucket, re.sub("/{2,}", "/", decoded).strip("/")
