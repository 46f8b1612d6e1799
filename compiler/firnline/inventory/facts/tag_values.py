"""What is stored by the value of a tag."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from firnline.inventory.facts.branch import StoredBy


class Tagged(Enum):
    """What is known of an object's tag."""

    WITH_VALUE = "value"
    UNTAGGED = "untagged"  # it has no such tag
    NOT_TOLD = "not_told"


class Share(NamedTuple):
    """What is stored with one `value` of the tag, in all versions that are listed."""

    tagged: Tagged
    value: str
    stored: StoredBy


@dataclass(frozen=True, slots=True)
class TagValues:
    """`shares` are in the order in which they are shown, those with a value first, the one of most
    bytes first. `others` is what is stored with so many `more_values`, each of less.
    """

    tag: str
    shares: tuple[Share, ...]
    more_values: int
    others: StoredBy

    def __post_init__(self) -> None:
        assert bool(self.more_values) == bool(self.others)
