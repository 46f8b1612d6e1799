"""Does a policy archive or delete by age what its prefixes say a reader cannot do without?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic
from firnline.language.check import Check, Subject
from firnline.rules.at_risk.findings import finding
from firnline.rules.at_risk.kinds import KINDS
from firnline.rules.at_risk.risks import named_at_risk
from firnline.rules.program import Program


def check(program: Program) -> Iterator[Diagnostic]:
    yield from map(finding, named_at_risk(program))


CHECK = Check(Subject.PROGRAM, check, KINDS, finds_all=False)
