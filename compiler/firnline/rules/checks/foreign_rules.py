"""Does a bucket have live rules that are not ours and that our write would erase?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise
from firnline.language.check import Check, Needs, Subject
from firnline.language.checks.lock_examples import FLEET, lock_file, policy_file
from firnline.rules.foreign import ForeignRule
from firnline.rules.program import Bucket, Program

FOREIGN_RULES = Kind(
    code="FL409",
    name="foreign-rules",
    severity=Severity.ERROR,
    title="a bucket has live rules that Firnline did not write",
    why=(
        "A bucket has one lifecycle configuration and S3 replaces it whole"
        " (PutBucketLifecycleConfiguration): writing Firnline's rules would silently erase these."
    ),
    help=(
        "say what happens to them: `firnline import` writes a policy that does the same and adopts"
        " them, `foreign_rules: keep` carries them verbatim, and `replace` lets them go"
    ),
    wrong={
        "fleet.yaml": FLEET,
        "fleet.lock.yaml": lock_file(
            facts='      foreign_rules: [\'{"ID": "by-hand", "Status": "Enabled"}\']\n'
        ),
        "policy.yaml": policy_file(),
    },
    right={"fleet.yaml": FLEET, "fleet.lock.yaml": lock_file(), "policy.yaml": policy_file()},
)


_UNREADABLE: Final = (
    "a line of the lock was edited, or has a member that this version of Firnline does not know:"
    " run `firnline resolve`, with a newer version where that does not help"
)


def check(program: Program) -> Iterator[Diagnostic]:
    if not program.whole:
        return  # what could not be read may say what happens to them
    every = set(program.foreign.refused)
    for bucket in program.buckets:
        refused = [each for each in bucket.foreign if each in every]
        if refused:
            yield _refusal(bucket, refused)


CHECK = Check(Subject.PROGRAM, check, (FOREIGN_RULES,), needs=(Needs.LOCK,))


def _refusal(bucket: Bucket, refused: list[ForeignRule]) -> Diagnostic:
    many = f"{len(refused)} rules" if len(refused) > 1 else "one rule"
    unreadable = any(each.rule is None for each in refused)
    return FOREIGN_RULES.at(
        refused[0].span,
        f"`{bucket.name}` has {many} that Firnline did not write",
        notes=[f"applying would remove: {', '.join(f'`{each.id}`' for each in refused)}"],
        remedy=Advise(_UNREADABLE) if unreadable else None,
    )
