"""What does a transition cost that is paid once, and what does it save until its objects leave?

It is compared with no such transition: the objects stay where they are until the day on which they
leave the new class, and then go the same way.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from fractions import Fraction
from functools import cache, partial
from typing import NamedTuple

from firnline.inventory.forecast.groups import Stored
from firnline.inventory.forecast.stays import Stay, priced
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.payback.amount import NOTHING, Amount
from firnline.inventory.payback.calendar import Calendar
from firnline.inventory.payback.moves import Leaving, Left
from firnline.inventory.payback.rates import Quotes, Rates
from firnline.s3.billing import MINIMUM_SIZE
from firnline.s3.simulate.stored import StoredItem
from firnline.s3.terms import AccessTier

_BIG = MINIMUM_SIZE.value


class Balance(NamedTuple):
    """`paid`: for the request, and for days that are missing in the class that is left. `early`:
    for those that are missing in the new class in the end, beyond what would be in the old one.
    `saved`: the difference of what storage costs.
    """

    paid: Amount
    early: Amount
    saved: Amount

    @property
    def net(self) -> Amount:
        return self.saved.plus(self.paid, -1).plus(self.early, -1)


class Payback:
    """Of transitions in one region."""

    def __init__(self, quotes: Quotes, calendar: Calendar) -> None:
        self._quotes, self.calendar = quotes, calendar
        self.unit = quotes.high.unit
        self._at_best = cache(partial(self._balance, quotes.high, quotes.low))
        self._at_worst = cache(partial(self._balance, quotes.low, quotes.high))

    def usd(self, amount: Amount, volume: Volume) -> Fraction:
        return amount.of(volume) * self.unit

    def end_of(self, move: Leaving, months: int | None = None) -> int:
        """The day until which it has to pay: at most so many months, by default as many as are
        forecast.
        """
        until = self.calendar.after(move.day, months)
        return until if move.end is None else min(move.end, until)

    def at_best(self, move: Leaving, end: int) -> Balance:
        """No other price of those that are reached in its bands lets it save more."""
        return self._at_best(_moving(move, end))

    def at_worst(self, move: Leaving, end: int) -> Balance:
        return self._at_worst(_moving(move, end))

    def early(self, gone: Leaving, volume: Volume) -> Fraction:
        """What is billed of something that is deleted for days that it lacks, in dollars."""
        rates, left = self._quotes.high, gone.left
        return self.usd(rates.early(left.storage_class, gone.day - left.since), volume)

    def _balance(self, stayed: Rates, moved: Rates, move: _Moving) -> Balance:
        left, into, day, end, leaves, _ = move
        paid = moved.request(into).plus(moved.early(left.storage_class, day - left.since))
        early = NOTHING
        if leaves:
            would_lack = stayed.early(left.storage_class, end - left.since)
            early = moved.early(into, end - day).plus(would_lack, -1)
        before = self._stored(Stay(left.storage_class, left.since, end), left.tier, move, stayed)
        after = self._stored(Stay(into, day, end), None, move, moved)
        return Balance(paid, early, before.plus(after, -1))

    def _stored(self, stay: Stay, tier: AccessTier | None, move: _Moving, rates: Rates) -> Amount:
        size = _BIG if move.is_big else _BIG - 1
        begin = self.calendar.begin
        like = StoredItem("", begin, size, stay.storage_class, tier=tier)
        found = NOTHING
        for part in priced(stay, Stored(like, Volume(), begin)):
            first = max(part.first, move.day)
            last = move.end if part.end is None else part.end
            if first < last:
                parts = self.calendar.between(first, last)
                found = found.plus(rates.stored(part.stored_as), parts)
        return found


class _Moving(NamedTuple):
    """Of a transition what its balance depends on; `leaves` the new class at the `end`, or else is
    there still.
    """

    left: Left
    into: str
    day: int
    end: int
    leaves: bool
    is_big: bool


def _moving(move: Leaving, end: int) -> _Moving:
    assert move.by.into is not None
    return _Moving(move.left, move.by.into, move.day, end, end == move.end, move.is_big)


def pays_from(payback: Payback, move: Leaving, end: int) -> int | None:
    """The size in bytes from which on an object saves what it pays; None if no larger one does."""
    return _positive_from(*(each.net for each in _either(payback, move, end)))


def cheaper_from(payback: Payback, move: Leaving, end: int) -> int | None:
    """The size from which on storage costs less than before, whatever the transition costs."""
    return _positive_from(*(each.saved for each in _either(payback, move, end)))


def pays_after(payback: Payback, move: Leaving, volume: Volume) -> int | None:
    """After how many days in the new class leaving it for the next one would have paid; None where
    that is later than it is watched.
    """
    last = payback.calendar.after(move.day) - move.day

    def pays(days: int) -> bool:
        longer = move._replace(end=move.day + days)
        return payback.at_worst(longer, move.day + days).net.of(volume) >= 0

    found = bisect_left(range(1, last + 1), True, key=pays) + 1
    return found if found <= last else None


def _either(payback: Payback, move: Leaving, end: int) -> Iterator[Balance]:
    for is_big in (True, False):
        yield payback.at_worst(move._replace(is_big=is_big), end)


def _positive_from(big: Amount, small: Amount) -> int | None:
    """The least size from which on the amounts are not negative; `big` is from 128 KiB on."""
    slope = big.a_byte + big.a_padded_byte
    if slope <= 0:
        return None
    least = -(big.an_object // slope)
    if least > _BIG:
        return least
    fixed = small.an_object + small.a_padded_byte * _BIG
    if fixed + small.a_byte * (_BIG - 1) < 0:
        return _BIG
    return max(-(fixed // small.a_byte), 1) if small.a_byte > 0 else 1
