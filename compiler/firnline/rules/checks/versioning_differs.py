"""Does a bucket keep versions as the policy expects?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.check import Check, Needs, Subject
from firnline.language.checks.lock_examples import FLEET, lock_file, policy_file
from firnline.rules.program import Program

VERSIONING_DIFFERS = Kind(
    code="FL704",
    name="versioning-differs",
    severity=Severity.ERROR,
    title="the bucket's versioning is not what the policy expects",
    why=(
        "Versioning decides what a deletion means: gone at once, or only hidden behind a delete"
        " marker. The lock says what the bucket has."
    ),
    help="change the bucket and run `firnline resolve`, or correct `versioning` in the policy",
    wrong={
        "fleet.yaml": FLEET,
        "fleet.lock.yaml": lock_file(),
        "policy.yaml": policy_file(rest="versioning: enabled\n"),
    },
    right={"fleet.yaml": FLEET, "fleet.lock.yaml": lock_file(), "policy.yaml": policy_file()},
)


def check(program: Program) -> Iterator[Diagnostic]:
    if not program.buckets[0].locked:
        return
    for policy in program.policies:
        expected, actual = policy.versioning, program.versioning
        if expected is not None and actual is not None and expected.value is not actual:
            names = ", ".join(f"`{bucket.name}`" for bucket in program.buckets[:5])
            more = f" and {len(program.buckets) - 5} more" if len(program.buckets) > 5 else ""
            yield VERSIONING_DIFFERS.at(
                expected.span, f"{names}{more}: versioning is {actual.value}"
            )


CHECK = Check(Subject.PROGRAM, check, (VERSIONING_DIFFERS,), needs=(Needs.LOCK,))
