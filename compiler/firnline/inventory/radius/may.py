"""What may a change do at all to items of which too much is open to follow each possibility?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from firnline.inventory.forecast.change import Changed
from firnline.inventory.forecast.first_run import Happens
from firnline.inventory.radius.scopes import Scopes
from firnline.inventory.radius.sooner import Done, Way, Window
from firnline.inventory.radius.sums import Row, What
from firnline.rules.diff.changes import Change
from firnline.s3.model import Rule
from firnline.s3.simulate.stored import ItemKind, StoredItem
from firnline.s3.terms import Clock, Versioning


def may_happen(scopes: Scopes, items: Sequence[StoredItem], changed: Changed) -> Iterator[Row]:
    """`items` are those that one may be like. Versions of its key may have other tags and sizes,
    and become current or noncurrent: so it counts as in all scopes below its prefix.
    """
    keeps_versions = changed.after.bucket.versioning is not Versioning.OFF
    for key in dict.fromkeys(item.key for item in items):
        kinds = {item.kind for item in items if item.key == key}
        above = [
            (number, change)
            for number, change in scopes.changes_above(key)
            if any(change.clock in _CLOCKS[kind] for kind in kinds)
        ]
        changes = [change for _, change in above]
        follows = [*_may_follow(key, changes, kinds, changed)] if keeps_versions else []
        for number, change in above:
            yield Row(number)
            for what in (*_may_do(change, kinds, keeps_versions), *_on(change.clock, follows)):
                yield from (Row(None, what), Row(number, what))


def _may_do(change: Change, kinds: set[ItemKind], keeps_versions: bool) -> Iterator[What]:
    for way, story in ((Way.NEW, change.new), (Way.NO_LONGER, change.old)):
        done: list[Done] = [step.into for step in story.moves if step.into]
        done += _ends(change, kinds, keeps_versions) if story.ends else []
        yield from (What(window, way, each) for window, each in product(Window, done))


_VERSIONS = (Clock.OBJECTS, Clock.NONCURRENT_VERSIONS)
_CLOCKS = {
    ItemKind.OBJECT_VERSION: _VERSIONS,
    ItemKind.DELETE_MARKER: (*_VERSIONS, Clock.DELETE_MARKERS),
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


def _on(clock: Clock, follows: Sequence[What]) -> Sequence[What]:
    return follows if clock in _VERSIONS else ()


def _may_follow(
    key: str, changes: Sequence[Change], kinds: set[ItemKind], changed: Changed
) -> Iterator[What]:
    """What rules for noncurrent versions do, also those that do not change, because an object
    expires at another time: its days as a noncurrent one count from then. Where a rule keeps so
    many newer versions, it may also do more or less because one of those ends.
    """
    ends = [each for each in changes if each.clock in _VERSIONS]
    ends = [each for each in ends if each.old.ends or each.new.ends]
    for way, batch in ((Way.NEW, changed.after), (Way.NO_LONGER, changed.before)):
        rules = [each for each in batch.rules.rules if _is_about(key, each)]
        because = [way] if any(_expires(each, way) for each in ends) else []
        for done, counts in (each for rule in rules for each in _of_noncurrent(rule, kinds)):
            ways = [*Way] if counts and ends else because
            yield from (What(window, one, done) for window, one in product(Window, ways))


def _expires(change: Change, way: Way) -> bool:
    story = change.new if way is Way.NEW else change.old
    return change.clock is Clock.OBJECTS and bool(story.ends)


def _is_about(key: str, rule: Rule) -> bool:
    return rule.enabled and key.startswith(rule.filter.prefix)


def _of_noncurrent(rule: Rule, kinds: set[ItemKind]) -> Iterator[tuple[Done, bool]]:
    """With whether it keeps newer versions."""
    if ItemKind.OBJECT_VERSION in kinds:
        for move in rule.noncurrent_transitions:
            yield move.storage_class, move.newer_versions is not None
    if (end := rule.noncurrent_expires) is None:
        return
    if ItemKind.OBJECT_VERSION in kinds:
        yield Happens.DELETED, end.newer_versions is not None
    if ItemKind.DELETE_MARKER in kinds:
        yield Happens.MARKERS_REMOVED, end.newer_versions is not None
