"""A move on the day of the end: on a versioned bucket it comes first, and the bytes lie there."""

from __future__ import annotations

from firnline.language.model import StorageClass, Versioning
from firnline.language.units import Days
from firnline.rules.diff.category import Category, categories
from firnline.rules.diff.story import of_objects
from firnline.rules.prove.asks import asks
from firnline.rules.prove.difference import facts

ENDING = asks((), {Days(9)}, (), ())
MOVING = asks({(Days(9), StorageClass("GLACIER"))}, {Days(9)}, (), ())


def test_bytes_that_lie_archived_behind_a_marker_are_harder_to_read() -> None:
    known = facts(Versioning.ENABLED)
    found = categories(of_objects(ENDING, known), of_objects(MOVING, known))
    assert Category.ARCHIVES_SOONER in found


def test_where_nothing_is_kept_such_a_move_is_none() -> None:
    known = facts(Versioning.OFF)
    assert of_objects(ENDING, known) == of_objects(MOVING, known)
