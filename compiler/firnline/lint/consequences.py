"""Is a finding a mere consequence of another: is what is missing written under an unknown name?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from firnline.lint.paths import value_at
from firnline.s3.law import refusals as no
from firnline.s3.law.refusals import Refusal
from firnline.s3.law.verdict import Finding, Verdict

# What is missing, and what an unknown member holds that may be it.
_MISSING: Final[Mapping[Refusal, tuple[type, ...]]] = {
    no.NO_ACTION: (dict, list),
    no.NO_SCOPE: (dict, str),
    no.EMPTY_ACTION: (int, str),
    no.NO_NONCURRENT_DAYS: (int, str),
    no.NO_CLASS: (str,),
    no.HALF_A_TAG: (str,),
    no.RULES_MISSING: (list,),
}
# These are found at the structure that lacks something, the others at what it lacks.
_AT_STRUCTURE: Final = frozenset({no.NO_ACTION, no.EMPTY_ACTION})


def is_consequence(finding: Finding, verdict: Verdict, configuration: object) -> bool:
    held = _MISSING.get(finding.refusal)
    if held is None:
        return False
    around = finding.path
    if finding.refusal not in _AT_STRUCTURE or around.endswith(".DaysAfterInitiation"):
        around = around.rpartition(".")[0]
    return any(
        each.refusal is no.UNKNOWN_MEMBER
        and each.path.rpartition(".")[0] == around
        and isinstance(value_at(configuration, each.path), held)
        for each in verdict.findings
    )
