"""What is stored by the value of a tag is what a sum over all objects says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.inventory.facts.by_tag import by_tag
from firnline.inventory.facts.inventory_files import OnDisk
from firnline.inventory.facts.metadata_table import open_table
from firnline.inventory.facts.s3_inventory import open_inventory
from firnline.inventory.facts.tag_values import Tagged, TagValues
from firnline.inventory.forecast.volume import Volume
from tests.inventory.facts.metadata import MADE, marker, row, write_table
from tests.inventory.facts.written import VERSIONS, write

OLD = datetime(2026, 1, 1, tzinfo=UTC)
TAG = "who's it?"
CLASSES = ("STANDARD", "GLACIER")
Key = tuple[Tagged, str, str]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([{}, {TAG: ""}, {TAG: "a&b"}, {TAG: "A&B"}, {"other": "a&b"}]),
            st.sampled_from([0, 7, 200_000]),
            st.sampled_from(CLASSES),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_the_sums_are_those_of_all_objects(
    stored: list[tuple[dict[str, str], int, str, bool]],
) -> None:
    rows: list[dict[str, Any]] = [
        {
            "Key": f"k{place}",
            "VersionId": "v",
            "IsLatest": True,
            "IsDeleteMarker": is_marker,
            "Size": None if is_marker else size,
            "StorageClass": None if is_marker else storage_class,
            "LastModifiedDate": OLD,
            "ObjectTags": "" if is_marker else urlencode(tags),
        }
        for place, (tags, size, storage_class, is_marker) in enumerate(stored)
    ]
    expected: dict[Key, Volume] = defaultdict(Volume)
    for tags, size, storage_class, is_marker in stored:
        if not is_marker:
            state = Tagged.WITH_VALUE if TAG in tags else Tagged.UNTAGGED
            key = state, tags.get(TAG, ""), storage_class
            expected[key] = expected[key].plus(Volume.of(size))
    fields = (*VERSIONS, "Size", "StorageClass", "LastModifiedDate", "ObjectTags")
    with TemporaryDirectory() as folder:
        manifest = write(Path(folder), rows, fields)
        with open_inventory([OnDisk(manifest)]) as facts:
            found = by_tag(facts, TAG)
    assert sums_of(found) == expected
    weights = [
        sum(each.bytes for each in share.stored.values())
        for share in found.shares
        if share.tagged is Tagged.WITH_VALUE
    ]
    assert weights == sorted(weights, reverse=True)


def test_values_of_which_little_is_stored_are_summed_up(tmp_path: Path) -> None:
    rows = [
        row(f"k{number}", OLD, size=1000 - number, object_tags={"run": f"{number // 2}"})
        for number in range(20)
    ]
    rows += [row("bare", OLD), row("gone", OLD, object_tags=None), marker("marker", OLD)]
    with open_table(write_table(tmp_path, rows), MADE) as facts:
        found = by_tag(facts, "run", shown=3)
    assert [(each.tagged, each.value) for each in found.shares] == [
        (Tagged.WITH_VALUE, "0"),
        (Tagged.WITH_VALUE, "1"),
        (Tagged.WITH_VALUE, "2"),
        (Tagged.UNTAGGED, ""),
        (Tagged.NOT_TOLD, ""),
    ]
    assert found.more_values == 7
    (volume,) = found.others.values()
    assert volume[:2] == (14, sum(1000 - number for number in range(6, 20)))


def sums_of(found: TagValues) -> dict[Key, Volume]:
    parts: Iterable[tuple[Key, Volume]] = (
        ((share.tagged, share.value, storage_class), volume)
        for share in found.shares
        for (storage_class, _, _), volume in share.stored.items()
    )
    return dict(parts)
