"""What the rules of one filter do, and how wider rules change it."""

from __future__ import annotations

from datetime import date

import pytest

from firnline.s3.compare.by_filter import covers, outcome_of
from firnline.s3.model import Filter, NoncurrentExpiration, Rule, Transition
from firnline.s3.terms import Days, StorageClass

DEEP = Filter("a/b/")
WIDE = Filter("a/")


def ends(name: str, filter: Filter, after: int | date) -> Rule:
    return Rule(name, filter, expires=Days(after) if isinstance(after, int) else after)


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        (Filter(), Filter("a/", (("t", "x"),), 9, 99), True),
        (Filter("a/"), Filter("a/b"), True),
        (Filter("a/b"), Filter("a/"), False),
        (Filter(tags=(("t", "x"),)), Filter(), False),
        (Filter(larger_than=9), Filter(larger_than=10), True),
        (Filter(larger_than=9), Filter(), False),
        (Filter(smaller_than=9), Filter(smaller_than=10), False),
    ],
)
def test_a_filter_covers_what_is_no_wider_in_any_respect(
    outer: Filter, inner: Filter, *, expected: bool
) -> None:
    assert covers(outer, inner) is expected


def test_a_wider_rule_that_ends_objects_first_is_named() -> None:
    deep, wide = ends("deep", DEEP, 90), ends("wide", WIDE, 30)
    assert outcome_of([deep], [deep, wide]).sooner == (30, "wide")
    assert outcome_of([wide], [deep, wide]).sooner is None
    assert outcome_of([deep], [deep]).sooner is None


def test_a_wider_rule_ends_what_only_moves_here_but_not_what_is_not_spoken_of() -> None:
    wide = ends("wide", WIDE, 30)
    moves = Rule("deep", DEEP, transitions=(Transition(Days(9), StorageClass("GLACIER")),))
    uploads = Rule("deep", DEEP, aborts_uploads_after=Days(1))
    assert outcome_of([moves], [moves, wide]).sooner == (30, "wide")
    assert outcome_of([uploads], [uploads, wide]).sooner is None


def test_an_age_and_a_date_are_not_compared() -> None:
    dated, wide = ends("deep", DEEP, date(2030, 1, 1)), ends("wide", WIDE, 30)
    assert outcome_of([dated], [dated, wide]).sooner is None


def test_old_versions_end_by_the_first_rule_that_keeps_none_of_them() -> None:
    deep = ends("deep", DEEP, 90)
    counted = Rule("some", WIDE, noncurrent_expires=NoncurrentExpiration(Days(1), 3))
    all_of_them = Rule("all", WIDE, noncurrent_expires=NoncurrentExpiration(Days(7)))
    outcome = outcome_of([deep], [deep, counted])
    assert (outcome.old_versions_end, outcome.newest_stay) == (None, 3)
    outcome = outcome_of([deep], [deep, counted, all_of_them])
    assert outcome.old_versions_end == 7
