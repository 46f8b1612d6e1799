"""The reference's answers for many items, computed once for all that S3 treats alike.

Ages are whole days after rounding, so the same action is due at the same age for two items that the
same rules match, in one class and with the same obstacles. The reference runs on one of them for
each range of ages; for each other item, only its range is looked up.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import NamedTuple

from firnline.s3.model import Rule, RuleSet
from firnline.s3.simulate.action_due import ActionDue, action_due, candidates
from firnline.s3.simulate.clock import midnight_from
from firnline.s3.simulate.history import History, after, history
from firnline.s3.simulate.matching import Match, Matcher
from firnline.s3.simulate.stored import BucketState, ItemKind, LifecycleAction, StoredItem


class ActionTaken(NamedTuple):
    """As `ActionDue`, without the actions that lost."""

    action: LifecycleAction
    due: datetime | None
    storage_class: str | None
    rules: tuple[Rule, ...]


class BatchStep(NamedTuple):
    """One event of a history; `left` is the class of what remains, None where the item is gone."""

    at: datetime
    taken: ActionTaken
    left: str | None


_CREATED = datetime(2000, 1, 1, tzinfo=UTC)


_NOTHING = ActionTaken(LifecycleAction.NONE, None, None, ())


class Batch:
    """Stored items of one bucket under its rules."""

    def __init__(self, rules: RuleSet, bucket: BucketState) -> None:
        self.rules, self.bucket = rules, bucket
        self._matcher = Matcher(rules)
        self._cells: dict[Hashable, _Cell] = {}

    def actions_due(self, items: Iterable[StoredItem], at: datetime) -> Iterator[ActionTaken]:
        """For each item what `action_due` says."""
        today = at.astimezone(UTC).toordinal()
        for item in items:
            match = self._matcher.match(item)
            if item.created > at:
                yield _NOTHING
            elif _is_exact(match, item):
                yield _taken(action_due(match.rules, self.bucket, item, at))
            else:
                since = item.created if item.current else item.noncurrent_since or item.created
                began = _midnight(since)
                answer = self._cell(match, item, item.locked_at(at)).at_age(today - began)
                yield _NOTHING if answer is None else _dated(answer, began)

    def histories(
        self,
        items: Iterable[StoredItem],
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Iterator[tuple[BatchStep, ...]]:
        """For each item what `history` says."""
        return (tuple(self.steps(item, since, until)) for item in items)

    def steps(
        self, item: StoredItem, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[BatchStep]:
        """What `history` says of one item, computed as far as it is consumed."""
        match = self._matcher.match(item)
        if match.dated or (match.removes_markers_at_once and item.kind is ItemKind.DELETE_MARKER):
            return _exact(history(match.rules, self.bucket, item, since, until))
        first = _midnight(since) if since else 0
        last = until.astimezone(UTC).toordinal() if until else _LAST_DAY
        return self._steps(match, item, first, last)

    def alike(self, item: StoredItem) -> Hashable | None:
        """The same for items to which the same happens on the same days, as versions of keys whose
        other versions are alike too. None where that would take a longer look.
        """
        if item.legal_hold or item.retain_until is not None:
            return None
        branch, match = self._matcher.branch_and_match(item)
        # Of a delete marker that may go at any age, the exact moment counts.
        is_marker = item.kind is ItemKind.DELETE_MARKER
        return (
            branch,
            self._cell_key(match, item, locked=False),
            item.created if is_marker else _midnight(item.created),
            item.noncurrent_since and _midnight(item.noncurrent_since),
            item.newer_noncurrent,
            item.hidden,
        )

    def _steps(self, match: Match, item: StoredItem, first: int, last: int) -> Iterator[BatchStep]:
        """The reference's walk from midnight to midnight, over the numbers of days."""
        began = _midnight(item.created)
        today = max(first, began)
        if item.noncurrent_since is not None and not item.current:
            began = _midnight(item.noncurrent_since)
        locked_until = _locked_until(item)
        cell: _Cell | None = self._cell(match, item, today < locked_until)
        while cell is not None:
            answer, day = cell.at_age(today - began), today
            if answer is None:
                later = cell.later_than(today - began)
                day = _LAST_DAY + 1 if later is None else began + later
                if today < locked_until <= day:
                    today = locked_until
                    cell = self._cell(match, cell.item, locked=False)
                    continue
                answer = None if later is None else cell.at_age(later)
            if answer is None or day > last:
                return
            left = answer.left
            taken = _dated(answer, began)
            if answer.after == 0 and item.kind is ItemKind.DELETE_MARKER and item.current:
                taken = taken._replace(
                    due=item.created
                )  # by its flag a marker is removed at any age
            yield BatchStep(_date(day), taken, left.storage_class if left else None)
            if answer.taken.action is LifecycleAction.DELETE_MARKER:
                began = day
            today = day + 1
            if left is None:
                return
            if locked_until:
                cell = self._cell(match, left, today < locked_until)
            else:
                cell = cell.then(answer) or cell.go_on(
                    answer, self._cell(match, left, locked=False)
                )

    def _cell_key(self, match: Match, item: StoredItem, locked: bool) -> Hashable:
        return (
            match,
            locked,
            match.is_small(item.size),
            item.storage_class,
            # An enum's hash is a function in Python; these are not.
            item.kind is ItemKind.OBJECT_VERSION,
            item.kind is ItemKind.DELETE_MARKER,
            item.current,
            match.count(item.newer_noncurrent),
            item.hidden > 0,
            item.null_version,
            item.replication,
            item.tier,
        )

    def _cell(self, match: Match, item: StoredItem, locked: bool) -> _Cell:
        key = self._cell_key(match, item, locked)
        cell = self._cells.get(key)
        if cell is None:
            cell = self._cells[key] = _Cell(match.rules, self.bucket, item, locked)
        return cell


_LAST_DAY = datetime.max.toordinal()


class _Answer(NamedTuple):
    """An action that falls due `after` days from creation; `left` is the item after it, if any."""

    taken: ActionTaken
    after: int
    left: StoredItem | None


class _Cell:
    """Items that S3 treats alike, apart from their creation: what is due at each age.

    `item` is one of them.
    """

    def __init__(self, rules: RuleSet, bucket: BucketState, item: StoredItem, locked: bool) -> None:
        self.item = item
        self._then: dict[int, _Cell] = {}
        one = replace(
            item,
            created=_CREATED,
            noncurrent_since=None if item.current else _CREATED,
            retain_until=None,
            legal_hold=locked,
        )
        found_candidates = candidates(rules, bucket, one, _CREATED)
        self._ages = sorted(
            {(each.due - _CREATED).days for each in found_candidates if each.due is not None}
        )
        self._answers: list[_Answer | None] = [None]
        for age in self._ages:
            moment = _CREATED + timedelta(days=age)
            found = action_due(rules, bucket, one, moment)
            assert found.due is not None
            left = after(bucket, one, found.action, found.storage_class, moment)
            self._answers.append(_Answer(_taken(found), (found.due - _CREATED).days, left))

    def at_age(self, days: int) -> _Answer | None:
        return self._answers[bisect_right(self._ages, days)]

    def then(self, done: _Answer) -> _Cell | None:
        """The state of an item after that, as far as it is known."""
        return self._then.get(id(done))

    def go_on(self, done: _Answer, cell: _Cell) -> _Cell:
        self._then[id(done)] = cell
        return cell

    def later_than(self, days: int) -> int | None:
        """The next age at which something falls due."""
        place = bisect_right(self._ages, days)
        return self._ages[place] if place < len(self._ages) else None


def _exact(events: History) -> Iterator[BatchStep]:
    for each in events:
        left = each.item.storage_class if each.item else None
        yield BatchStep(each.at, _taken(each.action_due), left)


def _is_exact(match: Match, item: StoredItem) -> bool:
    """Whether more than the age in days decides: a date, or the moment a marker was created."""
    return match.dated or (item.kind is ItemKind.DELETE_MARKER and match.removes_markers)


def _taken(found: ActionDue) -> ActionTaken:
    return ActionTaken(found.action, found.due, found.storage_class, found.rules)


def _dated(answer: _Answer, began: int) -> ActionTaken:
    taken = answer.taken
    return ActionTaken(taken.action, _date(began + answer.after), taken.storage_class, taken.rules)


def _locked_until(item: StoredItem) -> int:
    """The day from which on no lock holds it; 0 where none does."""
    if item.legal_hold:
        return _LAST_DAY + 2
    return _midnight(item.retain_until) if item.retain_until else 0


@cache
def _date(day: int) -> datetime:
    return datetime.combine(datetime.fromordinal(day), time(), UTC)


def _midnight(moment: datetime) -> int:
    """As `midnight_from`, as the number of a day."""
    if moment.tzinfo is not UTC:
        moment = midnight_from(moment)
    exact = not (moment.hour or moment.minute or moment.second or moment.microsecond)
    return moment.toordinal() + (not exact)
