"""What may a change do at all to items of which too much is open to follow each possibility?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from firnline.inventory.forecast.first_run import Happens
from firnline.inventory.radius.scopes import Scopes
from firnline.inventory.radius.sooner import Done, Way, Window
from firnline.inventory.radius.sums import Row, What
from firnline.rules.diff.changes import Change
from firnline.s3.simulate.stored import ItemKind, StoredItem
from firnline.s3.terms import Clock


def may_happen(scopes: Scopes, items: Sequence[StoredItem], keeps_versions: bool) -> Iterator[Row]:
    """`items` are those that one may be like. Versions of its key may have other tags and sizes,
    and become current or noncurrent: so it counts as in all scopes below its prefix.
    """
    for key in dict.fromkeys(item.key for item in items):
        kinds = {item.kind for item in items if item.key == key}
        for number, change in scopes.changes_above(key):
            if not any(change.clock in _CLOCKS[kind] for kind in kinds):
                continue
            yield Row(number)
            for what in _may_do(change, kinds, keeps_versions):
                yield from (Row(None, what), Row(number, what))


def _may_do(change: Change, kinds: set[ItemKind], keeps_versions: bool) -> Iterator[What]:
    for way, story in ((Way.NEW, change.new), (Way.NO_LONGER, change.old)):
        done: list[Done] = [step.into for step in story.moves if step.into]
        done += _ends(change, kinds, keeps_versions) if story.ends else []
        yield from (What(window, way, each) for window, each in product(Window, done))


_CLOCKS = {
    ItemKind.OBJECT_VERSION: (Clock.OBJECTS, Clock.NONCURRENT_VERSIONS),
    ItemKind.DELETE_MARKER: (Clock.OBJECTS, Clock.NONCURRENT_VERSIONS, Clock.DELETE_MARKERS),
    ItemKind.MULTIPART_UPLOAD: (Clock.MULTIPART_UPLOADS,),
}


def _ends(change: Change, kinds: set[ItemKind], keeps_versions: bool) -> list[Done]:
    if change.clock is Clock.MULTIPART_UPLOADS:
        return [Happens.ABORTED]
    found: list[Done] = [Happens.MARKERS_REMOVED] if ItemKind.DELETE_MARKER in kinds else []
    if ItemKind.OBJECT_VERSION in kinds and change.clock is not Clock.DELETE_MARKERS:
        found.append(Happens.DELETED)
        if keeps_versions and change.clock is Clock.OBJECTS:
            found.append(Happens.DELETE_MARKERS)
    return found
