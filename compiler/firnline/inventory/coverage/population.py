"""What a form of facts can say of the objects of one bucket, so that checks need not know it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final, Protocol

from firnline.inventory.coverage.tally import Tally
from firnline.inventory.facts.branch import Branch
from firnline.s3.scope import Scope, Tags

MOST_FOLDERS: Final = 10_000
"""That are looked through for the one that was meant."""
Spelt = Mapping[tuple[str, str], int]
"""Tags, and how many object versions carry each."""


class Population(Protocol):
    """Object versions of one bucket, without delete markers."""

    @property
    def tells_tags(self) -> bool:
        """Whether it knows the tags of any object."""

    def tallies(self, scopes: Collection[Scope], /) -> Sequence[Tally]:
        """All that is stored, told apart as far as the scopes need it."""

    def unmatched(self, scopes: Collection[Scope], depth: int, /) -> Branch | None:
        """What surely none of the scopes matches, by folder; None where folders are not known."""

    def folders_in(self, parent: str, /) -> Mapping[str, int]:
        """Its folders, and how many object versions are below each: those of most alone where they
        are many.
        """

    def spellings(self, prefix: str, tags: Tags, /) -> Spelt:
        """Tags below the prefix that differ from one of these in capitals alone."""
