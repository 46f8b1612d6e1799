"""The class in which objects are when they are read, under rules before a change and after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from firnline.inventory.forecast.reads import BucketCells, ReadCell, ReadsUnder, ReadVolume
from firnline.inventory.payback.read_there import ReadThere
from firnline.inventory.payback.reading import cost_of, read_by, reads_under
from firnline.inventory.prices.shipped import US_EAST_1
from firnline.s3.model import Filter, Rule, RuleSet, Transition
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState, StoredItem
from firnline.s3.terms import Days, StorageClass, Versioning

NOW = datetime(2026, 11, 28, tzinfo=UTC)
GIB = 2**30
COLD = (("tier", "cold"),)
NO_RULES = RuleSet(())
UNVERSIONED = BucketState()


def moves(after: int, into: str, tags: tuple[tuple[str, str], ...] = ()) -> RuleSet:
    transition = Transition(Days(after), StorageClass(into))
    return RuleSet((Rule(into, Filter("runs/", tags=tags), transitions=(transition,)),))


def cell(storage_class: str, age: int, *, tags_known: bool = True) -> ReadCell:
    item = StoredItem("runs/a", NOW, GIB, storage_class)
    return ReadCell(item, age, ReadVolume(10, 10 * GIB, 10, 10 * GIB), tags_known)


def under(
    before: RuleSet, after: RuleSet, *cells: ReadCell, state: BucketState = UNVERSIONED
) -> tuple[ReadsUnder, ReadsUnder]:
    live = Batch(before, state)
    found = tuple(ReadThere(live).as_read(cells))
    of_a_month = BucketCells(found, 30, NOW - timedelta(days=30), NOW)
    batches = live, Batch(after, state)
    one, other = (reads_under(batch, of_a_month, US_EAST_1) for batch in batches)
    return one, other


def reads(found: ReadsUnder) -> dict[str, int]:
    return {name: each.volume.reads for name, each in found.by_class.items()}


@pytest.mark.parametrize("age", [0, 400])
def test_what_was_written_into_a_class_with_a_fee_pays_it_at_each_age(age: int) -> None:
    for found in under(NO_RULES, moves(30, "STANDARD_IA"), cell("GLACIER_IR", age)):
        assert reads(found) == {"GLACIER_IR": 10}
        assert found.usd is not None
        assert found.usd.at_least > Fraction(3, 10)  # 10 GB at 3 cents, and requests


def test_what_rules_moved_was_in_another_class_before_and_stays_where_it_is() -> None:
    live = moves(30, "STANDARD_IA")
    before, after = under(live, NO_RULES, cell("STANDARD_IA", 10), cell("STANDARD_IA", 40))
    assert reads(before) == reads(after) == {"STANDARD": 10, "STANDARD_IA": 10}


@pytest.mark.parametrize(("into", "count"), [("DEEP_ARCHIVE", 20), ("STANDARD_IA", 10)])
def test_what_is_archived_already_needs_restores_and_a_fee_is_only_of_what_will_be_moved(
    into: str, count: int
) -> None:
    old = [cell(into, 40), cell(into, 20), cell("STANDARD", 50)]
    ((by, found),) = read_by(Batch(moves(30, into), UNVERSIONED), old).items()
    assert (by.into, found.surely.reads) == (into, count)


def test_what_a_delete_marker_hides_by_then_is_not_read() -> None:
    expires = RuleSet((Rule("ends", Filter("runs/"), expires=Days(30)),))
    state = BucketState(Versioning.ENABLED)
    _, after = under(NO_RULES, expires, cell("STANDARD", 40), cell("STANDARD", 20), state=state)
    assert reads(after) == {"STANDARD": 10}
    assert read_by(Batch(expires, state), [cell("STANDARD", 40)]) == {}


def test_tags_that_nothing_tells_leave_the_class_open_between_two_bounds() -> None:
    rules = moves(30, "DEEP_ARCHIVE", COLD)
    unknown = cell("STANDARD", 40, tags_known=False)
    before, after = under(NO_RULES, rules, unknown, cell("STANDARD", 20, tags_known=False))
    assert (reads(before), before.open) == ({"STANDARD": 20}, None)
    assert reads(after) == {"STANDARD": 10}
    assert after.open is not None
    assert after.open.volume.reads == 10
    assert after.usd is not None
    assert after.usd.at_least < Fraction(1, 1000) < Fraction(1, 10) < after.usd.at_most
    ((by, found),) = read_by(Batch(rules, UNVERSIONED), [unknown]).items()
    assert (by.into, found.surely.reads, found.at_most.reads) == ("DEEP_ARCHIVE", 0, 10)


@pytest.mark.parametrize(("tags", "there"), [(COLD, "DEEP_ARCHIVE"), ((), "STANDARD")])
def test_tags_that_are_known_decide(tags: tuple[tuple[str, str], ...], there: str) -> None:
    known = cell("STANDARD", 40)
    known = known._replace(example=replace(known.example, tags=tags))
    _, after = under(NO_RULES, moves(30, "DEEP_ARCHIVE", COLD), known)
    assert (reads(after), after.open) == ({there: 10}, None)


def test_what_is_read_in_intelligent_tiering_is_billed_at_its_dearest_tier_meanwhile() -> None:
    kept_half_of_a_month = ReadVolume(kept=15 * GIB)
    dear, cheap = Fraction(23, 1000), Fraction(4, 1000)
    found = cost_of(US_EAST_1, "INTELLIGENT_TIERING", kept_half_of_a_month)
    assert found == (dear - cheap) / 2
    assert cost_of(US_EAST_1, "STANDARD", kept_half_of_a_month) == 0
