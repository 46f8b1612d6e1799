"""What decides the price of a stored row, as SQL; and its values → `StoredAs`."""

from __future__ import annotations

from typing import Final

from firnline.inventory.facts.frame import Column, null
from firnline.inventory.facts.table import Facts
from firnline.inventory.forecast.stays import INTELLIGENT_TIERING, StoredAs
from firnline.s3.billing import MONITORED_FROM
from firnline.s3.terms import AccessTier

_COLUMNS: Final = (Column.SIZE, Column.STORAGE_CLASS, Column.IS_DELETE_MARKER)


def columns_for(facts: Facts) -> tuple[Column, ...]:
    """Which `priced_alike` needs, and whether a row is a delete marker."""
    known = Column.ACCESS_TIER in facts.known
    return (*_COLUMNS, Column.ACCESS_TIER) if known else _COLUMNS


def priced_alike(facts: Facts) -> str:
    """Three columns, which `stored_as` takes."""
    known = Column.ACCESS_TIER in facts.known
    tier = "access_tier" if known else f"{null(Column.ACCESS_TIER)} as access_tier"
    is_tiered = f"storage_class = '{INTELLIGENT_TIERING}' and size >= {int(MONITORED_FROM.value)}"
    return f"storage_class, {tier}, coalesce({is_tiered}, false) as monitored"


def stored_as(storage_class: str | None, tier: str | None, monitored: bool) -> StoredAs:
    """What has no storage class is in STANDARD; an object in INTELLIGENT_TIERING whose tier is not
    told counts as just read.
    """
    if storage_class != INTELLIGENT_TIERING:
        return StoredAs(storage_class or "STANDARD")
    return StoredAs(storage_class, AccessTier.of(tier) if tier else AccessTier.FREQUENT, monitored)
