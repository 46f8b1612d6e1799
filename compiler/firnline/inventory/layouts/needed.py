"""Which layouts cannot do without a key? Fast for many keys and many layouts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from firnline.consumers.found import Found, starts
from firnline.consumers.layout import Layout
from firnline.consumers.table import LAYOUTS


class Needed:
    """Of some layouts. They are the bits of a number, so that a table engine can join them: those
    of `folders` are for all that begins with one, a folder with its slash or the empty text, those
    of `objects` for one key, and those of `beginnings` for what begins with any other text.
    """

    def __init__(self, found: Iterable[Found]) -> None:
        self.folders: dict[str, int] = defaultdict(int)
        self.objects: dict[str, int] = defaultdict(int)
        self.beginnings: dict[str, int] = defaultdict(int)
        for each in found:
            bit = _bit(each.layout)
            if each.is_object and each.layout.parts:
                self.objects[each.root] |= bit
                continue
            for start in (start for part in each.layout.parts for start in starts(each, part)):
                is_folder = not start or start.endswith("/")
                (self.folders if is_folder else self.beginnings)[start] |= bit

    def by(self, key: str) -> int:
        """Those that need the key."""
        bits = self.objects.get(key, 0) | self.of_beginnings(key)
        for folder in folders_of(key):
            bits |= self.folders.get(folder, 0)
        return bits

    def of_beginnings(self, key: str) -> int:
        bits = 0
        for start, needing in self.beginnings.items():
            if key.startswith(start):
                bits |= needing
        return bits


def is_needed(layout: Layout, bits: int) -> bool:
    return bool(bits & _bit(layout))


def folders_of(key: str) -> Iterator[str]:
    """That it lies in: the empty text, then each with its slash."""
    yield ""
    end = key.find("/")
    while end >= 0:
        yield key[: end + 1]
        end = key.find("/", end + 1)


def _bit(layout: Layout) -> int:
    return 1 << LAYOUTS.index(layout)
