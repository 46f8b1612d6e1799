"""Would a pattern let everything be deleted in buckets that no policy names?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.check import Check, Subject
from firnline.language.model import Policy, matches
from firnline.language.said import Said
from firnline.rules.program import Bucket, Program
from firnline.s3.scope import Scope
from firnline.s3.terms import Clock

WHOLE_BUCKET = Kind(
    code="FL404",
    name="whole-bucket",
    severity=Severity.GATE,
    title="all objects are deleted in buckets that are named only by a pattern",
    why=(
        "Any bucket whose name happens to match, today or once it is created, loses all its"
        " objects."
    ),
    help=(
        "name the buckets under `applies_to`, or the prefixes under `retain`, or have it approved:"
        " `firnline approve`"
    ),
    wrong=(
        'applies_to: [{account: lab, buckets: "lab-*"}]\n'
        'retain: {scratch: {prefix: "", delete_after: 30d}}'
    ),
    right=(
        "applies_to: [{account: lab, buckets: [lab-scratch, lab-athena-results]}]\n"
        'retain: {scratch: {prefix: "", delete_after: 30d}}'
    ),
)


def check(program: Program) -> Iterator[Diagnostic]:
    """Silent where both are explicit: the bucket's name and `prefix: ""`."""
    for owned in program.owned(Clock.OBJECTS):
        if owned.scope != Scope() or owned.timeline.ends is None:
            continue
        for bucket in program.buckets:
            pattern = _pattern(owned.unit.policy, bucket)
            if pattern is not None:
                known = "*" not in bucket.name
                yield WHOLE_BUCKET.at(
                    owned.unit.span,
                    f"everything older than {owned.timeline.ends} is deleted",
                    also=[(pattern.span, "in every bucket that matches this")],
                    notes=[f"for example in `{bucket.name}`"] if known else [],
                )
                break


CHECK = Check(Subject.PROGRAM, check, (WHOLE_BUCKET,))


def _pattern(policy: Policy, bucket: Bucket) -> Said[str] | None:
    """The pattern by which the policy reaches a bucket, if it is not the bucket's name."""
    place = bucket.account, bucket.region, bucket.tags
    entries = [each for each in policy.applies_to if each.is_for(*place)]
    reaching = [
        said for each in entries for said in each.included if matches(bucket.name, said.value)
    ]
    if any("*" not in said.value for said in reaching):
        return None
    excluding = [said for each in entries if not each.included for said in each.excluded]
    return next(iter([*reaching, *excluding]), None)
