"""Would writing the bucket change what a kept rule of others does?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise
from firnline.language.check import Check, Needs, Subject
from firnline.rules.checks.kept_rule_interferes import kept_files
from firnline.rules.program import Program
from firnline.s3.compare.same import surely_same
from firnline.s3.model import MinimumSize, RuleSet

_COLD: Final = (
    '{"ID": "by-hand", "Status": "Enabled", "Filter": {"Prefix": "old/"},'
    ' "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}]}'
)
_VARIES: Final = "      minimum_size: varies_by_storage_class\n"
KEPT_RULE_CHANGES = Kind(
    code="FL420",
    name="kept-rule-changes",
    severity=Severity.ERROR,
    title="writing the bucket would change what a kept rule does",
    why=(
        "The default minimum size for transitions is one setting of the whole bucket: by S3's older"
        " default GLACIER and DEEP_ARCHIVE take objects of any size, and by the newer one only"
        " those of 128 KiB or more (S3 User Guide, transition considerations)."
    ),
    help="say what the bucket has: `minimum_size_default: varies`, or leave that out",
    wrong=kept_files("", _COLD, _VARIES),
    right=kept_files("minimum_size_default: varies\n", _COLD, _VARIES),
)


def check(program: Program) -> Iterator[Diagnostic]:
    live = program.buckets[0].minimum_size or MinimumSize.ALL_128K
    for kept in program.foreign.kept:
        assert kept.rule is not None, "only readable rules are kept"
        now = RuleSet((kept.rule,), live)
        if not surely_same(now, replace(now, minimum_size=program.minimum_size)):
            yield KEPT_RULE_CHANGES.at(
                kept.span,
                f"`{kept.id}` would move objects of other sizes: the bucket has {live.value}, and"
                f" {program.minimum_size.value} would be written",
                remedy=Advise(
                    "write `minimum_size_default: varies` in the policy"
                    if live is MinimumSize.VARIES
                    else "leave `minimum_size_default` out of the policy"
                ),
            )


CHECK = Check(Subject.PROGRAM, check, (KEPT_RULE_CHANGES,), needs=(Needs.LOCK,))
