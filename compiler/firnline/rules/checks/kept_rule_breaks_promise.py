"""Does a kept rule of others delete what a promise keeps?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic
from firnline.language.check import Check, Needs, Subject
from firnline.language.model import Promise
from firnline.rules.checks.kept_rule_interferes import KEPT_RULE_INTERFERES, remedy_for
from firnline.rules.foreign import ForeignRule
from firnline.rules.program import Program
from firnline.rules.prove.broken_by import shared_cell, too_soon
from firnline.rules.prove.required import requirements
from firnline.s3.compare.cells import Cell, key_in
from firnline.s3.terms import Clock, When


def check(program: Program) -> Iterator[Diagnostic]:
    """Whatever policies require, a kept rule deletes what it matches."""
    for promise in program.promises:
        for kept in program.foreign.kept:
            yield from _of_rule(program, promise, kept)


CHECK = Check(
    Subject.PROGRAM_UNDER_HOLDS,
    check,
    (KEPT_RULE_INTERFERES,),
    needs=(Needs.LOCK,),
    finds_all=False,
)


def _of_rule(program: Program, promise: Promise, kept: ForeignRule) -> Iterator[Diagnostic]:
    assert kept.rule is not None, "only readable rules are kept"
    cell = shared_cell(promise, kept.rule)
    if cell is not None:
        for clock, when in too_soon(promise, kept.rule):
            yield _breaks(program, promise, kept, cell, clock, when)


def _breaks(
    program: Program, promise: Promise, kept: ForeignRule, cell: Cell, clock: Clock, when: When
) -> Diagnostic:
    prefixes = requirements(program).prefixes | {cell.prefix}
    tags = "".join(f", tagged {key}={value}" for key, value in cell.tags)
    day = f"at {when}" if isinstance(when, int) else f"on {when}, however young they are"
    return KEPT_RULE_INTERFERES.at(
        kept.span,
        f"`{kept.id}` deletes {clock.value} {day}, which `{promise.name.value}` promises to"
        " keep longer",
        also=[(promise.name.span, "promised here")],
        notes=[f"for example s3://{program.example}/{key_in(cell.prefix, prefixes)}{tags}"],
        remedy=remedy_for(kept),
    )
