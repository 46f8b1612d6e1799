"""A text of a registry is missing once, and only if nothing is stored of any reading of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.reach.location import Location, LocationKind
from firnline.reach.mark.known import Known
from firnline.reach.mark.lines import Lines, lines_of
from firnline.reach.mark.missing import as_said, unstored
from firnline.reach.references import OrphanReason, Reference, Strength, Unneeded

_KEYS = st.sampled_from(["a", "a%2Fb", "a/b", "a//b", "e\u0301", "\u00e9"])
_LOCATIONS = st.builds(Location, st.sampled_from("bc"), st.sampled_from(LocationKind), _KEYS)
_BECAUSE = st.sampled_from([("m",), ("m", "n")])
_SAID = st.builds(Reference, _LOCATIONS, st.sampled_from(Strength), _BECAUSE) | st.builds(
    Unneeded, _LOCATIONS, st.sampled_from(OrphanReason), _BECAUSE
)
_FOUND = st.lists(st.tuples(st.sampled_from(["one", "two"]), _SAID), max_size=12)


def naive(found: list[tuple[str, Reference | Unneeded]], missing: set[int]) -> list[str]:
    references = [
        (place, registry, said)
        for place, (registry, said) in enumerate(found)
        if isinstance(said, Reference)
    ]
    named = []
    for _, group in groupby(references, lambda each: (each[1], each[2].because)):
        readings = list(group)
        for text in dict.fromkeys(_text(said) for _, _, said in readings):
            alike = [(place, said) for place, _, said in readings if _text(said) == text]
            if all(place in missing for place, _ in alike):
                first = min((said for _, said in alike), key=lambda said: len(said.location.key))
                named.append(str(first.location))
    return named


def _text(said: Reference | Unneeded) -> str:
    is_same = {"a%2Fb": "a/b", "a//b": "a/b", "e\u0301": "\u00e9"}
    return said.location.bucket + is_same.get(said.location.key, said.location.key)


@settings(max_examples=60, deadline=None)
@given(_FOUND, st.sets(st.integers(0, 11)), st.integers(1, 12))
def test_each_text_is_missing_once(
    found: list[tuple[str, Reference | Unneeded]], missing: set[int], size: int
) -> None:
    known = Known()
    for part in _parts(found, size):
        known.add_lines(part)
    known.of("b")
    places = {place for place, (_, said) in enumerate(found) if isinstance(said, Reference)}
    texts = unstored(known, missing & places)
    assert [str(each.location) for each in texts] == naive(found, missing)
    read = list(enumerate(found))
    assert [each.registry for each in as_said(texts, read)] == [
        found[each.line][0] for each in texts
    ]


def _parts(found: list[tuple[str, Reference | Unneeded]], size: int) -> Iterator[Lines]:
    for start in range(0, len(found), size):
        part = lines_of(found[start : start + size])
        yield Lines(part.rows.with_columns(pl.col("line") + start), part.others)
