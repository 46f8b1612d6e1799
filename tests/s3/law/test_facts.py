"""The tables of the law: one answer everywhere and on every day, each with its source."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.s3.law import refusals
from firnline.s3.law.classes import TARGETS, earliest, reachable
from firnline.s3.law.facts import Confidence, holding
from firnline.s3.law.limits import LIMITS
from firnline.s3.law.refusals import Refusal
from firnline.s3.terms import Partition

CLASSES = (
    "STANDARD_IA",
    "INTELLIGENT_TIERING",
    "ONEZONE_IA",
    "GLACIER_IR",
    "GLACIER",
    "DEEP_ARCHIVE",
)
# S3 User Guide, "Transitioning objects using Amazon S3 Lifecycle", supported transitions.
WAYS = {
    "STANDARD": set(CLASSES),
    "REDUCED_REDUNDANCY": set(CLASSES),
    "STANDARD_IA": {"INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"},
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
    for rows in filter(None, map(earliest, TARGETS)):
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
    for rows in filter(None, map(earliest, TARGETS)):
        row = holding(rows, partition, day)
        assert row is not None
        assert row.value == least


def test_govcloud_is_told_to_be_inferred() -> None:
    row = holding(earliest("STANDARD_IA"), Partition.GOVCLOUD, None)
    assert row is not None
    assert row.confidence is Confidence.INFERRED


def test_the_table_speaks_of_all_classes_and_every_fact_names_its_source() -> None:
    assert set(TARGETS) == set(CLASSES)
    assert len({row.rank for row in TARGETS.values()}) == len(TARGETS)
    assert {way for row in TARGETS.values() for way in row.steps.value.next} < set(CLASSES)
    sources = [row.steps.source for row in TARGETS.values()]
    sources += [row.target.source for row in TARGETS.values()]
    sources += [fact.source for row in TARGETS.values() for fact in row.earliest]
    sources += [row.minimum_stay.source for row in TARGETS.values() if row.minimum_stay]
    sources += [row.source for row in LIMITS.values()]
    refused = [value for value in vars(refusals).values() if isinstance(value, Refusal)]
    assert len(refused) == 50
    assert all((*sources, *(row.source for row in refused)))
