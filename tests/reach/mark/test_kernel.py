"""Both kernels say of every key what trying each reference on it says."""

from __future__ import annotations

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from firnline.reach.location import Location, LocationKind
from firnline.reach.mark.batch_kernel import BatchKernel
from firnline.reach.mark.covering import NONE, Mark, intervals
from firnline.reach.mark.intervals import entries_of, intervals_of
from firnline.reach.mark.known import Known, OfBucket
from firnline.reach.mark.python_kernel import PythonKernel
from firnline.reach.mark.seen import Seen
from firnline.reach.references import OrphanReason, Reference, Root, Strength, Unneeded

_PIECES = ["a", "ab", "-", ".", "0", " ", "%2F", "é", "e\u0301", "\U0010ffff", "~", "", "\0"]
_SEGMENT = st.lists(st.sampled_from(_PIECES), max_size=2).map("".join)
_LONG = st.sampled_from(["x" * 1024, "a/" * 512, "a/" * 500 + "b" * 24])
KEYS = st.lists(_SEGMENT, min_size=1, max_size=4).map("/".join) | _LONG
_KINDS = st.sampled_from(LocationKind)
_LOCATIONS = st.builds(Location, st.just("b"), _KINDS, KEYS | st.just(""))
_SAID = st.builds(
    Reference, _LOCATIONS, st.sampled_from(Strength), st.just(("model m v1",))
) | st.builds(Unneeded, _LOCATIONS, st.sampled_from(OrphanReason), st.just(("run r",)))


def known(*said: Reference | Unneeded | Root) -> OfBucket:
    found = Known()
    found.add(*said)
    return found.of("b")


def naive(said: list[Reference | Unneeded], key: str) -> tuple[int, OrphanReason | None]:
    """The strongest reference, and why what encloses the key most closely is not needed."""
    covering = [each for each in said if each.location.covers(key)]
    strength = max((each.strength for each in covering if isinstance(each, Reference)), default=0)
    unneeded = [each for each in covering if isinstance(each, Unneeded)]
    if not unneeded:
        return strength, None
    return strength, max(unneeded, key=lambda each: _length(each.location)).reason


def _length(location: Location) -> int:
    ends_at_slash = location.kind is not LocationKind.RAW_PREFIX and bool(location.key)
    return len(location.key) + ends_at_slash


@given(st.lists(_SAID, max_size=12), st.lists(KEYS, min_size=1, max_size=12))
@example(
    [Reference(Location("b", LocationKind.DIR, "a"), Strength.PIN, ())], ["a-", "a", "a/", "ab"]
)
def test_kernels_find_the_strongest_reference_that_covers_a_key(
    said: list[Reference | Unneeded], keys: list[str]
) -> None:
    index = known(*said)
    batch = BatchKernel(index).marks(pl.Series(keys, dtype=pl.String))
    python = PythonKernel(entries_of(index.folders()), entries_of(index.prefixes()))
    for key, row in zip(keys, batch.iter_rows(named=True), strict=True):
        expected, _ = naive(said, key)
        below = python.below_folders(key), python.below_prefixes(key)
        assert max(each.strength for each in below) == expected
        assert row["strength"] == expected
        if expected:
            reference = said[row["reference"]]
            assert isinstance(reference, Reference)
            assert reference.strength == expected
            assert reference.location.covers(key)
        else:
            assert row["reference"] == NONE


@given(st.lists(_SAID, max_size=12))
@example([Reference(Location("b", LocationKind.EXACT, "a"), Strength.PIN, ())] * 2)
def test_intervals_on_columns_are_those_of_a_walk(said: list[Reference | Unneeded]) -> None:
    index = known(*said)
    for each in (index.folders(), index.prefixes()):
        walked = dict(intervals(entries_of(each)))
        assert {text: Mark(*mark) for text, *mark in intervals_of(each).iter_rows()} == walked


@given(
    st.lists(_SAID, max_size=8, unique_by=lambda each: _length(each.location)),
    st.lists(KEYS, min_size=1, max_size=12),
)
def test_kernels_find_the_nearest_location_that_is_not_needed(
    said: list[Reference | Unneeded], keys: list[str]
) -> None:
    index = known(*said)
    batch = BatchKernel(index).marks(pl.Series(keys, dtype=pl.String))
    for key, row in zip(keys, batch.iter_rows(named=True), strict=True):
        _, reason = naive(said, key)
        nearest = None if row["unneeded"] == NONE else said[row["unneeded"]]
        assert (nearest.reason if isinstance(nearest, Unneeded) else None) == reason


@given(st.lists(_SAID, max_size=8), st.lists(KEYS, max_size=8))
def test_which_references_cover_no_key_is_seen_by_the_intervals_of_keys(
    said: list[Reference | Unneeded], keys: list[str]
) -> None:
    index = known(*said)
    kernel = BatchKernel(index)
    seen = Seen(kernel)
    seen.add(kernel.marks(pl.Series(keys, dtype=pl.String)))
    covering = [
        number for number, each in enumerate(said) if any(each.location.covers(key) for key in keys)
    ]
    numbers = pl.Series(range(len(said)), dtype=pl.UInt32)
    assert seen.among(index, numbers).to_list() == covering


def test_of_names_the_nearest_counts_and_a_root_gives_its_own() -> None:
    root = Root(
        Location("b", LocationKind.DIR, "exp/1"), "[0-9a-f]+", "runs of churn", "root-owner"
    )
    run = Reference(
        Location("b", LocationKind.DIR, "exp/1/ab"), Strength.LIVE, ("run ab",), "ann", "churn"
    )
    index = known(root, run)
    python = PythonKernel(entries_of(index.folders()), entries_of(index.prefixes()))
    assert python.below_folders("exp/1/cd/x") == Mark(root=0, owner=0)
    assert python.below_folders("exp/1/ab/x") == Mark(Strength.LIVE, 1, NONE, 0, 1, 0)
    assert python.below_folders("exp/10/ab/x") == Mark()
