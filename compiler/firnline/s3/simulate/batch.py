"""The reference's answers for many things: it is asked once for all that S3 cannot tell apart.

Ages are whole days after all rounding, so two things that the same rules match, in one class and
with the same obstacles, are owed the same at the same age. The reference is asked about one of them
for each stretch of ages; what is left for each thing is to find its stretch.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import NamedTuple

from firnline.s3.model import Rule, RuleSet
from firnline.s3.simulate.action_due import Owed, candidates, owed
from firnline.s3.simulate.clock import midnight_from
from firnline.s3.simulate.history import Story, after, story
from firnline.s3.simulate.matching import Match, Matcher
from firnline.s3.simulate.stored import Action, BucketState, Sort, Thing


class Deed(NamedTuple):
    """As `Owed`, without what lost."""

    action: Action
    due: datetime | None
    storage_class: str | None
    rules: tuple[Rule, ...]


class Step(NamedTuple):
    """One event of a story; `left` is the class of what is left, none where it is gone."""

    at: datetime
    deed: Deed
    left: str | None


class _Answer(NamedTuple):
    """A deed that falls due `after` days from a birth; `left` is the thing then, if any."""

    deed: Deed
    after: int
    left: Thing | None


_BIRTH = datetime(2000, 1, 1, tzinfo=UTC)
_NOTHING = Deed(Action.NONE, None, None, ())


class Crowd:
    """Things in one bucket under its rules."""

    def __init__(self, rules: RuleSet, bucket: BucketState) -> None:
        self.bucket = bucket
        self._matcher = Matcher(rules)
        self._cells: dict[Hashable, _Cell] = {}

    def owed(self, things: Iterable[Thing], at: datetime) -> Iterator[Deed]:
        """For each what `owed` says."""
        today = at.astimezone(UTC).toordinal()
        for thing in things:
            match = self._matcher.match(thing)
            if thing.created > at:
                yield _NOTHING
            elif _is_exact(match, thing):
                yield _deed(owed(match.rules, self.bucket, thing, at))
            else:
                since = thing.created if thing.current else thing.noncurrent_since or thing.created
                began = _midnight(since)
                answer = self._cell(match, thing, thing.locked_at(at)).at_age(today - began)
                yield _NOTHING if answer is None else _dated(answer, began)

    def stories(
        self, things: Iterable[Thing], since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[tuple[Step, ...]]:
        """For each what `story` says."""
        return (tuple(self.steps(thing, since, until)) for thing in things)

    def steps(
        self, thing: Thing, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Step]:
        """What `story` says of one thing, as far as it is asked for."""
        match = self._matcher.match(thing)
        if match.dated or (match.removes_markers_at_once and thing.sort is Sort.MARKER):
            return _exact(story(match.rules, self.bucket, thing, since, until))
        first = _midnight(since) if since else 0
        last = until.astimezone(UTC).toordinal() if until else _LAST_DAY
        return self._steps(match, thing, first, last)

    def _steps(self, match: Match, thing: Thing, first: int, last: int) -> Iterator[Step]:
        """The reference's walk from midnight to midnight, over the numbers of days."""
        began = _midnight(thing.created)
        today = max(first, began)
        if thing.noncurrent_since is not None and not thing.current:
            began = _midnight(thing.noncurrent_since)
        locked_until = _locked_until(thing)
        cell: _Cell | None = self._cell(match, thing, today < locked_until)
        while cell is not None:
            answer, day = cell.at_age(today - began), today
            if answer is None:
                later = cell.later_than(today - began)
                day = _LAST_DAY + 1 if later is None else began + later
                if today < locked_until <= day:
                    today = locked_until
                    if today > last:
                        return
                    cell = self._cell(match, cell.thing, locked=False)
                    continue
                answer = None if later is None else cell.at_age(later)
            if answer is None or day > last:
                return
            left = answer.left
            deed = _dated(answer, began)
            if answer.after == 0 and thing.sort is Sort.MARKER and thing.current:
                deed = deed._replace(due=thing.created)  # by its flag a marker goes at any age
            yield Step(_date(day), deed, left.storage_class if left else None)
            if answer.deed.action is Action.DELETE_MARKER:
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

    def _cell(self, match: Match, thing: Thing, locked: bool) -> _Cell:
        key = (
            match,
            locked,
            match.is_small(thing.size),
            thing.storage_class,
            # An enum's hash is a function in Python; these are not.
            thing.sort is Sort.DATA,
            thing.sort is Sort.MARKER,
            thing.current,
            match.count(thing.newer_noncurrent),
            thing.hidden > 0,
            thing.null_version,
            thing.replication,
            thing.tier,
        )
        cell = self._cells.get(key)
        if cell is None:
            cell = self._cells[key] = _Cell(match.rules, self.bucket, thing, locked)
        return cell


class _Cell:
    """Things that S3 cannot tell apart but for their birth: what is owed at each age.

    `thing` is one of them.
    """

    def __init__(self, rules: RuleSet, bucket: BucketState, thing: Thing, locked: bool) -> None:
        self.thing = thing
        self._then: dict[int, _Cell] = {}
        one = replace(
            thing,
            created=_BIRTH,
            noncurrent_since=None if thing.current else _BIRTH,
            retain_until=None,
            legal_hold=locked,
        )
        asked = candidates(rules, bucket, one, _BIRTH)
        self._ages = sorted({(each.due - _BIRTH).days for each in asked if each.due is not None})
        self._answers: list[_Answer | None] = [None]
        for age in self._ages:
            moment = _BIRTH + timedelta(days=age)
            found = owed(rules, bucket, one, moment)
            assert found.due is not None
            left = after(bucket, one, found.action, found.storage_class, moment)
            self._answers.append(_Answer(_deed(found), (found.due - _BIRTH).days, left))

    def at_age(self, days: int) -> _Answer | None:
        return self._answers[bisect_right(self._ages, days)]

    def then(self, done: _Answer) -> _Cell | None:
        """Where a thing is after that, as far as that is known."""
        return self._then.get(id(done))

    def go_on(self, done: _Answer, cell: _Cell) -> _Cell:
        self._then[id(done)] = cell
        return cell

    def later_than(self, days: int) -> int | None:
        """The next age at which something is owed."""
        place = bisect_right(self._ages, days)
        return self._ages[place] if place < len(self._ages) else None


def _exact(told: Story) -> Iterator[Step]:
    for each in told:
        left = each.thing.storage_class if each.thing else None
        yield Step(each.at, _deed(each.owed), left)


def _is_exact(match: Match, thing: Thing) -> bool:
    """Whether more than the age in days decides: a date, or the moment a marker was put."""
    return match.dated or (thing.sort is Sort.MARKER and match.removes_markers)


def _deed(found: Owed) -> Deed:
    return Deed(found.action, found.due, found.storage_class, found.rules)


def _dated(answer: _Answer, began: int) -> Deed:
    deed = answer.deed
    return Deed(deed.action, _date(began + answer.after), deed.storage_class, deed.rules)


def _locked_until(thing: Thing) -> int:
    """The day from which on no lock holds it; 0 where none does."""
    if thing.legal_hold:
        return _LAST_DAY + 2
    return _midnight(thing.retain_until) if thing.retain_until else 0


_LAST_DAY = datetime.max.toordinal()


@cache
def _date(day: int) -> datetime:
    return datetime.combine(datetime.fromordinal(day), time(), UTC)


def _midnight(moment: datetime) -> int:
    """As `midnight_from`, as the number of a day."""
    if moment.tzinfo is not UTC:
        moment = midnight_from(moment)
    exact = not (moment.hour or moment.minute or moment.second or moment.microsecond)
    return moment.toordinal() + (not exact)
