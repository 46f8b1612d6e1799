"""Is what is deleted gone for good, since the bucket keeps no versions?"""

from __future__ import annotations

from typing import assert_never

from firnline.diagnostics.kinds import Kind, Severity
from firnline.rules.diff.category import Category
from firnline.rules.diff.items import ReviewItem
from firnline.rules.diff.words import called, subject
from firnline.rules.gates.gate import Circumstances, Gate
from firnline.s3.terms import Clock, Versioning

_SHOWN = 3
_WHOLE = """\
firnline: policy/v1
policy: scratch
owner: ml
why: what the nightly tests leave behind
applies_to: [{{account: lab, buckets: lab-scratch}}]
versioning: {versioning}
old_versions: {{delete_after: 30d}}
uploads: {{abort_after: 7d}}
retain:
  runs: {{prefix: runs/, delete_after: {days}}}
"""

LAST_COPY = Kind(
    code="FL410",
    name="last-copy",
    severity=Severity.GATE,
    title="what a change deletes cannot be recovered",
    why=(
        "Where a bucket keeps no versions, or versioning is suspended, an expiration deletes the"
        " only version. Whether the bucket is replicated is not in the fleet lock, so it does not"
        " count. Where it is not known whether the bucket keeps versions, it counts as one that"
        " does not."
    ),
    help="enable versioning first, or have the change approved: `firnline approve`",
    wrong={
        "before/scratch.yaml": _WHOLE.format(days="180d", versioning="suspended"),
        "after/scratch.yaml": _WHOLE.format(days="18d", versioning="suspended"),
    },
    right={
        "before/scratch.yaml": _WHOLE.format(days="18d", versioning="suspended"),
        "after/scratch.yaml": _WHOLE.format(days="180d", versioning="suspended"),
    },
)
_REPLICATION = "whether the bucket is replicated is not known: the fleet lock does not say it"


def gate(item: ReviewItem, around: Circumstances) -> Gate | None:
    if item.change.clock is not Clock.OBJECTS or Category.DELETES_SOONER not in item.categories:
        return None
    why = {key: _why(around.found.versioning_of(key)) for key in item.buckets}
    found = [(key, said) for key, said in why.items() if said]
    if not found:
        return None
    named = ", ".join(f"{called(key)} {said}" for key, said in found[:_SHOWN])
    more = len(found) - _SHOWN
    buckets = f"{named} and {more:,} more" if more > 0 else named
    return Gate(
        LAST_COPY, f"{subject(item.change)} are deleted for good: {buckets}", (_REPLICATION,)
    )


def _why(versioning: Versioning | None) -> str | None:
    """Why what is deleted there is gone; None where it is kept as a noncurrent version."""
    match versioning:
        case Versioning.ENABLED:
            return None
        case Versioning.SUSPENDED:
            return "keeps no new versions"
        case Versioning.OFF:
            return "keeps no versions"
        case None:
            return "keeps no versions, for all that is known"
        case _:
            assert_never(versioning)
