"""What a transition costs and saves: what the ledger pays with it, and what without it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.inventory.forecast.usage import fates
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.payback.balance import Payback, pays_after, pays_from
from firnline.inventory.payback.calendar import Calendar
from firnline.inventory.payback.moves import Leaving, leaving
from firnline.inventory.payback.rates import quotes
from tests.inventory.forecast.firnline_words import batch_of, group_of, prices_of
from tests.inventory.forecast.ledger import bill
from tests.inventory.forecast.ledger.bill import US_EAST_1
from tests.inventory.forecast.ledger.ledger import keep_ledger
from tests.inventory.forecast.ledger.stored import Key, Version, World
from tests.inventory.forecast.random_worlds import CHAINS, GAPS

NOW = datetime(2027, 1, 30, 11, tzinfo=UTC)
SIZES = (1, 1_000, 10_033, 71_234, 131_071, 131_072, 200_000, 5_000_000, 2**40)
# What nobody reads in the first is not moved to the second, which the ledger alone knows.
OF_BOTH = {"INTELLIGENT_TIERING", "ONEZONE_IA"}


class Case(NamedTuple):
    """A key under one rule: its transitions, and when it expires."""

    key: Key
    moves: tuple[tuple[int, str], ...]
    expires: int | None
    months: int
    prices: bill.Prices = US_EAST_1

    def world(self, *, without: str = "") -> World:
        rule: dict[str, Any] = {
            "Filter": {"And": {"Prefix": "", "ObjectSizeGreaterThan": 0}},
            "Status": "Enabled",
        }
        moves = [each for each in self.moves if each[1] != without]
        if moves:
            rule["Transitions"] = [{"Days": days, "StorageClass": into} for days, into in moves]
        if self.expires is not None:
            rule["Expiration"] = {"Days": self.expires}
        has_action = moves or self.expires is not None
        return World(NOW, (self.key,), (), (rule,) if has_action else ())

    def before(self, move: Leaving) -> str:
        """The class that the rule moves into last before that."""
        names = ["STANDARD", *(into for _, into in self.moves)]
        return names[names.index(str(move.by.into)) - 1]

    @property
    def payback(self) -> Payback:
        size = self.key.versions[0].size * self.key.times
        return Payback(quotes(prices_of(self.prices), size), Calendar(NOW, self.months))

    def all_moves(self, payback: Payback) -> list[tuple[Leaving, Volume]]:
        calendar = payback.calendar
        begin, end = calendar.begin, calendar.midnights[-1]
        found = fates(batch_of(self.world()), [group_of(self.key)], begin, end)
        left = leaving(found, (), calendar).items()
        return [(each, volume) for each, volume in left if each.by.into is not None]

    def paid(self, *, without: str = "") -> Fraction:
        ledger = keep_ledger(self.world(without=without), self.prices, self.months)
        return sum((month.usd["total"] for month in ledger.months), Fraction())


@st.composite
def cases(draw: st.DrawFn) -> Case:
    last = least = 0
    moves: list[tuple[int, str]] = []
    for into in draw(st.sampled_from([each for each in CHAINS if not {*each} >= OF_BOTH])):
        last = least + draw(st.sampled_from((0, 1, 30, 45)))
        moves.append((last, into))
        least = last + GAPS[into]
    expires = draw(st.sampled_from((None, last + 1, last + 31, last + 100, last + 200)))
    age = draw(st.integers(0, 130))
    version = Version(NOW - timedelta(days=age, hours=draw(st.integers(0, 23))), 1)
    size = draw(st.sampled_from(SIZES))
    key = Key("x", (Version(version.created, size),), draw(st.sampled_from((1, 40))))
    return Case(key, tuple(moves), expires, draw(st.sampled_from((1, 3, 7))))


@settings(max_examples=120)
@given(cases())
def test_it_is_the_difference_of_two_ledgers(case: Case) -> None:
    payback = case.payback
    with_all = case.paid()
    for move, volume in case.all_moves(payback):
        if move.left.storage_class != case.before(move) or move.end == move.day + 1:
            continue  # of several that are due at once, without it another one comes first
        if move.end == payback.calendar.within:
            continue  # it leaves at the midnight at which the ledger is closed
        end = min(move.end or payback.calendar.within, payback.calendar.within)
        balance = payback.at_best(move, end)
        assert balance == payback.at_worst(move, end)
        assert move.by.into is not None
        lost = with_all - case.paid(without=move.by.into)
        assert payback.usd(balance.net, volume) == -lost


def one_move(into: str, size: int, months: int = 12, expires: int | None = None) -> Case:
    key = Key("x", (Version(NOW - timedelta(days=40), size),))
    return Case(key, ((30, into),), expires, months)


@pytest.mark.parametrize("into", GAPS)
@pytest.mark.parametrize(("months", "expires"), [(12, None), (1, None), (12, 330)])
def test_an_object_pays_from_the_very_byte_that_is_named(
    into: str, months: int, expires: int | None
) -> None:
    case = one_move(into, 1_000, months, expires)
    payback = case.payback
    ((move, _),) = case.all_moves(payback)
    least = pays_from(payback, move, payback.end_of(move))
    if least is None:
        # Its first month costs as much as STANDARD.
        assert (into, months) == ("INTELLIGENT_TIERING", 1)
        return

    def pays(size: int) -> bool:
        other = one_move(into, size, months, expires)
        return other.paid() <= other.paid(without=into)

    assert pays(least)
    assert not pays(least - 1)


def test_a_class_that_tiers_no_small_objects_pays_from_those_on_that_it_tiers() -> None:
    """Without a fee for each object it would pay for smaller ones too, if they were tiered."""
    prices = {**US_EAST_1, "monitoring": Decimal(0)}
    big = one_move("INTELLIGENT_TIERING", 131_072)._replace(prices=prices)
    payback = big.payback
    ((move, _),) = big.all_moves(payback)
    assert pays_from(payback, move, payback.end_of(move)) == 131_072
    small = one_move("INTELLIGENT_TIERING", 131_071)._replace(prices=prices)
    assert big.paid() < big.paid(without="INTELLIGENT_TIERING")
    assert small.paid() > small.paid(without="INTELLIGENT_TIERING")


def test_where_every_byte_costs_more_no_size_is_named() -> None:
    case = one_move("GLACIER", 1_000, expires=45)
    payback = case.payback
    ((move, volume),) = case.all_moves(payback)
    assert pays_from(payback, move, payback.end_of(move)) is None
    big = one_move("GLACIER", 2**40, expires=45)
    assert big.paid() > big.paid(without="GLACIER")
    assert pays_after(payback, move, volume) is None


def test_where_bands_are_reached_it_is_judged_by_either_end() -> None:
    """100 TB: some of it costs 0.023, and some 0.022."""
    case = one_move("STANDARD_IA", 100 * 2**40)
    payback = case.payback
    ((move, volume),) = case.all_moves(payback)
    end = payback.end_of(move)
    saved = case.paid(without="STANDARD_IA") - case.paid()
    worst = payback.usd(payback.at_worst(move, end).net, volume)
    best = payback.usd(payback.at_best(move, end).net, volume)
    assert worst < saved < best
    gigabytes = 100 * 1024
    assert best - worst == 12 * gigabytes * Fraction(Decimal("0.001"))


def test_a_band_that_is_not_reached_does_not_count() -> None:
    payback = one_move("STANDARD_IA", 50 * 2**40).payback
    ((move, _),) = one_move("STANDARD_IA", 50 * 2**40).all_moves(payback)
    end = payback.end_of(move)
    assert payback.at_worst(move, end) == payback.at_best(move, end)
