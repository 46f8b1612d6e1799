"""A rule of thumb beside what is forecast: its arithmetic, and where facts leave the rest open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from firnline.inventory.forecast.between import Between
from firnline.inventory.forecast.change import Change, Changed, change
from firnline.inventory.forecast.forecast import together
from firnline.inventory.forecast.groups import Stored
from firnline.inventory.forecast.months import starts
from firnline.inventory.forecast.rule_of_thumb import DELETED, SHARES, rule_of_thumb
from firnline.inventory.forecast.undecided import Contents, Undecided
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.prices.shipped import US_EAST_1
from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState, StoredItem
from firnline.s3.terms import Days

NOW = datetime(2026, 4, 1, tzinfo=UTC)
GIB = 2**30
RULE = Fraction(20 * 23_000 + 30 * 12_500 + 40 * 4_000, 100 * 23_000)
"""Of the bill it leaves so much: by the prices of us-east-1, in millionths."""


def stored(name: str, size: int = 10 * GIB) -> tuple[Stored, ...]:
    since = NOW - timedelta(days=30)
    return (Stored(StoredItem(name, since, size), Volume(1, size, size), since),)


def deleting(contents: Contents) -> Change:
    rules = RuleSet((Rule("tmp", Filter("tmp/"), expires=Days(10)),))
    nothing, deletes = (Batch(each, BucketState()) for each in (RuleSet(()), rules))
    return change([Changed(nothing, deletes, contents)], starts(NOW, 2), US_EAST_1)


def test_its_shares_are_a_whole() -> None:
    assert sum(SHARES.values()) + DELETED == 1


def test_it_saves_a_part_of_each_months_bill_from_the_first_day_on() -> None:
    found = deleting(Contents([stored("tmp/x", 30 * GIB), stored("kept")]))
    rule = rule_of_thumb([(found, US_EAST_1)], found)
    assert rule.saves == Between.exactly(1 - RULE)
    bill = 40 * Fraction(Decimal("0.023"))
    assert rule.saved == (Between.exactly(bill * (1 - RULE)),) * 2
    assert rule.shares == {"STANDARD": Between.exactly(Fraction(1, 4))}
    assert rule.deleted == Between.exactly(Fraction(3, 4))


def test_a_discount_changes_dollars_but_no_part() -> None:
    found = deleting(Contents([stored("kept")]))
    cheaper = US_EAST_1.times(Decimal("0.9"))
    assert rule_of_thumb([(found, cheaper)], found).saves == Between.exactly(1 - RULE)


def test_what_facts_leave_open_is_open_in_the_shares() -> None:
    open_one = Undecided((stored("tmp/x"), stored("kept/x")))
    found = deleting(Contents([stored("kept")], [open_one]))
    rule = rule_of_thumb([(found, US_EAST_1)], found)
    assert rule.shares == {"STANDARD": Between(Fraction(1, 2), Fraction(1))}
    assert rule.deleted == Between(Fraction(0), Fraction(1, 2))


def test_of_nothing_nothing_is_kept() -> None:
    found = deleting(Contents([]))
    rule = rule_of_thumb([(found, US_EAST_1)], found)
    assert rule.shares == {}
    assert rule.deleted == Between.exactly(Fraction())
    assert rule.saved_in_all == Between.exactly(Fraction())


def test_the_dollars_of_several_accounts_are_added() -> None:
    one = deleting(Contents([stored("kept")]))
    rule = rule_of_thumb([(one, US_EAST_1), (one, US_EAST_1)], together([one, one]))
    assert rule.saved[0] == Between.exactly(20 * Fraction(Decimal("0.023")) * (1 - RULE))
