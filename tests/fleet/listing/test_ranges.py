from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from firnline.fleet.listing.ranges import RANGES, split
from firnline.fleet.listing.request import KeyRange, Listed

KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


def ranges_of(keys: Iterable[str]) -> list[KeyRange]:
    """As S3 would tell the prefixes of these keys."""

    def below(prefix: str) -> list[str]:
        rests = [key[len(prefix) :] for key in keys if key.startswith(prefix)]
        return sorted({prefix + rest.partition("/")[0] + "/" for rest in rests if "/" in rest})

    return split(Listed.OBJECTS, below)


@given(st.lists(KEYS, max_size=8), KEYS)
def test_every_key_is_in_one_range_whether_it_was_there_before_or_not(
    keys: list[str], new: str
) -> None:
    ranges = ranges_of(keys)
    for key in (*keys, new):
        assert sum(each.contains(key) for each in ranges) == 1


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=80))
def test_a_key_is_past_the_end_of_all_ranges_before_its_own(pairs: list[tuple[int, int]]) -> None:
    keys = [f"{first}/{second}/x" for first, second in pairs]
    ranges = ranges_of(keys)
    for key in keys:
        own = next(number for number, each in enumerate(ranges) if each.contains(key))
        assert [each.is_before(key) for each in ranges[:own]] == [True] * own
        assert not any(each.is_before(key) for each in ranges[own:])


def test_keys_without_slashes_are_one_range() -> None:
    assert ranges_of(["a", "b"]) == [KeyRange(Listed.OBJECTS)]


def test_prefixes_are_searched_until_there_are_enough() -> None:
    keys = [f"top/{first}/{second}/key" for first in range(9) for second in range(9)]
    assert len(ranges_of(keys)) == RANGES


def test_of_very_many_prefixes_a_few_are_borders_evenly() -> None:
    ranges = ranges_of([f"{number:05}/key" for number in range(6_400)])
    assert len(ranges) == RANGES
    assert [each.until for each in ranges[:2]] == ["00100/", "00200/"]


def test_a_deep_chain_of_prefixes_ends_the_search() -> None:
    asked = []

    def below(prefix: str) -> list[str]:
        asked.append(prefix)
        return [f"{prefix}a/"]

    split(Listed.OBJECTS, below)
    assert len(asked) <= 64
