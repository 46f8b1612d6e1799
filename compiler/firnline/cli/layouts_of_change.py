"""`diff --inventory`: what do the policies before and after a change take of stored layouts?"""

from __future__ import annotations

from collections.abc import Iterable

from firnline.cli.known_buckets import KnownBucket
from firnline.cli.layouts_of_stored import look_into
from firnline.cli.stored_layouts import Rules
from firnline.diagnostics.kinds import Diagnostic
from firnline.rules.at_risk.by_keys import ByKeys, Said, seeming
from firnline.rules.at_risk.risks import named_at_risk, named_in, of_program
from firnline.rules.program import Program


def layouts_of_change(buckets: Iterable[KnownBucket]) -> tuple[ByKeys, ByKeys]:
    """Of what policies change alone: what else was found is found again. Raises `CommandFailed`."""
    found: tuple[list[Diagnostic], list[Diagnostic]] = ([], [])
    decided: tuple[set[Said], set[Said]] = (set(), set())
    left: tuple[set[Said], set[Said]] = (set(), set())
    for bucket in buckets:
        programs = (bucket.before.program, bucket.after.program)
        if programs[0] is programs[1] or programs[1] is None:
            continue
        seen_by_keys = False
        for stored in bucket.stored:
            seen = look_into(stored, bucket.name, [_rules(each) for each in programs], "diff")
            seen_by_keys |= seen.by_keys
            for of_side, told in zip(found, seen.found, strict=True):
                of_side.extend(told)
        for side, program in zip(decided if seen_by_keys else left, programs, strict=True):
            side |= seeming(named_at_risk(program)) if program else set()
    return _by_keys(found[0], decided[0] - left[0]), _by_keys(found[1], decided[1] - left[1])


def _by_keys(found: Iterable[Diagnostic], decided: Iterable[Said]) -> ByKeys:
    return ByKeys(tuple(found), frozenset(decided))


def _rules(program: Program | None) -> Rules:
    if program is None:
        return Rules((), ())
    return Rules(tuple(of_program(program, tiering=True)), named_in(program))
