"""Does a kept rule of others do what no policy requires, or what a promise or a hold forbids?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise
from firnline.language.check import Check, Needs, Subject, Turn
from firnline.language.checks.lock_examples import FLEET, lock_file, policy_file
from firnline.language.model import Hold
from firnline.rules.foreign import ForeignRule
from firnline.rules.lower import lower
from firnline.rules.program import Program, Unit
from firnline.rules.prove.meets import prove
from firnline.rules.prove.required import claim, requirements
from firnline.s3.compare.applied import Applied
from firnline.s3.compare.difference import Difference
from firnline.s3.compare.effect import Effect

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
    """The proof itself, which compares what is required with all rules that will be live: first
    with all kept rules and then, where something is broken, with each alone.
    """
    if not program.kept:
        return
    differences = prove(program, lower(program)).differences
    if differences:
        yield from _alone(program) or _together(program, differences)


CHECK = Check(
    Subject.PROGRAM_UNDER_HOLDS,
    check,
    (KEPT_RULE_INTERFERES,),
    needs=(Needs.LOCK,),
    turn=Turn.LAST,
    finds_all=False,
)


def _alone(program: Program) -> list[Diagnostic]:
    """What each kept rule would break if it were the only one: a rule that breaks nothing by itself
    is not accused.
    """
    found = []
    for kept in program.foreign.kept:
        buckets = tuple(replace(each, foreign=(kept,)) for each in program.buckets)
        with_it = replace(program, buckets=buckets)
        found += _together(with_it, prove(with_it, lower(with_it)).differences)
    return found


def _together(program: Program, differences: Iterable[Difference]) -> list[Diagnostic]:
    """For each thing that is broken the first difference, and the first of the kept rules."""
    prefixes = requirements(program).prefixes | Applied(lower(program)).prefixes
    first: dict[int, Difference] = {}
    for each in differences:
        first.setdefault(id(_broken(program, each)), each)
    kept = program.foreign.kept[0]
    return [_interferes(program, kept, each, prefixes) for each in first.values()]


def _broken(program: Program, difference: Difference) -> Hold | Unit | None:
    """A hold, where more is deleted under it than is required there; else the unit that sets the
    clock.
    """
    cell, clock = difference.cell, difference.state.clock
    if _deletes_more(difference):
        for hold in program.holds:
            if hold.covers(cell.prefix):
                return hold
    needs = requirements(program)
    region = sorted(each for each in needs.prefixes if cell.prefix.startswith(each))
    owner = claim(cell, clock, needs.on_clock(region, clock)).owner
    return owner.unit if owner else None


def _deletes_more(difference: Difference) -> bool:
    required, got = difference.one, difference.other
    if not isinstance(required, Effect) or not isinstance(got, Effect):
        return False
    return bool(
        got.expirations - required.expirations
        or got.noncurrent_expirations - required.noncurrent_expirations
    )


def _interferes(
    program: Program, kept: ForeignRule, difference: Difference, prefixes: set[str]
) -> Diagnostic:
    # Only where a kept rule interferes: they take 5 ms of every start.
    from firnline.s3.compare.witness import witness_of
    from firnline.s3.compare.witness_words import item_in_words, steps_in_words

    witness = witness_of(difference, prefixes)
    match _broken(program, difference):
        case Hold() as hold:
            than = f"hold `{hold.name.value}` allows"
            also = [(hold.span, "nothing may be deleted here")]
        case Unit() as unit:
            than, also = f"{unit.called} says", [(unit.span, "required here")]
        case None:
            than, also = "the policies say", []
    return KEPT_RULE_INTERFERES.at(
        kept.span,
        f"`{kept.id}` does something else to {difference.state.clock.value} than {than}",
        also=also,
        notes=[
            f"for example s3://{program.example}/{item_in_words(witness)}",
            f"required: {steps_in_words(witness.one)}",
            f"with the kept rule: {steps_in_words(witness.other)}",
        ],
        remedy=remedy_for(kept),
    )


def remedy_for(kept: ForeignRule) -> Advise:
    return Advise(
        f"take it over with `adopts: [{kept.id}]`, or say in a retention what it does, or have its"
        " owner change it and run `firnline resolve`"
    )
