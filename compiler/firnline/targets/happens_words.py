"""What rules do to stored items, as tables call it."""

from __future__ import annotations

from typing import Final

from firnline.inventory.forecast.first_run import Happens

HAPPENS: Final = {
    Happens.DELETED: "deleted for good",
    Happens.DELETE_MARKERS: "hidden by a delete marker",
    Happens.MARKERS_REMOVED: "expired delete markers removed",
    Happens.ABORTED: "uploads aborted",
}


def in_words(done: Happens | str) -> str:
    """A text is the storage class that they are moved into."""
    return HAPPENS[done] if isinstance(done, Happens) else f"moved to {done}"
