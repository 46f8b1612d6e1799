"""Is an inventory older than its reader allows?"""

from __future__ import annotations

from datetime import UTC, datetime

from firnline.inventory.facts.problems import StaleInventory


def refuse_older(called: str, made: datetime, not_before: datetime | None) -> None:
    """Raises `StaleInventory`."""
    if not_before is not None and made < not_before:
        raise StaleInventory(
            called,
            f"is of {made:%Y-%m-%d %H:%M} UTC, before the limit of"
            f" {not_before.astimezone(UTC):%Y-%m-%d %H:%M}: what was stored since is not in it",
        )
