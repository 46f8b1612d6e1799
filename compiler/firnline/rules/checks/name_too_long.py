"""Is a rule's ID or a prefix longer than S3 accepts?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise
from firnline.language.check import Check, Subject
from firnline.rules.lower import id_length, rules_of
from firnline.rules.program import Program, Unit
from firnline.s3.law.limits import LONGEST_ID, LONGEST_PREFIX

NAME_TOO_LONG = Kind(
    code="FL202",
    name="name-too-long",
    severity=Severity.ERROR,
    title="a name or a prefix is longer than S3 accepts",
    why="S3 accepts 255 characters for a rule's ID and 1,024 bytes for a prefix, as for a key.",
    help="shorten it",
    wrong=f"retain: {{runs: {{prefix: {'r' * 1024}/, delete_after: 7d}}}}",
    right=f"retain: {{runs: {{prefix: {'r' * 1023}/, delete_after: 7d}}}}",
)


def check(program: Program) -> Iterator[Diagnostic]:
    for unit in program.units:
        size = len(unit.scope.prefix.encode())
        if size > LONGEST_PREFIX:
            message = f"this prefix has {size:,} bytes; S3 accepts {LONGEST_PREFIX:,}"
            yield NAME_TOO_LONG.at(unit.span, message)
        longest = max((id_length(rule.id) for rule in rules_of(unit, program.namespace)), default=0)
        if longest > LONGEST_ID:
            yield _long_id(unit, longest)


CHECK = Check(Subject.PROGRAM, check, (NAME_TOO_LONG,))


def _long_id(unit: Unit, length: int) -> Diagnostic:
    names = [unit.policy.name] + ([unit.retention.name] if unit.retention else [])
    longest = max(names, key=lambda name: len(name.value))
    return NAME_TOO_LONG.at(
        longest.span,
        f"the rule's ID would have {length} characters; S3 accepts {LONGEST_ID}",
        remedy=Advise("shorten this name: it is part of the rule's ID"),
    )
