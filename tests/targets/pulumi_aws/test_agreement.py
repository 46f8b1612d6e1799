"""How often and how long S3 has to give the same answer."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
import yaml

from firnline.diagnostics.kinds import Example
from firnline.fleet.live import Live
from firnline.targets.pulumi_aws.agreement import (
    ANSWERS_KEEP_CHANGING,
    Agreement,
    Patience,
    keeps_changing,
)

PATIENCE = Patience()
NONE, OTHER = Live(None), Live({"Rules": [{"ID": "by-hand"}]})


def stands(reads: Sequence[tuple[float, Live]]) -> bool:
    """Whether the last of these reads, each at a time in seconds, completes the proof."""
    (first, live), *others = reads
    agreement, asked = Agreement(live, first), first
    for asked, live in others:
        agreement = agreement.and_then(live, asked)
    return agreement.is_reached(PATIENCE, asked)


@pytest.mark.parametrize(
    ("reads", "enough"),
    [
        ([(0, NONE)], False),
        ([(0, NONE), (3, NONE)], False),
        ([(0, NONE), (1, NONE), (2.9, NONE)], False),
        ([(0, NONE), (1, NONE), (3, NONE)], True),
        ([(0, OTHER), (1, OTHER), (3, NONE)], False),
        ([(0, OTHER), (1, NONE), (3, NONE), (3.9, NONE)], False),
        ([(0, OTHER), (1, NONE), (3, NONE), (4, NONE)], True),
        ([(0, NONE), (1, OTHER), (3, NONE)], False),
    ],
)
def test_three_equal_answers_in_a_row_over_three_seconds(
    reads: list[tuple[float, Live]], enough: bool
) -> None:
    assert stands(reads) is enough


def test_rules_in_another_order_are_the_same_answer() -> None:
    one, two = ({"ID": id, "Status": "Enabled", "Filter": {"Prefix": id}} for id in "ab")
    there, back = Live({"Rules": [one, two]}), Live({"Rules": [two, one]})
    assert stands([(0, there), (1, back), (3, there)])
    assert not stands([(0, there), (1, back), (3, Live({"Rules": [one]}))])


def test_a_bucket_that_is_not_there_is_another_answer_than_one_without_rules() -> None:
    assert not stands([(0, Live(None, bucket_exists=False)), (1, NONE), (3, NONE)])


def test_the_reads_are_spread_evenly_and_no_earlier_than_they_count() -> None:
    agreement, times = Agreement(NONE, 10.0), [10.0]
    while not agreement.is_reached(PATIENCE, times[-1]):
        times.append(agreement.next_read(PATIENCE))
        agreement = agreement.and_then(NONE, times[-1])
    assert times == [10.0, 11.5, 13.0]
    assert {later - earlier for earlier, later in pairwise(times)} == {1.5}


def test_what_keeps_changing_is_named() -> None:
    found = keeps_changing([NONE, OTHER, NONE], "lab-data", "111122223333")
    assert str(found.place) == "s3://lab-data (account 111122223333)"
    assert found.message == "3 reads did not agree, so nothing is written"
    assert found.notes == ("in some answers only: `by-hand`",)


def test_the_examples_do_what_they_claim() -> None:
    def accepted(example: Example) -> bool:
        reads = yaml.safe_load(str(example)).items()
        return stands([(at, Live({"Rules": [{"ID": id} for id in ids]})) for at, ids in reads])

    assert not accepted(ANSWERS_KEEP_CHANGING.wrong)
    assert accepted(ANSWERS_KEEP_CHANGING.right)
