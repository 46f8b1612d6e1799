"""Prices at which nothing costs anything, to count bytes where it is not known what they cost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from firnline.inventory.prices.price_list import (
    INTELLIGENT_TIERING,
    Band,
    MonitoringPrice,
    Prices,
    Source,
    StoragePrice,
    TransitionPrice,
)
from firnline.s3.law.classes import CLASSES
from firnline.s3.terms import AccessTier

_NOBODY: Final = Source("nobody", date.min)
_NOTHING: Final = Decimal(0)


def free(stored: Iterable[str]) -> Prices:
    """Of these classes, and of all that S3 has."""
    classes = dict.fromkeys((*stored, *CLASSES))
    tiers = {name: AccessTier if name == INTELLIGENT_TIERING else (None,) for name in classes}
    return Prices(
        "",
        _NOBODY.published,
        tuple(
            StoragePrice(name, tier, (Band(None, _NOTHING),), _NOBODY)
            for name, each in tiers.items()
            for tier in each
        ),
        tuple(TransitionPrice(name, _NOTHING, _NOBODY) for name in classes),
        MonitoringPrice(_NOTHING, _NOBODY),
    )
