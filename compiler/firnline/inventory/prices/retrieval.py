"""What does it cost to read an object, by its storage class?

Archived objects are restored first, which is billed for each object and its bytes. The standard
speed counts here, and the copy that is there for a while, at the price of STANDARD, does not.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

from firnline.inventory.prices.price_list import INTELLIGENT_TIERING, NoPrice, Prices, ReadFigure


class Retrieval(NamedTuple):
    """In USD; the last two where an object must be restored first."""

    a_thousand_reads: Decimal
    a_gb: Decimal
    a_thousand_restores: Decimal
    a_restored_gb: Decimal


_READS: Final = (ReadFigure.READS,)
_BYTES: Final = (*_READS, ReadFigure.GB)
_RESTORES: Final = (*_READS, ReadFigure.RESTORES, ReadFigure.RESTORED_GB)
BILLED: Final[dict[str, tuple[ReadFigure, ...]]] = {
    "STANDARD": _READS,
    "REDUCED_REDUNDANCY": _READS,
    INTELLIGENT_TIERING: _READS,
    "STANDARD_IA": _BYTES,
    "ONEZONE_IA": _BYTES,
    "GLACIER_IR": _BYTES,
    "GLACIER": _RESTORES,
    "DEEP_ARCHIVE": _RESTORES,
}
"""What S3 bills for reading from a class; all else is free (S3 pricing)."""
HOURS: Final = {
    "GLACIER": "3 to 5 hours, or 5 to 12 in bulk",
    "DEEP_ARCHIVE": "12 hours, or 48 in bulk",
}
"""How long a restore takes; S3 User Guide, "Archive retrieval options"."""


def unpriced(prices: Prices) -> tuple[str, ...]:
    """From which classes it is not known what reads cost."""
    return tuple(name for name in BILLED if retrieval(prices, name) is None)


def not_known(bucket: str, prices: Prices) -> str | None:
    """Which reads have no price, in a sentence with the remedy; None where all have one."""
    without = unpriced(prices)
    if not without:
        return None
    of = "" if len(without) == len(BILLED) else f" from {' and '.join(without)}"
    missing = f"no price of reads{of} in {prices.region} is known"
    return f"{bucket}: what reads cost is not counted: {NoPrice(missing, prices.region)}"


def retrieval(prices: Prices, storage_class: str) -> Retrieval | None:
    """None where a figure of it is not known."""
    billed = BILLED.get(storage_class)
    known = {
        each.figure: each.usd for each in prices.read_prices if each.storage_class == storage_class
    }
    if billed is None or not all(figure in known for figure in billed):
        return None
    figures = (known[each] if each in billed else Decimal(0) for each in ReadFigure)
    return Retrieval(*figures)
