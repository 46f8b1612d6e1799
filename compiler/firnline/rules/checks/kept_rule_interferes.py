"""Does a kept rule of others do what no policy requires, or what a promise or a hold forbids?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import Span
from firnline.diagnostics.remedy import Advise
from firnline.language.check import Check, Needs, Subject, Turn
from firnline.language.checks.lock_examples import FLEET, lock_file, policy_file
from firnline.language.model import Hold
from firnline.rules.checks.not_analysed import NOT_ANALYSED, not_analysed
from firnline.rules.foreign import ForeignRule
from firnline.rules.lower import lower
from firnline.rules.program import Program
from firnline.rules.prove.meets import prove
from firnline.rules.prove.required import claim, requirements
from firnline.s3.compare.applied import Applied
from firnline.s3.compare.cells import Cell, NotAnalysed
from firnline.s3.compare.difference import Difference
from firnline.s3.compare.witness import witness_of
from firnline.s3.compare.witness_words import item_in_words, steps_in_words
from firnline.s3.model import Rule
from firnline.s3.terms import Clock

_LINE: Final = (
    '{"ID": "by-hand", "Status": "Enabled", "Filter": {"Prefix": "tmp/"},'
    ' "Expiration": {"Days": 3}}'
)


def kept_files(retain: str, line: str = _LINE, facts: str = "") -> dict[str, str]:
    rest = f"versioning: off\nforeign_rules: keep\n{retain}"
    foreign = f"      foreign_rules: ['{line}']\n{facts}"
    policy = policy_file(rest=rest)
    return {"fleet.yaml": FLEET, "fleet.lock.yaml": lock_file(facts=foreign), "policy.yaml": policy}


KEPT_RULE_INTERFERES = Kind(
    code="FL408",
    name="kept-rule-interferes",
    severity=Severity.ERROR,
    title="a kept foreign rule breaks a retention, a promise or a hold",
    why=(
        "S3 applies every rule that matches. A rule that `foreign_rules: keep` carries along acts"
        " beside the policies' own rules, and cannot be withheld: it is somebody else's."
    ),
    help=(
        "take the rule over with `adopts`, say in a retention what it does, or have its owner"
        " change it and run `firnline resolve`"
    ),
    wrong=kept_files("retain: {tmp: {prefix: tmp/, delete_after: 7d}}\n"),
    right=kept_files("retain: {logs: {prefix: logs/, delete_after: 7d}}\n"),
)


def check(program: Program) -> Iterator[Diagnostic]:
    """The proof itself, which compares what is required with all rules that will be live."""
    if not program.kept:
        return
    rules = lower(program)
    try:
        differences = prove(program, rules).differences
    except NotAnalysed as why:
        yield not_analysed(program.example, why.prefix)
        return
    prefixes = requirements(program).prefixes | Applied(rules).prefixes
    first: dict[tuple[str, object], Difference] = {}
    for each in differences:
        for kept in _responsible(program, each):
            first.setdefault((kept.id, _owner(program, each)), each)
    kept_rules = {each.id: each for each in program.foreign.kept}
    for (kept_id, _), difference in first.items():
        yield _interferes(program, kept_rules[kept_id], difference, prefixes)


CHECK = Check(
    Subject.PROGRAM_UNDER_HOLDS,
    check,
    (KEPT_RULE_INTERFERES, NOT_ANALYSED),
    needs=(Needs.LOCK,),
    turn=Turn.LAST,
    finds_all=False,
)


def _responsible(program: Program, difference: Difference) -> list[ForeignRule]:
    """The kept rules without any one of which the difference would be smaller: those that act on
    the cell and its clock.
    """
    prefix, tags, size = difference.cell
    return [
        each
        for each in program.foreign.kept
        if each.rule is not None
        and prefix.startswith(each.rule.filter.prefix)
        and set(each.rule.filter.tags) <= set(tags)
        and _acts_on(each.rule, difference.state.clock)
        and (each.rule.filter.admits_size(size) or not each.rule.filter.sized)
    ]


def _acts_on(rule: Rule, clock: Clock) -> bool:
    if not rule.enabled:
        return False
    if clock is Clock.NONCURRENT_VERSIONS:
        return bool(rule.noncurrent_transitions or rule.noncurrent_expires)
    if clock is Clock.MULTIPART_UPLOADS:
        return rule.aborts_uploads_after is not None
    if clock is Clock.DELETE_MARKERS:
        return rule.removes_sole_markers or rule.expires is not None
    return bool(rule.transitions) or rule.expires is not None


def _owner(program: Program, difference: Difference) -> object:
    """What is broken there: a hold, else the unit that sets the clock."""
    hold = _hold(program, difference.cell)
    if hold is not None:
        return hold.name.value
    cell, clock = difference.cell, difference.state.clock
    region = [each for each in requirements(program).prefixes if cell.prefix.startswith(each)]
    owner = claim(cell, clock, requirements(program).on_clock(sorted(region), clock)).owner
    return owner.unit if owner else None


def _hold(program: Program, cell: Cell) -> Hold | None:
    return next((hold for hold in program.holds if hold.covers(cell.prefix)), None)


def _interferes(
    program: Program, kept: ForeignRule, difference: Difference, prefixes: set[str]
) -> Diagnostic:
    witness = witness_of(difference, prefixes)
    owner, clock = _owner(program, difference), difference.state.clock
    called = (
        f"hold `{owner}` allows"
        if isinstance(owner, str)
        else f"{getattr(owner, 'called', 'the policies')} says"
    )
    return KEPT_RULE_INTERFERES.at(
        kept.span,
        f"`{kept.id}` does something else to {clock.value} than {called}",
        also=_places(program, difference),
        notes=[
            f"for example s3://{program.example}/{item_in_words(witness)}",
            f"required: {steps_in_words(witness.one)}",
            f"with the kept rule: {steps_in_words(witness.other)}",
        ],
        remedy=remedy_for(kept),
    )


def _places(program: Program, difference: Difference) -> list[tuple[Span, str]]:
    hold = _hold(program, difference.cell)
    if hold is not None:
        return [(hold.span, "nothing may be deleted here")]
    owner = _owner(program, difference)
    return [(owner.span, "required here")] if hasattr(owner, "span") else []


def remedy_for(kept: ForeignRule) -> Advise:
    return Advise(
        f"take it over with `adopts: [{kept.id}]`, or say in a retention what it does, or have its"
        " owner change it and run `firnline resolve`"
    )
