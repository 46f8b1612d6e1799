"""Is one setting of one bucket set to two different values?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import groupby
from typing import TypeVar

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Span
from firnline.language.check import Check, Subject
from firnline.language.model import Timeline
from firnline.language.overrides import SETTING_SAID_TWICE
from firnline.language.said import Said
from firnline.rules.program import Owned, Program
from firnline.s3.terms import Clock

E = TypeVar("E", bound=Enum)


def check(program: Program) -> Iterator[Diagnostic]:
    for clock in Clock:
        for _, same_scope in groupby(program.owned(clock), key=lambda each: each.scope):
            first, *others = sorted(same_scope, key=_place)
            apart = [each for each in others if not each.requires_the_same_as(first)]
            yield from (_contradiction(program, clock, first, each) for each in apart)
    yield from _foreign_rules(program)
    if not program.buckets[0].locked:
        yield from _versioning(program)


CHECK = Check(Subject.PROGRAM, check, (SETTING_SAID_TWICE,))


def _versioning(program: Program) -> Iterator[Diagnostic]:
    """Without a lock it is unknown which of two expectations is right."""
    said = [policy.versioning for policy in program.policies if policy.versioning]
    yield from _apart(said, f"here `{program.example}` has versioning {{}}")


def _foreign_rules(program: Program) -> Iterator[Diagnostic]:
    said = [policy.foreign_rules for policy in program.policies if policy.foreign_rules]
    yield from _apart(said, f"here foreign rules of `{program.example}` are to {{}}")


def _apart(said: Sequence[Said[E]], words: str) -> Iterator[Diagnostic]:
    """Those that do not say what the first one does; `words` have `{}` in place of a value."""
    if not said:
        return
    first, *others = sorted(said, key=lambda each: (each.span.path, each.span.start))
    for other in others:
        if other.value is not first.value:
            yield SETTING_SAID_TWICE.at(
                other.span,
                words.format(other.value.value),
                also=[(first.span, f"here {first.value.value}")],
            )


def _contradiction(program: Program, clock: Clock, first: Owned, other: Owned) -> Diagnostic:
    where = f"under {first.scope}" if first.prefix else f"in {first.scope}"
    return SETTING_SAID_TWICE.at(
        _span(other, first),
        f"{other.unit.called} says {_in_words(other.timeline, clock)}",
        also=[
            (_span(first, other), f"{first.unit.called} says {_in_words(first.timeline, clock)}")
        ],
        notes=[f"both cover {clock.value} {where} of `{program.example}`"],
    )


def _span(one: Owned, other: Owned) -> Span:
    """The expiration, where the two differ in it; else all settings."""
    ours, theirs = one.timeline.delete, other.timeline.delete
    return ours.span if ours and theirs and ours.value != theirs.value else one.timeline.span


def _in_words(timeline: Timeline, clock: Clock) -> str:
    if clock is Clock.DELETE_MARKERS:
        return "keep" if timeline.ends is None else "expire"
    steps = [f"{move.storage_class} at {move.after}" for move in timeline.moves]
    end = "never" if timeline.ends is None else str(timeline.ends)
    return ", ".join([*steps, end])


def _place(owned: Owned) -> tuple[str, int]:
    return owned.timeline.span.path, owned.timeline.span.start
