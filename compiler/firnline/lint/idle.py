"""Is there a rule, or a step of one, that makes no difference?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise
from firnline.lint.kinds import GOOD, file
from firnline.lint.placed import Config, Placed
from firnline.rules.checks.unreachable_step import UNREACHABLE_STEP
from firnline.s3.law.classes import RANK, reachable
from firnline.s3.model import Transition
from firnline.s3.terms import Days

IDLE_RULE: Final = Kind(
    code="FL241",
    name="idle-rule",
    severity=Severity.WARNING,
    title="removing this rule changes nothing for any object",
    why=(
        "Another rule does the same to everything this one covers. A person who changes one of the"
        " two will not know of the other."
    ),
    help="remove it, or say what should be different here",
    wrong=file(GOOD, {**GOOD, "ID": "again"}),
    right=file(GOOD, {**GOOD, "ID": "again", "Filter": {"Prefix": "tmp/"}}),
)


def idle_rules(config: Config) -> Iterator[Diagnostic]:
    idle: set[int] = set()
    for each in reversed(config.rules):
        for other in config.over(each):
            if other is not each and other.index not in idle and _does_all(other, each):
                idle.add(each.index)
                yield IDLE_RULE.at(
                    config.written.place(f"{each.path}.ID"),
                    "another rule does all of this, to all of these",
                    also=[(config.written.place(f"{other.path}.ID"), "this one")],
                )
                break


def dead_steps(config: Config) -> Iterator[Diagnostic]:
    """Transitions that come after the expiration, or after another rule's transition to a class
    with no way back.
    """
    for each in config.rules:
        over = config.over(each)
        for number, move in enumerate(each.rule.transitions):
            if not isinstance(move.when, Days):
                continue
            span = config.written.place(f"{each.path}.Transitions[{number}].Days")
            first = config.first_end(each)
            if first is not None and first.end is not None and first.end <= move.when:
                yield UNREACHABLE_STEP.at(
                    span,
                    f"everything here is deleted at {Days(first.end)}",
                    also=[(config.end_span(first), "by this")],
                    remedy=Advise("remove this move, or keep objects longer"),
                )
            elif blocking := next((other for other in over if _blocks(other, each, move)), None):
                yield UNREACHABLE_STEP.at(
                    span,
                    f"nothing moves to {move.storage_class} from where it is then",
                    also=[(config.written.place(f"{blocking.path}.Transitions"), "moved by this")],
                    remedy=Advise("remove this move, or let the other come later"),
                )


def _blocks(other: Placed, each: Placed, move: Transition) -> bool:
    if other is each or _sized(other) != _sized(each):
        return False
    assert isinstance(move.when, Days)
    return any(
        isinstance(before.when, Days)
        and before.storage_class != move.storage_class
        and not reachable(before.storage_class, move.storage_class)
        and (
            before.when < move.when
            or (before.when == move.when and RANK[before.storage_class] > RANK[move.storage_class])
        )
        for before in other.rule.transitions
    )


def _does_all(one: Placed, other: Placed) -> bool:
    """Whether `one`, which covers all that `other` does, takes all its actions, at the same
    time.
    """
    mine, theirs = one.rule, other.rule
    if theirs.moves and _sized(one) != _sized(other):
        return False  # a size filter replaces the minimum of 128 KiB
    return (
        theirs.expires in (None, mine.expires)
        and set(theirs.transitions) <= set(mine.transitions)
        and (mine.removes_sole_markers or not theirs.removes_sole_markers)
        and set(theirs.noncurrent_transitions) <= set(mine.noncurrent_transitions)
        and theirs.noncurrent_expires in (None, mine.noncurrent_expires)
        and theirs.aborts_uploads_after in (None, mine.aborts_uploads_after)
    )


def _sized(placed: Placed) -> bool:
    filter = placed.rule.filter
    return filter.larger_than is not None or filter.smaller_than is not None
