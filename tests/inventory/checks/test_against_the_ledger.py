"""The numbers of findings: at each the ledger says that it pays, and a step below that it does not.

The ledger shares no code with the findings: it follows each object day by day.
"""

from __future__ import annotations

import pytest

from firnline.diagnostics.remedy import Drop
from firnline.inventory.checks.transition import written
from tests.inventory.checks.judged import (
    KIB,
    MIB,
    Lab,
    codes,
    days_that_pay,
    key,
    of_size,
    only,
    size_that_pays,
)

AT_ONCE = "retain: {runs: {prefix: runs/, smallest_move: 1B, %s}}"
NEVER = "delete_after: never"


@pytest.mark.parametrize(
    ("moves", "stays", "age", "size", "months"),
    [
        (f"archive_after: 30d, {NEVER}", NEVER, 40, 150 * KIB, 12),
        (f"archive_after: 30d, {NEVER}", NEVER, 40, 20 * KIB, 24),
        (f"warm_after: 30d, {NEVER}", NEVER, 40, 80 * KIB, 12),
        (f"warm_after: 30d, {NEVER}", NEVER, 40, 300 * KIB, 3),
        (f"cold_after: 30d, {NEVER}", NEVER, 40, 90 * KIB, 7),
        (f"cold_after: 30d, {NEVER}", NEVER, 40, 25 * KIB, 12),
        ("cold_after: 30d, delete_after: 150d", "delete_after: 150d", 10, 150 * KIB, 12),
        ("archive_after: 7d, delete_after: 200d", "delete_after: 200d", 3, 150 * KIB, 9),
        ("warm_after: 5d, delete_after: 30d", "delete_after: 30d", 0, 500 * KIB, 12),
    ],
)
def test_from_the_size_that_is_named_an_object_saves_what_its_move_costs(
    moves: str, stays: str, age: int, size: int, months: int
) -> None:
    lab, without = Lab(AT_ONCE % moves, months), Lab(AT_ONCE % stays, months)
    stored = key(age, size)
    found = only(lab.found(stored), "FL501")
    assert lab.paid(stored) > without.paid(stored)
    least = size_that_pays(found)
    assert lab.paid(of_size(stored, least)) <= without.paid(of_size(stored, least))
    below = of_size(stored, least - KIB)
    assert lab.paid(below) > without.paid(below)
    assert "FL501" not in codes(lab.found(of_size(stored, least)))


def test_where_no_object_can_save_it_the_days_are_named_after_which_it_would() -> None:
    moves = "cold_after: 30d, delete_after: %dd"
    stored = key(10, MIB)
    found = only(Lab(AT_ONCE % (moves % 35)).found(stored), "FL501")
    assert [type(way) for way in found.remedy] == [Drop]
    assert "a larger object does not save" in found.notes[0]
    days = next(
        days
        for days in range(5, 365)
        if Lab(AT_ONCE % (moves % (30 + days))).paid(stored)
        <= Lab(AT_ONCE % f"delete_after: {30 + days}d").paid(stored)
    )
    assert found.notes[1] == f"they would have to stay there for {days} days to save it"


@pytest.mark.parametrize("tier", ["warm", "cold", "archive"])
@pytest.mark.parametrize("months", [1, 12])
def test_from_the_size_that_is_named_a_small_object_is_cheaper_in_its_new_class(
    tier: str, months: int
) -> None:
    lab = Lab(AT_ONCE % f"{tier}_after: 30d, {NEVER}", months)
    without = Lab(AT_ONCE % NEVER, months)
    stored = key(40, 5 * KIB)
    found = only(lab.found(stored), "FL503")
    least = size_that_pays(found)
    requests = ["transitions"]
    there = of_size(stored, least)
    assert lab.paid(there, but=requests) <= without.paid(there, but=requests)
    below = of_size(stored, least - KIB)
    assert lab.paid(below, but=requests) > without.paid(below, but=requests)


@pytest.mark.parametrize(
    ("first", "then", "age", "size"),
    [
        ("warm_after: 10d", "cold_after: 40d", 5, 600 * KIB),
        ("warm_after: 30d", "archive_after: 60d", 20, 400 * KIB),
        ("cold_after: 5d", "archive_after: 95d", 0, 200 * KIB),
    ],
)
def test_after_the_days_that_are_named_a_stop_pays(
    first: str, then: str, age: int, size: int
) -> None:
    stored = key(age, size)
    lab = Lab(AT_ONCE % f"{first}, {then}, {NEVER}")
    next_key = then.split(":")[0]
    least = days_that_pay(only(lab.found(stored), "FL504"))

    def saved(day: int) -> bool:
        with_it = Lab(AT_ONCE % f"{first}, {next_key}: {day}d, {NEVER}").paid(stored)
        return with_it <= Lab(AT_ONCE % f"{next_key}: {day}d, {NEVER}").paid(stored)

    assert saved(least)
    assert not saved(least - 1)


@pytest.mark.parametrize("size", [300 * KIB, 700 * KIB, 2 * MIB])
def test_the_first_runs_transitions_have_paid_in_the_month_that_is_named(size: int) -> None:
    moves, stored = AT_ONCE % f"archive_after: 30d, {NEVER}", key(40, size)
    found = only(Lab(moves).found(stored), "FL505")

    def has_paid(months: int) -> bool:
        return Lab(moves, months).paid(stored) <= Lab(AT_ONCE % NEVER, months).paid(stored)

    month = next(month for month in range(1, 13) if has_paid(month))
    assert found.notes[0] == f"it has saved what it costs in month {month}"
    least = size_that_pays(found)
    there, below = of_size(stored, least), of_size(stored, least - KIB)
    assert Lab(moves, 1).paid(there) <= Lab(AT_ONCE % NEVER, 1).paid(there)
    assert Lab(moves, 1).paid(below) > Lab(AT_ONCE % NEVER, 1).paid(below)


@pytest.mark.parametrize(
    ("size", "as_one_writes_it"),
    [(1, "1KiB"), (KIB, "1KiB"), (KIB + 1, "2KiB"), (11 * MIB - 5, "11MiB"), (2**40, "1TiB")],
)
def test_a_size_is_rounded_up_to_what_one_writes(size: int, as_one_writes_it: str) -> None:
    assert str(written(size)) == as_one_writes_it
