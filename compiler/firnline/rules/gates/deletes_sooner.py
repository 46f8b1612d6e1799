"""Are objects deleted sooner than before, or for the first time?"""

from __future__ import annotations

from firnline.diagnostics.kinds import Kind, Severity
from firnline.rules.diff.category import Category
from firnline.rules.diff.items import ReviewItem
from firnline.rules.diff.words import by_days, subject
from firnline.rules.gates.gate import Circumstances, Gate
from firnline.s3.phrases import after_in_words
from firnline.s3.terms import Clock

_WHOLE = """\
firnline: policy/v1
policy: models
owner: ml
why: models that nobody uses any more
applies_to: [{{account: lab, buckets: lab-models}}]
versioning: enabled
uploads: {{abort_after: 7d}}
retain:
  candidates: {{prefix: models/rc/, delete_after: {days}, old_versions: {{delete_after: 30d}}}}
"""

DELETES_SOONER = Kind(
    code="FL401",
    name="deletes-sooner",
    severity=Severity.GATE,
    title="objects are deleted sooner than before",
    why=(
        "A number in a file that goes from 180 to 18 is one digit for its author, and the data of"
        " five months for everybody else. It is valid, and it needs the approval of the people"
        " whose data it is: `firnline diff` and `firnline check --base` compare with what was"
        " there before. What is kept longer never needs one."
    ),
    help="keep the objects for as long as before, or have the change approved: `firnline approve`",
    wrong={
        "before/models.yaml": _WHOLE.format(days="180d"),
        "after/models.yaml": _WHOLE.format(days="18d"),
    },
    right={
        "before/models.yaml": _WHOLE.format(days="18d"),
        "after/models.yaml": _WHOLE.format(days="180d"),
    },
)


def gate(item: ReviewItem, around: Circumstances) -> Gate | None:
    change = item.change
    if Category.DELETES_SOONER not in item.categories or change.old.is_empty:
        return None
    if change.clock not in (Clock.OBJECTS, Clock.MULTIPART_UPLOADS):
        return None
    done = "aborted" if change.clock is Clock.MULTIPART_UPLOADS else "deleted"
    if not change.old.ends:
        when = after_in_words(change.new.ends[0].when)
        return Gate(
            DELETES_SOONER,
            f"{subject(change)} are {done} {when}; on {around.base_in_words} they are kept",
        )
    by = by_days(change).removeprefix(" by")
    return Gate(
        DELETES_SOONER, f"{subject(change)} are {done}{by} sooner than on {around.base_in_words}"
    )
