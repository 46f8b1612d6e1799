"""The sets of tags that are compared in one region; groups of them are ints with a bit for each."""

from __future__ import annotations

from collections.abc import Iterable

from firnline.s3.scope import Tags


class TagSets:
    """In an order in which no set comes before one of its subsets."""

    def __init__(self, tag_sets: Iterable[Tags]) -> None:
        self._ordered = sorted(tag_sets, key=lambda tags: (len(tags), tags))
        self._places = {tags: place for place, tags in enumerate(self._ordered)}
        self._with: dict[tuple[str, str], int] = {}
        for place, tags in enumerate(self._ordered):
            for tag in tags:
                self._with[tag] = self._with.get(tag, 0) | 1 << place
        self.all = (1 << len(self._ordered)) - 1

    def only(self, tags: Tags) -> int:
        return 1 << self._places[tags]

    def containing(self, tags: Tags) -> int:
        """Those that have all of the tags."""
        found = self.all
        for tag in tags:
            found &= self._with.get(tag, 0)
        return found

    def first(self, group: int) -> Tags:
        return self._ordered[(group & -group).bit_length() - 1]
