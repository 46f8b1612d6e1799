"""What S3 does with one thing, and why, in words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace

from firnline.diagnostics.visible import visible
from firnline.language.model import Promise
from firnline.language.units import Kept
from firnline.rules.owners import Ownership
from firnline.rules.program import Owned
from firnline.s3.simulate.action_due import Owed, candidates
from firnline.s3.simulate.batch import Deed, Step
from firnline.s3.simulate.history import Event, story
from firnline.s3.simulate.stored import Sort, Thing
from firnline.s3.terms import Bytes, Days
from firnline.targets.explained_now import if_touched, still_here, why_lost
from firnline.targets.explained_question import Question
from firnline.targets.timeline import bar, changes, horizon, legend, to_do, told

_INDENT = "  "


def to_text(question: Question, columns: int) -> str:
    told_story = question.story()
    parts = [[visible(question.address), *_wrapped([_state(question)], columns)]]
    if question.owners is not None:
        said = [*_owners(question.owners), *_promises(question.promises)]
        parts.append(["Who owns it", *_wrapped(said, columns)])
    parts.append(["What happens", *_wrapped(_what_happens(question, told_story), columns)])
    if told_story:
        parts.append(_drawn(question, told_story, columns))
    if question.thing.sort is Sort.DATA and question.thing.current:
        title = "If somebody overwrites or deletes it now"
        parts.append([title, *_wrapped(if_touched(question), columns)])
    if not question.aged:
        parts.append(
            ["Why is it still here?", *_wrapped(still_here(question, told_story), columns)]
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
        policy, retention = owner.unit.policy, owner.unit.retention
        why = retention.why if retention and retention.why else policy.why
        yield f"  owner: {policy.owner.value}; why: {why.value}"
        for hold in owner.unit.holds:
            yield f"  held by `{hold.name.value}`: no rule of ours destroys it while that stands"
        if retention is not None and retention.delete_when is not None:
            yield "  deleted only once no registry references it: to S3 that is `never`"
        wider = dict.fromkeys(_called(each) for one in group for each in one.wider)
        if wider:
            yield f"  it has the narrowest filter; {', '.join(wider)} match too and give way"


def _promises(promises: Sequence[Promise]) -> Iterator[str]:
    for promise in promises:
        said = []
        if promise.keep_at_least is not None:
            said.append(f"kept {_so_long(promise.keep_at_least.value)}")
        if promise.old_versions_at_least is not None:
            said.append(f"old versions kept {_so_long(promise.old_versions_at_least.value)}")
        if promise.gone_within is not None:
            said.append(f"gone within {promise.gone_within.value}")
        yield f"promised by `{promise.name.value}`: {', '.join(said)}"


def _so_long(kept: Kept) -> str:
    return f"at least {kept}" if isinstance(kept, Days) else str(kept)


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
        day = question.day(event.at, event.owed.rules)
        yield f"{day}: {_done(event.owed)}, by {by}{_late(event)}"
        yield from _why_not_others(question, thing, event)
        thing = event.thing


def _late(event: Event) -> str:
    due = event.owed.due
    return f", due since {due:%Y-%m-%d}" if due and due.date() < event.at.date() else ""


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
        yield f"  lost: `{lost.rule.id}`, to {what}: {why_lost(event.owed, lost)}"
    later = [
        each
        for each in candidates(question.rules, question.bucket, thing, event.at)
        if each.due is not None and each.due > event.at and each.action is event.owed.action
        if each.storage_class == event.owed.storage_class
    ]
    for each in later:
        assert each.due is not None
        yield f"  too late: `{each.rule.id}` would do so at {question.day(each.due, [each.rule])}"


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
