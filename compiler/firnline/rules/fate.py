"""What happens to the item of an expectation, and is it what is expected?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, assert_never

from firnline.language.expectations import Case, Expected, Fate
from firnline.s3.model import RuleSet
from firnline.s3.phrases import done_in_words
from firnline.s3.simulate.history import Event, history
from firnline.s3.simulate.stored import BucketState, ItemKind, StoredItem
from firnline.s3.terms import Days, Versioning

# Ages count from a midnight, as in `firnline explain`: S3 rounds every other moment up to the next.
_CREATED: Final = datetime(2026, 1, 1, tzinfo=UTC)
_SIZE: Final = 1 << 20
_LATEST: Final = 1_000_000  # days: a moment that Python can represent
_NO_MARKERS: Final = "there are no delete markers where versions were never kept"
_FREED: Final = "its bytes are freed at once when it is overwritten: no version is kept"


def item_of(case: Case) -> StoredItem:
    """When it is created."""
    is_object = case.item is ItemKind.OBJECT_VERSION
    size = case.size.value if case.size else _SIZE
    return StoredItem(
        key=case.key.value,
        created=_CREATED,
        size=int(size) if is_object else 0,
        storage_class=case.storage_class.value if case.storage_class else "STANDARD",
        tags=tuple(sorted((key.value, value.value) for key, value in case.tags)),
        kind=case.item,
    )


@dataclass(frozen=True, slots=True)
class Course:
    """What S3 does with an item, from the moment from which its ages count. `item` is how it is
    then, None where nothing is left of it already; `instead` says why.
    """

    versioning: Versioning
    start: datetime
    item: StoredItem | None
    events: tuple[Event, ...]
    instead: str = ""
    cannot_happen: bool = False
    """Whether nothing expected can hold, as the item is deleted before it is overwritten."""

    def is_as(self, expected: Expected) -> bool:
        if self.cannot_happen:
            return False
        fate, storage_class = self._at(expected.age)
        match expected.fate:
            case Fate.KEPT:
                wanted = expected.storage_class
                return fate is Fate.KEPT and wanted in (None, storage_class)
            case Fate.DELETED:
                return fate is not Fate.KEPT
            case Fate.GONE:
                return fate is Fate.GONE
            case _:
                assert_never(expected.fate)

    def against(self, expected: Expected) -> str:
        """What is so instead of what is expected."""
        if self.item is None:
            return self.instead
        fate, storage_class = self._at(expected.age)
        so_far = [each for each in self.events if self._age(each) <= expected.age]
        because = f": {self._told(so_far[-1])}" if so_far else ""
        match fate:
            case Fate.GONE:
                return f"it is gone at {expected.age}{because}"
            case Fate.DELETED:
                return f"it is deleted at {expected.age}{because}{self._only_later(expected)}"
            case Fate.KEPT:
                is_object = self.item.kind is ItemKind.OBJECT_VERSION
                where = f"in {storage_class}" if is_object else "there"
                since = f", since {self._when(so_far[-1])}" if so_far else ""
                return f"it is {where} at {expected.age}{since}{self._only_later(expected)}"
            case _:
                assert_never(fate)

    def too_early(self, ended: Event) -> str:
        """What is so instead of an item that somebody overwrites later."""
        return f"it is deleted before it is overwritten: {self._told(ended)}"

    def _only_later(self, expected: Expected) -> str:
        for event in self.events:
            if self._age(event) > expected.age:
                then = replace(expected, age=self._age(event))
                if self.is_as(then):
                    return f"; {self._told(event, only='only ')}"
        return "" if expected.fate is Fate.KEPT else "; no rule deletes it"

    def _at(self, age: Days) -> tuple[Fate, str | None]:
        item = self.item
        for event in self.events:
            if self._age(event) <= age:
                item = event.item
        if item is None:
            return Fate.GONE, None
        if self.item is not None and self.item.current and not item.current:
            return Fate.DELETED, None
        return Fate.KEPT, item.storage_class

    def _age(self, event: Event) -> Days:
        return Days((event.at - self.start).days)

    def _told(self, event: Event, only: str = "") -> str:
        done = done_in_words(event.action_due.action, event.action_due.storage_class)
        return f"{done} {only}at {self._when(event)}"

    def _when(self, event: Event) -> str:
        by = ", ".join(f"`{rule.id}`" for rule in dict.fromkeys(event.action_due.rules))
        return f"{self._age(event)}, by {by}"


def course_of(case: Case, rules: RuleSet, versioning: Versioning) -> Course:
    bucket, item = BucketState(versioning), item_of(case)
    if item.kind is ItemKind.DELETE_MARKER and versioning is Versioning.OFF:
        return Course(versioning, item.created, None, (), _NO_MARKERS)
    if case.overwritten_at is None:
        return Course(versioning, item.created, item, history(rules, bucket, item))
    days = min(int(case.overwritten_at.value), _LATEST)
    moment = item.created + timedelta(days=days)
    before = [each for each in history(rules, bucket, item) if each.at < moment]
    left = before[-1].item if before else item
    if left is None or not left.current:
        ended = next(each for each in before if each.item is None or not each.item.current)
        whole = Course(versioning, item.created, item, (ended,))
        return Course(versioning, moment, None, (), whole.too_early(ended), cannot_happen=True)
    if versioning is Versioning.OFF:
        return Course(versioning, moment, None, (), _FREED)
    newer = case.newer_versions.value if case.newer_versions else 0
    old = replace(left, current=False, noncurrent_since=moment, newer_noncurrent=newer)
    return Course(versioning, moment, old, history(rules, bucket, old, since=moment))
