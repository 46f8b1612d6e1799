"""What has S3 done by newer rules, which restoring the earlier ones does not take back?"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from firnline.inventory.savings.entry import Entry
from firnline.targets.gone_text import already_gone


def told_of(entry: Entry, now: datetime) -> tuple[str, ...]:
    """By objects and bytes where the inventory that the ledger names is still on disk, else by age.
    Raises `CommandFailed` where it is there and cannot be read.
    """
    path = Path(entry.inventory) if entry.inventory else None
    if path is None or not path.is_file():
        return already_gone(entry.change, now)
    # Extras, and slow to import.
    from firnline.cli.stored_at_change import listed_at_change

    return already_gone(entry.change, now, listed_at_change(entry.change, path))
