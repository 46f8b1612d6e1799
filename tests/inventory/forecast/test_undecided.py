"""Keys that facts leave open count as one of what is possible."""

from __future__ import annotations

from datetime import UTC, datetime

from firnline.inventory.forecast.groups import Group, Stored
from firnline.inventory.forecast.undecided import Contents, Undecided, Unfollowed
from firnline.inventory.forecast.volume import Volume
from firnline.s3.simulate.stored import StoredItem

DAY = datetime(2026, 11, 3, tzinfo=UTC)


def group(key: str) -> Group:
    return (Stored(StoredItem(key, DAY, 9), Volume.of(9), DAY),)


def test_of_what_is_left_open_the_first_or_the_middle_possibility_is_taken() -> None:
    undecided = Undecided((group("a"), group("b"), group("c")))
    contents = Contents([group("decided")], [undecided], [Unfollowed((group("x"), group("y")))])
    assert [each.example.key for (each,) in contents.groups] == ["decided", "a", "x"]
    assert [each.example.key for (each,) in contents.likely] == ["decided", "b", "y"]
    assert [each.example.key for (each,) in contents.left_open.likely] == ["b", "y"]
