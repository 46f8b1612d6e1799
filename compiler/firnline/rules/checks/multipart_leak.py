"""Does any rule abort incomplete multipart uploads in a bucket?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.check import Check, Subject
from firnline.rules.program import Program

MULTIPART_LEAK = Kind(
    code="FL506",
    name="multipart-leak",
    severity=Severity.WARNING,
    title="nothing aborts incomplete multipart uploads in a bucket",
    why=(
        "The parts of a multipart upload that was never completed stay and are billed, and no list"
        " of objects shows them (S3 User Guide, aborting incomplete multipart uploads)."
    ),
    help="add `uploads: {abort_after: 7d}` at the top level",
    wrong="""\
firnline: policy/v1
policy: runs
owner: lab
why: what training leaves behind
applies_to: [{account: lab, buckets: lab-data}]
versioning: off
retain: {tmp: {prefix: tmp/, delete_after: 7d}}
""",
    right="""\
firnline: policy/v1
policy: runs
owner: lab
why: what training leaves behind
applies_to: [{account: lab, buckets: lab-data}]
versioning: off
retain: {tmp: {prefix: tmp/, delete_after: 7d}}
uploads: {abort_after: 7d}
""",
)


def check(program: Program) -> Iterator[Diagnostic]:
    """Silent where any policy of the bucket sets `uploads`, even for one prefix only, or to
    `never`; and where a kept rule of others aborts some.
    """
    if not program.whole or any(unit.clocks.uploads is not None for unit in program.units):
        return
    if any(rule.enabled and rule.aborts_uploads_after is not None for rule in program.kept):
        return
    policy = next((each for each in program.policies if each.retentions), program.policies[0])
    yield MULTIPART_LEAK.at(
        policy.name.span,
        "no policy of the bucket has `uploads`",
        notes=[f"for example in `{program.example}`"],
    )


CHECK = Check(Subject.PROGRAM, check, (MULTIPART_LEAK,))
