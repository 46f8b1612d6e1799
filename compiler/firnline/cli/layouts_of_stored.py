"""What is stored in a bucket, in whatever form → its layouts, and what rules take of them."""

from __future__ import annotations

from collections.abc import Sequence

from firnline.cli.stored import Listed, StoredIn
from firnline.cli.stored_layouts import Rules, Seen, look_into_listing


def look_into(stored: StoredIn, bucket: str | None, rules: Sequence[Rules], command: str) -> Seen:
    """Raises `CommandFailed`."""
    if isinstance(stored, Listed):
        return look_into_listing(stored, bucket, rules)
    from firnline.cli.layouts_in_tables import look_into_table  # an extra, and slow to import

    return look_into_table(stored, rules, command)
