"""Has everything that was written been read?"""

from __future__ import annotations

from collections.abc import Collection

from firnline.diagnostics.position import Span
from firnline.language.nodes import Map, Text


class UnreadKey(Exception):
    """The schema allows a key that no reader knows: a fault of ours, and nothing is compiled.

    Ignoring the key would compile something other than what was written.
    """

    def __init__(self, key: Text) -> None:
        super().__init__(f"{key.span}: the schema allows `{key.value}` here, and nothing reads it")


def require_all_read(root: Map, damaged: Collection[Span]) -> None:
    """Raises `UnreadKey`; not where something was removed: keys that belong to it may remain."""
    if not damaged:
        for key in root.unread():
            raise UnreadKey(key)
