"""What would an overwrite or a delete change now, and why is an item still there? In words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from firnline.s3.phrases import done_in_words, to_do_in_words
from firnline.s3.simulate.action_due import ActionDue, Candidate, action_due
from firnline.s3.simulate.history import Event, history, marker_left_by
from firnline.s3.simulate.obstacles import obstacles
from firnline.s3.simulate.stored import LifecycleAction
from firnline.s3.terms import Versioning
from firnline.targets.explained_question import Question
from firnline.targets.obstacle_words import in_words


def if_touched(question: Question) -> Iterator[str]:
    item, bucket, now = question.item, question.bucket, question.now
    freed = bucket.versioning is Versioning.OFF or (
        bucket.versioning is Versioning.SUSPENDED and item.null_version
    )
    yield "overwritten: the new object is as young as the overwriting, whatever the age of this one"
    if freed:
        yield "its bytes are freed at once: no version is kept of it"
        return
    old = replace(item, current=False, noncurrent_since=now, newer_noncurrent=0)
    events = history(question.rules, bucket, old, since=now)
    yield from _as_old_version(question, events)
    marker = marker_left_by(bucket, item, now, hidden=0)
    gone = events[-1].at if events and events[-1].item is None else None
    after = history(question.rules, bucket, marker, since=gone) if gone else ()
    if after:
        yield f"deleted: a delete marker hides it, and goes {_later(question, after[-1].at)}"
    else:
        yield "deleted: a delete marker hides it, and stays"


def still_here(question: Question, events: Sequence[Event]) -> Iterator[str]:
    item, now = question.item, question.now
    due = action_due(question.rules, question.bucket, item, now)
    if due.action is not LifecycleAction.NONE:
        assert due.due is not None
        by = ", ".join(question.named(rule) for rule in due.rules)
        what = to_do_in_words(due.action, due.storage_class)
        yield f"due since {due.due:%Y-%m-%d}: {what}, by {by}"
        for lost in due.lost:
            what = to_do_in_words(lost.action, lost.storage_class)
            yield f"  behind it: {what}, by {question.named(lost.rule)}: {why_lost(due, lost)}"
        yield "  S3 runs the rules once a day, and may lag by 48 hours and more"
        if due.action is LifecycleAction.EXPIRE:
            yield "  what is past its expiration is not billed any more, even while it is listed"
        if due.action is LifecycleAction.DELETE_MARKER:
            yield "  a delete marker frees nothing: the bytes go when noncurrent versions expire"
    for found in obstacles(question.rules, question.bucket, item, now):
        without = to_do_in_words(found.without.action, found.without.storage_class)
        yield f"{in_words(found, item, question.kept)}; else S3 would now {without}"
    following = [event for event in events if event.at > now]
    if due.action is LifecycleAction.NONE and following:
        first = following[0]
        yield f"nothing is due yet; the next is: {once_done(first.action_due)}, {first.at:%Y-%m-%d}"
    if not any(event.item is None for event in events):
        yield "no rule that matches it ever deletes its bytes"


def why_lost(won: ActionDue, lost: Candidate) -> str:
    if won.action.destroys:
        return "a permanent deletion comes before it"
    if lost.action is LifecycleAction.DELETE_MARKER:
        return "a transition comes before a delete marker"
    if won.storage_class == "INTELLIGENT_TIERING":
        return "INTELLIGENT_TIERING comes before it"
    return "the colder class comes before it"


def once_done(due: ActionDue) -> str:
    return done_in_words(due.action, due.storage_class)


def _as_old_version(question: Question, events: Sequence[Event]) -> Iterator[str]:
    steps = [f"{once_done(event.action_due)} {_later(question, event.at)}" for event in events]
    if not events or events[-1].item is not None:
        steps.append("kept for ever, and paid for")
    yield f"its bytes stay as a noncurrent version: {', '.join(steps)}"


def _later(question: Question, moment: datetime) -> str:
    days = f"{(moment.date() - question.now.date()).days}d later"
    return days if question.aged else f"{moment:%Y-%m-%d} ({days})"
