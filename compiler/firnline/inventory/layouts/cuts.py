"""Where in the order of keys does another layout, or a part of one, begin or end?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from firnline.consumers.found import Found, starts
from firnline.inventory.forecast.cuts import bounds

_NEXT: Final = "\x01"
"""Behind a key, the first text that another key may be: none has a NUL in it."""


def cuts(found: Iterable[Found], prefixes: Iterable[str] = ()) -> list[str]:
    """Between two of them, all keys belong to the same parts, and have the same prefixes."""
    wanted = set(prefixes)
    keys: set[str] = set()
    for each in found:
        if each.is_object:
            keys |= {each.root, each.root + _NEXT}
        else:
            wanted |= {each.root, *_parts(each)}
    return sorted(keys | set(bounds(wanted - {""})))


def _parts(found: Found) -> Iterator[str]:
    return (start for part in found.layout.parts for start in starts(found, part))
