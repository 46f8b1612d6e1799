"""Are objects deleted to which nothing happened before?"""

from __future__ import annotations

from firnline.diagnostics.kinds import Kind, Severity
from firnline.rules.diff.category import Category
from firnline.rules.diff.items import ReviewItem
from firnline.rules.diff.words import subject
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
old_versions: {{delete_after: 30d}}
uploads: {{abort_after: 7d}}
retain:
  candidates: {{prefix: {prefix}, delete_after: 180d}}
"""

SCOPE_WIDENED = Kind(
    code="FL405",
    name="scope-widened",
    severity=Severity.GATE,
    title="objects are deleted to which nothing happened before",
    why=(
        "A prefix that lost its end, or a filter that lost a tag, reaches objects that nobody"
        " meant to delete. The change is valid, and it needs the approval of the people whose data"
        " it is."
    ),
    help="name the prefix or the tags that are meant, or have it approved: `firnline approve`",
    wrong={
        "before/models.yaml": _WHOLE.format(prefix="models/rc/"),
        "after/models.yaml": _WHOLE.format(prefix="models/"),
    },
    right={
        "before/models.yaml": _WHOLE.format(prefix="models/"),
        "after/models.yaml": _WHOLE.format(prefix="models/rc/"),
    },
)


def gate(item: ReviewItem, around: Circumstances) -> Gate | None:
    change = item.change
    if Category.DELETES_SOONER not in item.categories or not change.old.is_empty:
        return None
    if change.clock not in (Clock.OBJECTS, Clock.MULTIPART_UPLOADS):
        return None
    done = "aborted" if change.clock is Clock.MULTIPART_UPLOADS else "deleted"
    when = after_in_words(change.new.ends[0].when)
    said = f"{subject(change)} are {done} {when}; on {around.base} nothing happens to them"
    return Gate(SCOPE_WIDENED, said)
