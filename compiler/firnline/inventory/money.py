"""Dollars as people read them."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

_CENT = Decimal("0.01")


def dollars(amount: Fraction) -> str:
    """To the cent: `$1,234.50`, `-$3.00`; `<$0.01` where it is something, but less than a cent."""
    cents = to_cents(amount)
    if amount and not cents:
        return "<$0.01" if amount > 0 else ">-$0.01"
    return f"{'-' if cents < 0 else ''}${abs(cents):,.2f}"


def to_cents(amount: Fraction) -> Decimal:
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return exact.quantize(_CENT, ROUND_HALF_EVEN)
