"""What S3 does with one thing, and why, in words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from firnline.diagnostics.visible import visible
from firnline.language.model import Versioning
from firnline.language.units import Bytes, Days
from firnline.rules.ir import Rule, RuleSet
from firnline.rules.obstacles import obstacles
from firnline.rules.owners import Ownership
from firnline.rules.program import Owned
from firnline.rules.simulate import (
    Action,
    BucketState,
    Candidate,
    Event,
    Owed,
    Sort,
    Step,
    Thing,
    candidates,
    midnight_from,
    owed,
    story,
)
from firnline.rules.simulate.crowd import Deed
from firnline.rules.simulate.story import marker_left_by
from firnline.targets.timeline import bar, changes, horizon, legend, to_do, told

_INDENT = "  "


@dataclass(frozen=True, slots=True)
class Question:
    """One thing under the rules of its bucket. `aged` where only ages are known, not its birth:
    then it is taken to be born now, and ages are told instead of dates.

    `owners` is None where the rules are of no policy.
    """

    address: str
    thing: Thing
    rules: RuleSet
    bucket: BucketState
    owners: tuple[Ownership, ...] | None
    now: datetime
    aged: bool

    def day(self, moment: datetime, rules: Sequence[Rule] = ()) -> str:
        """When these rules act; a rule on a date does so whatever the age."""
        if self.aged and any(_is_dated(rule) for rule in rules):
            return f"{moment:%Y-%m-%d}"
        age = (moment.date() - self.thing.created.date()).days
        return f"age {age}d" if self.aged else f"{moment:%Y-%m-%d}  age {age}d"


def to_text(question: Question, columns: int) -> str:
    told_story = story(question.rules, question.bucket, question.thing)
    parts = [[visible(question.address), *_wrapped([_state(question)], columns)]]
    if question.owners is not None:
        parts.append(["Who owns it", *_wrapped(_owners(question.owners), columns)])
    parts.append(["What happens", *_wrapped(_what_happens(question, told_story), columns)])
    if told_story:
        parts.append(_drawn(question, told_story, columns))
    if question.thing.sort is Sort.DATA and question.thing.current:
        title = "If somebody overwrites or deletes it now"
        parts.append([title, *_wrapped(_if_touched(question), columns)])
    if not question.aged:
        parts.append(
            ["Why is it still here?", *_wrapped(_still_here(question, told_story), columns)]
        )
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _wrapped(lines: Sequence[str] | Iterator[str], columns: int) -> list[str]:
    """Each indented; what goes on in the next row is indented more."""
    found = []
    for line in lines:
        inner = " " * (len(line) - len(line.lstrip()))
        found += textwrap.wrap(
            visible(line.strip()),
            max(columns, 40),
            initial_indent=_INDENT + inner,
            subsequent_indent=_INDENT * 2 + inner,
            break_on_hyphens=False,
        )
    return found


def _state(question: Question) -> str:
    thing = question.thing
    parts = []
    match thing.sort:
        case Sort.DATA:
            parts += [str(Bytes(thing.size)), thing.storage_class]
        case _:
            parts.append(thing.sort.value)
    if not question.aged:
        age = (question.now - thing.created).days
        parts.append(f"made {thing.created:%Y-%m-%d %H:%M}Z, {age} days ago")
    if thing.noncurrent_since is not None:
        since = "now" if question.aged else f"{thing.noncurrent_since:%Y-%m-%d %H:%M}Z"
        parts.append(f"an old version since {since}")
    parts += [f"tagged {key}={value}" for key, value in thing.tags]
    parts.append(f"versioning {question.bucket.versioning.value}")
    return ", ".join(parts)


def _owners(owners: Sequence[Ownership]) -> Iterator[str]:
    """Clocks of one owner on one line."""
    by_unit: dict[object, list[Ownership]] = {}
    for each in owners:
        by_unit.setdefault(each.owner and id(each.owner.unit), []).append(each)
    for group in by_unit.values():
        clocks = ", ".join(each.clock.value for each in group)
        owner = group[0].owner
        if owner is None:
            yield f"{clocks}: nobody, no retention speaks of them: they stay"
            continue
        yield f"{clocks}: {_called(owner)}"
        policy = owner.unit.policy
        yield f"  owner: {policy.owner}; why: {policy.why}"
        wider = dict.fromkeys(_called(each) for one in group for each in one.wider)
        if wider:
            yield f"  it has the narrowest filter; {', '.join(wider)} match too and give way"


def _called(owned: Owned) -> str:
    policy, span = owned.unit.policy, owned.unit.span
    called = owned.unit.called
    of = "" if owned.unit.retention is None else f" of policy `{policy.name.value}`"
    return f"{called}{of} ({owned.scope}; {span.path}:{span.line})"


def _what_happens(question: Question, told_story: Sequence[Event]) -> Iterator[str]:
    if not told_story:
        yield _nothing(question)
        return
    thing: Thing | None = question.thing
    for event in told_story:
        assert thing is not None
        by = ", ".join(f"`{rule.id}`" for rule in dict.fromkeys(event.owed.rules))
        yield f"{question.day(event.at, event.owed.rules)}: {_done(event.owed)}, by {by}"
        yield from _why_not_others(question, thing, event)
        thing = event.thing


def _nothing(question: Question) -> str:
    thing = question.thing
    alone = story(question.rules, question.bucket, replace(thing, hidden=0))
    if thing.hidden and alone:
        by = ", ".join(f"`{rule.id}`" for rule in alone[0].owed.rules)
        return f"nothing while it hides old versions ({thing.hidden} now); then it goes, by {by}"
    return "nothing: no rule moves or deletes it"


def _why_not_others(question: Question, thing: Thing, event: Event) -> Iterator[str]:
    """Rules that had fallen due and lost, and rules that would do the same later."""
    for lost in event.owed.lost:
        what = to_do(lost.action, lost.storage_class)
        yield f"  lost: `{lost.rule.id}`, to {what}: {_why(event.owed, lost)}"
    later = [
        each
        for each in candidates(question.rules, question.bucket, thing, event.at)
        if each.due is not None and each.due > event.at and each.action is event.owed.action
        if each.storage_class == event.owed.storage_class
    ]
    for each in later:
        assert each.due is not None
        yield f"  too late: `{each.rule.id}` would do so at {question.day(each.due, [each.rule])}"


def _is_dated(rule: Rule) -> bool:
    whens = [*(move.when for move in rule.transitions), rule.expires]
    return any(when is not None and not isinstance(when, Days) for when in whens)


def _why(won: Owed, lost: Candidate) -> str:
    if won.action.destroys:
        return "a permanent deletion comes before it"
    if lost.action is Action.DELETE_MARKER:
        return "a move comes before a delete marker"
    if won.storage_class == "INTELLIGENT_TIERING":
        return "INTELLIGENT_TIERING comes before it"
    return "the colder class comes before it"


def _done(done: Owed) -> str:
    return told(done.action, done.storage_class)


def _drawn(question: Question, told_story: Sequence[Event], columns: int) -> list[str]:
    found = changes(question.thing, [_step(event) for event in told_story])
    days = horizon([found])
    width = max(columns - 2 * len(_INDENT), 20)
    ends = f"{_INDENT}0d{f'{days}d':>{width - 2}}"
    return [f"{_INDENT}{bar(found, days, width)}", ends, f"{_INDENT}{legend([found])}"]


def _step(event: Event) -> Step:
    done = event.owed
    deed = Deed(done.action, done.due, done.storage_class, done.rules)
    return Step(event.at, deed, event.thing.storage_class if event.thing else None)


def _if_touched(question: Question) -> Iterator[str]:
    thing, bucket, now = question.thing, question.bucket, question.now
    freed = bucket.versioning is Versioning.OFF or (
        bucket.versioning is Versioning.SUSPENDED and thing.null_version
    )
    yield "overwritten: the new object is as young as the overwriting, whatever the age of this one"
    if freed:
        yield "its bytes are freed at once: no version is kept of it"
        return
    old = replace(thing, current=False, noncurrent_since=now, newer_noncurrent=0)
    told_story = story(question.rules, bucket, old, since=now)
    yield from _as_old_version(question, told_story)
    marker = marker_left_by(thing, now, hidden=0)
    gone = told_story[-1].at if told_story and told_story[-1].thing is None else None
    after = story(question.rules, bucket, marker, since=gone) if gone else ()
    if after:
        yield f"deleted: a delete marker hides it, and goes {_later(question, after[-1].at)}"
    else:
        yield "deleted: a delete marker hides it, and stays"


def _as_old_version(question: Question, told_story: Sequence[Event]) -> Iterator[str]:
    steps = [f"{_done(event.owed)} {_later(question, event.at)}" for event in told_story]
    if not told_story or told_story[-1].thing is not None:
        steps.append("kept for ever, and paid for")
    yield f"its bytes stay as an old version: {', '.join(steps)}"


def _later(question: Question, moment: datetime) -> str:
    days = f"{(moment.date() - question.now.date()).days}d later"
    return days if question.aged else f"{moment:%Y-%m-%d} ({days})"


def _still_here(question: Question, told_story: Sequence[Event]) -> Iterator[str]:
    thing, now = question.thing, question.now
    due = owed(question.rules, question.bucket, thing, now)
    if due.action is not Action.NONE:
        assert due.due is not None
        by = ", ".join(f"`{rule.id}`" for rule in due.rules)
        yield f"due since {due.due:%Y-%m-%d}: {to_do(due.action, due.storage_class)}, by {by}"
        for lost in due.lost:
            what = to_do(lost.action, lost.storage_class)
            yield f"  behind it: {what}, by `{lost.rule.id}`: {_why(due, lost)}"
        yield "  S3 runs the rules once a day, and may lag by 48 hours and more"
        if due.action is Action.EXPIRE:
            yield "  what is past its expiration is not billed any more, even while it is listed"
        if due.action is Action.DELETE_MARKER:
            yield "  a delete marker frees nothing: the bytes go when old versions end"
    for found in obstacles(question.rules, question.bucket, thing, now):
        without = to_do(found.without.action, found.without.storage_class)
        yield f"{found.reason}; else S3 would now {without}"
    following = [event for event in told_story if event.at > now]
    if due.action is Action.NONE and following:
        first = following[0]
        yield f"nothing is due yet; the next is: {_done(first.owed)}, {first.at:%Y-%m-%d}"
    if not any(event.thing is None for event in told_story):
        yield "no rule that matches it ever deletes its bytes"


def born(now: datetime) -> datetime:
    """When a thing of unknown birth is taken to be born: ages count from a midnight."""
    return midnight_from(now)
