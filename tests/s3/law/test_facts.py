"""The tables of the law: one answer everywhere and on every day, each with its source."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.s3.law import refusals
from firnline.s3.law.classes import EARLIEST, MATRIX, MINIMUM_STAY, RANK, STEPS, TARGETS, reachable
from firnline.s3.law.facts import Confidence, holding
from firnline.s3.law.limits import LIMITS
from firnline.s3.law.refusals import Refusal
from firnline.s3.terms import Partition

CLASSES = ["STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER"]
CLASSES.append("DEEP_ARCHIVE")
# S3 User Guide, "Transitioning objects using Amazon S3 Lifecycle", supported transitions.
WAYS = {
    "STANDARD": set(CLASSES),
    "REDUCED_REDUNDANCY": set(CLASSES),
    "STANDARD_IA": set(CLASSES) - {"STANDARD_IA"},
    "INTELLIGENT_TIERING": {"ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"},
    "ONEZONE_IA": {"GLACIER", "DEEP_ARCHIVE"},
    "GLACIER_IR": {"GLACIER", "DEEP_ARCHIVE"},
    "GLACIER": {"DEEP_ARCHIVE"},
    "DEEP_ARCHIVE": set(),
    "EXPRESS_ONEZONE": set(),
}


@pytest.mark.parametrize("origin", WAYS)
def test_objects_move_where_the_user_guide_says(origin: str) -> None:
    targets = [*CLASSES, "STANDARD", "REDUCED_REDUNDANCY", "EXPRESS_ONEZONE"]
    assert {target for target in targets if reachable(origin, target)} == WAYS[origin]


@given(st.sampled_from(Partition), st.none() | st.dates())
def test_there_is_one_row_for_every_place_and_day(partition: Partition, day: date | None) -> None:
    for rows in EARLIEST.values():
        assert sum(row.holds(partition, day) for row in rows) == 1


@pytest.mark.parametrize(
    ("partition", "day", "least"),
    [
        (Partition.AWS, None, 0),
        (Partition.AWS, date(2026, 7, 16), 0),
        (Partition.AWS, date(2026, 7, 15), 30),
        (Partition.GOVCLOUD, None, 0),
        (Partition.GOVCLOUD, date(2026, 1, 1), 30),
        (Partition.CHINA, None, 30),
        (Partition.CHINA, date(2026, 12, 1), 30),
        (Partition.called("aws-iso"), None, 0),
    ],
)
def test_the_minimum_before_infrequent_access_depends_on_place_and_day(
    partition: Partition, day: date | None, least: int
) -> None:
    for rows in EARLIEST.values():
        row = holding(rows, partition, day)
        assert row is not None
        assert row.value == least


def test_govcloud_is_told_to_be_inferred() -> None:
    row = holding(EARLIEST["STANDARD_IA"], Partition.GOVCLOUD, None)
    assert row is not None
    assert row.confidence is Confidence.INFERRED


def test_the_tables_speak_of_the_same_classes_and_name_their_sources() -> None:
    assert set(MATRIX) == set(RANK) == set(STEPS) == set(TARGETS) == set(CLASSES)
    sources = [row.source for row in MATRIX.values()]
    sources += [row.source for row in TARGETS.values()]
    sources += [row.source for row in LIMITS.values()]
    sources += [row.source for row in MINIMUM_STAY.values()]
    refused = [value for value in vars(refusals).values() if isinstance(value, Refusal)]
    assert len(refused) == 50
    assert all((*sources, *(row.source for row in refused)))
