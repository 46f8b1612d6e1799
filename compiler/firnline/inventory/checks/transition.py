"""One step of a timeline, or of rules that people wrote, and all that it moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from firnline.diagnostics.remedy import Advise, Drop, SetKeys, Way
from firnline.inventory.checks.where import Where
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.how_much import how_much
from firnline.inventory.money import dollars
from firnline.inventory.payback.balance import Payback, cheaper_from, pays_after, pays_from
from firnline.inventory.payback.moves import Leaving
from firnline.inventory.payback.reading import ColdRead
from firnline.s3.billing import ARCHIVED, MINIMUM_SIZE, WITH_MINIMUM_SIZE
from firnline.s3.terms import Bytes

WORTH_TELLING = Fraction(1)
"""In dollars: of less, nothing is said."""


class Moved(NamedTuple):
    """What one transition does on one day. `paid`, `early` and `saved` are in dollars, until `end`,
    and as the bands of prices let it pay best; `is_exact` where no band lets it pay less. `early`
    is paid for leaving the new class too soon, of which FL502 tells.
    `costs_by_size` where its objects are dearer to store in the new class, and larger ones are not.
    """

    move: Leaving
    volume: Volume
    payback: Payback
    end: int
    paid: Fraction
    early: Fraction
    saved: Fraction
    is_exact: bool
    costs_by_size: bool

    @property
    def is_stop(self) -> bool:
        """Whether the objects move on while it is watched."""
        return self.move.onward is not None and self.end == self.move.end

    @property
    def loses(self) -> bool:
        """By its requests alone."""
        return self.saved < self.paid

    @property
    def pays(self) -> bool:
        return self.saved >= self.paid + self.early

    def pays_from(self, months: int | None = None) -> int | None:
        """The size from which on an object saves what it pays, until it leaves, or in so many
        months.
        """
        return pays_from(self.payback, self.move, self.payback.end_of(self.move, months))


def moved(move: Leaving, volume: Volume, payback: Payback) -> Moved:
    """Raises `NoPrice`."""
    end = payback.end_of(move)
    balance = payback.at_best(move, end)
    saved = payback.usd(balance.saved, volume)
    into = move.by.into
    is_billed_larger = into in ARCHIVED or (into in WITH_MINIMUM_SIZE and not move.is_big)
    return Moved(
        move,
        volume,
        payback,
        end,
        payback.usd(balance.paid, volume),
        payback.usd(balance.early, volume),
        saved,
        is_exact=balance == payback.at_worst(move, end),
        costs_by_size=is_billed_larger
        and saved < 0
        and cheaper_from(payback, move, end) is not None,
    )


@dataclass(frozen=True, slots=True)
class Transition:
    """`months` are those of the forecast; `reads` None where none are known."""

    where: Where
    into: str
    months: int
    moved: tuple[Moved, ...]
    reads: ColdRead | None = None


class Total(NamedTuple):
    volume: Volume
    paid: Fraction
    saved: Fraction
    is_exact: bool = True

    @property
    def lost(self) -> Fraction:
        return self.paid - self.saved

    @property
    def in_words(self) -> str:
        return how_much(self.volume.objects, self.volume.bytes)

    @property
    def saves(self) -> str:
        if self.saved < 0:
            return f"costs {'' if self.is_exact else 'at least '}{dollars(-self.saved)} more"
        if not self.saved:
            return "saves nothing"
        return f"saves {'' if self.is_exact else 'at most '}{dollars(self.saved)}"


def total(some: Iterable[Moved]) -> Total:
    found = Total(Volume(), Fraction(), Fraction())
    for each in some:
        found = Total(
            found.volume.plus(each.volume),
            found.paid + each.paid,
            found.saved + each.saved,
            found.is_exact and each.is_exact,
        )
    return found


def largest(sizes: Iterable[int | None]) -> Bytes | None:
    """Of the sizes from which on objects pay; None where some never do. It is rounded up to what
    one would write in a policy.
    """
    found = 0
    for size in sizes:
        if size is None:
            return None
        found = max(found, size)
    return written(found)


def days_that_pay(some: Iterable[Moved]) -> int | None:
    """How long they would have to stay to save what they cost; None where that is longer than the
    months of the forecast.
    """
    longest = 0
    for each in some:
        days = pays_after(each.payback, each.move, each.volume)
        if days is None:
            return None
        longest = max(longest, days)
    return longest


_KIB, _MIB, _GIB = 2**10, 2**20, 2**30
_COARSER_FROM = 10


def written(size: int) -> Bytes:
    unit = _KIB if size < _COARSER_FROM * _MIB else _MIB if size < _COARSER_FROM * _GIB else _GIB
    return Bytes(-(-size // unit) * unit)


def leave_out(transition: Transition, least: Bytes | None) -> tuple[Way, ...]:
    """The ways out: smaller objects do not move, or none does."""
    found: list[Way] = []
    where = transition.where
    if least is not None and _moves_any(transition, least):
        if where.section is not None and where.move is not None:
            what = "let smaller objects stay where they are"
            found.append(SetKeys(where.section, ((("smallest_move",), str(least)),), what=what))
        elif where.move is None:
            found.append(Advise(f"let the rule match objects of {least} and more only"))
    if where.move is not None:
        found.append(Drop(where.move.name))
    else:
        found.append(Advise(f"remove its transition into {transition.into}"))
    return tuple(found)


def _moves_any(transition: Transition, least: Bytes) -> bool:
    retention = transition.where.retention
    size = retention.size if retention else None
    return size is None or size.under is None or size.under.value > least


SMALL = str(MINIMUM_SIZE.value // _KIB) + "KiB"
