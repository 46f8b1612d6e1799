"""What a reviewer looks up: some of the objects that a change deletes, and the oldest's age."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Seen(NamedTuple):
    """When the oldest was created, and keys of some old ones; none where facts have no keys."""

    oldest: date
    keys: tuple[str, ...]
