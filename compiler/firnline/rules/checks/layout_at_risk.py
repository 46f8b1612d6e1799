"""Does a policy archive or delete by age what its prefixes say a reader cannot do without?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic
from firnline.language.check import Check, Subject
from firnline.rules.at_risk.findings import finding
from firnline.rules.at_risk.kinds import KINDS
from firnline.rules.at_risk.risks import at_risk, named_in, of_program
from firnline.rules.program import Program


def check(program: Program) -> Iterator[Diagnostic]:
    found = named_in(program)
    if found:
        yield from map(finding, at_risk(of_program(program), found))


CHECK = Check(Subject.PROGRAM, check, KINDS, finds_all=False)
