"""What S3 does with one item, and why, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from firnline.diagnostics.visible import visible
from firnline.diagnostics.wrapping import wrapped
from firnline.language.model import Promise
from firnline.language.units import Kept
from firnline.rules.kept_acts import OWNER_OF_KEPT, kept_called
from firnline.rules.owners import Ownership
from firnline.rules.program import Owned
from firnline.s3.phrases import to_do_in_words
from firnline.s3.simulate.action_due import candidates
from firnline.s3.simulate.batch import ActionTaken, BatchStep
from firnline.s3.simulate.history import Event, history
from firnline.s3.simulate.stored import ItemKind, StoredItem
from firnline.s3.terms import Bytes, Days
from firnline.targets.explained_now import if_touched, once_done, still_here, why_lost
from firnline.targets.explained_question import Question
from firnline.targets.legend import fitted
from firnline.targets.timeline import bar, changes, horizon, legend_of
from firnline.targets.versioning_words import UNKNOWN, clause

_INDENT = "  "
_STAYS = "none, no retention covers them: they stay"


@dataclass(frozen=True, slots=True)
class _Section:
    """`title_if` has a place for the versioning under which it holds."""

    title: str
    title_if: str
    rows: tuple[str, ...]


def to_text(questions: Sequence[Question], columns: int) -> str:
    """The same question under each versioning that the bucket may have; what versioning does not
    change is said once.
    """
    first, *others = questions
    answers = {each.bucket.versioning: tuple(_sections(each, columns)) for each in questions}
    versioning = None if others else f"versioning {first.bucket.versioning.value}"
    if len(set(answers.values())) > 1:
        versioning = UNKNOWN
    parts = [[visible(first.address), *_wrapped([_state(first, versioning)], columns)]]
    if first.owners is not None:
        said = [*_owners(first.owners), *_promises(first.promises)]
        parts.append(["Who owns it", *_wrapped(said, columns)])
    for sections in zip(*answers.values(), strict=True):
        if len(set(sections)) == 1:
            parts.append([sections[0].title, *sections[0].rows])
            continue
        for each, section in zip(answers, sections, strict=True):
            parts.append([section.title_if.format(clause(each)), *section.rows])
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _sections(question: Question, columns: int) -> Iterator[_Section]:
    """As many under every versioning."""
    events = question.history()
    rows = _wrapped(_what_happens(question, events), columns)
    if events:
        rows += ["", *_drawn(question, events, columns)]
    yield _Section("What happens", "What happens if {}", tuple(rows))
    if question.item.kind is ItemKind.OBJECT_VERSION and question.item.current:
        title = "If somebody overwrites or deletes it now"
        rows = _wrapped(if_touched(question), columns)
        yield _Section(title, f"{title}, and {{}}", tuple(rows))
    if not question.aged:
        rows = _wrapped(still_here(question, events), columns)
        yield _Section("Why is it still here?", "Why is it still here if {}?", tuple(rows))


def _wrapped(lines: Sequence[str] | Iterator[str], columns: int) -> list[str]:
    """Each indented; continued rows are indented more."""
    found = []
    for line in lines:
        inner = " " * (len(line) - len(line.lstrip()))
        found += wrapped(_INDENT + inner + line.strip(), max(columns, 40), hanging=len(_INDENT))
    return found


def _state(question: Question, versioning: str | None) -> str:
    item = question.item
    parts = []
    match item.kind:
        case ItemKind.OBJECT_VERSION:
            parts += [str(Bytes(item.size)), item.storage_class]
        case ItemKind.DELETE_MARKER | ItemKind.MULTIPART_UPLOAD:
            parts.append(item.kind.value)
        case _:
            assert_never(item.kind)
    if not question.aged:
        age = (question.now - item.created).days
        parts.append(f"made {item.created:%Y-%m-%d %H:%M}Z, {age} days ago")
    if item.noncurrent_since is not None:
        since = "now" if question.aged else f"{item.noncurrent_since:%Y-%m-%d %H:%M}Z"
        parts.append(f"a noncurrent version since {since}")
    parts += [f"tagged {key}={value}" for key, value in item.tags]
    if versioning is not None:
        parts.append(versioning)
    return ", ".join(parts)


def _owners(owners: Sequence[Ownership]) -> Iterator[str]:
    """Clocks of one owner on one line."""
    by_unit: dict[object, list[Ownership]] = {}
    for each in owners:
        key = id(each.owner.unit) if each.owner else tuple(rule.id for rule in each.kept)
        by_unit.setdefault(key, []).append(each)
    for group in by_unit.values():
        clocks = ", ".join(each.clock.value for each in group)
        owner = group[0].owner
        if owner is None:
            kept = ", ".join(kept_called(rule.id) for rule in group[0].kept)
            yield f"{clocks}: {f'{OWNER_OF_KEPT}, {kept}' if kept else _STAYS}"
            continue
        yield f"{clocks}: {_called(owner)}"
        policy, retention = owner.unit.policy, owner.unit.retention
        why = retention.why if retention and retention.why else policy.why
        yield f"  owner: {policy.owner.value}; why: {why.value}"
        for hold in owner.unit.holds:
            name = hold.name.value
            yield f"  under hold `{name}`: no rule of Firnline's destroys it while the hold lasts"
        if owner.unit.waits_for_registries:
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
            said.append(f"noncurrent versions kept {_so_long(promise.old_versions_at_least.value)}")
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


def _what_happens(question: Question, events: Sequence[Event]) -> Iterator[str]:
    if not events:
        yield _nothing(question)
        return
    item: StoredItem | None = question.item
    for event in events:
        assert item is not None
        by = ", ".join(question.named(rule) for rule in dict.fromkeys(event.action_due.rules))
        day = question.day(event.at, event.action_due.rules)
        yield f"{day}: {once_done(event.action_due)}, by {by}{_late(event)}"
        yield from _why_not_others(question, item, event)
        item = event.item


def _late(event: Event) -> str:
    due = event.action_due.due
    return f", due since {due:%Y-%m-%d}" if due and due.date() < event.at.date() else ""


def _nothing(question: Question) -> str:
    item = question.item
    alone = history(question.rules, question.bucket, replace(item, hidden=0))
    if item.hidden and alone:
        by = ", ".join(question.named(rule) for rule in alone[0].action_due.rules)
        return (
            f"nothing while it hides noncurrent versions ({item.hidden} now); then it goes, by {by}"
        )
    return "nothing: no rule moves or deletes it"


def _why_not_others(question: Question, item: StoredItem, event: Event) -> Iterator[str]:
    """Rules that were due and lost, and rules that would do the same later."""
    for lost in event.action_due.lost:
        what = to_do_in_words(lost.action, lost.storage_class)
        yield f"  lost: {question.named(lost.rule)}, to {what}: {why_lost(event.action_due, lost)}"
    later = [
        each
        for each in candidates(question.rules, question.bucket, item, event.at)
        if each.due is not None and each.due > event.at and each.action is event.action_due.action
        if each.storage_class == event.action_due.storage_class
    ]
    for each in later:
        assert each.due is not None
        day = question.day(each.due, [each.rule])
        yield f"  too late: {question.named(each.rule)} would do so at {day}"


def _drawn(question: Question, events: Sequence[Event], columns: int) -> list[str]:
    found = changes(question.item, [_step(event) for event in events])
    days = horizon([found])
    width = max(columns - 2 * len(_INDENT), 20)
    ends = f"{_INDENT}0d{f'{days}d':>{width - 2}}"
    legend = fitted(legend_of([found]), columns, _INDENT)
    return [f"{_INDENT}{bar(found, days, width)}", ends, *legend]


def _step(event: Event) -> BatchStep:
    done = event.action_due
    taken = ActionTaken(done.action, done.due, done.storage_class, done.rules)
    return BatchStep(event.at, taken, event.item.storage_class if event.item else None)
