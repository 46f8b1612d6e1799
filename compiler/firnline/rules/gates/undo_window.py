"""Is there less time to get back what was deleted or overwritten?"""

from __future__ import annotations

from firnline.diagnostics.kinds import Kind, Severity
from firnline.rules.diff.category import Category
from firnline.rules.diff.items import ReviewItem
from firnline.rules.diff.words import places
from firnline.rules.gates.gate import Circumstances, Gate
from firnline.s3.compare.story import Story
from firnline.s3.phrases import newest_excepted
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
  candidates: {{prefix: models/, delete_after: 180d, old_versions: {{delete_after: {days}}}}}
"""

UNDO_WINDOW = Kind(
    code="FL411",
    name="undo-window-shortened",
    severity=Severity.GATE,
    title="what was deleted or overwritten can be recovered for a shorter time",
    why=(
        "On a bucket that keeps versions, a deletion by mistake can be undone until the noncurrent"
        " version ends. Ending it sooner is valid, and it needs the approval of the people whose"
        " data it is."
    ),
    help="let `old_versions` end as late as before, or have it approved: `firnline approve`",
    wrong={
        "before/models.yaml": _WHOLE.format(days="30d"),
        "after/models.yaml": _WHOLE.format(days="8d"),
    },
    right={
        "before/models.yaml": _WHOLE.format(days="8d"),
        "after/models.yaml": _WHOLE.format(days="30d"),
    },
)


def gate(item: ReviewItem, around: Circumstances) -> Gate | None:
    change = item.change
    if change.clock is not Clock.NONCURRENT_VERSIONS:
        return None
    if Category.DELETES_SOONER not in item.categories:
        return None
    return Gate(
        UNDO_WINDOW,
        f"what was deleted or overwritten in {places(change)} could be recovered"
        f" {_window(change.old)} on {around.base}, now {_window(change.new)}",
    )


def _window(story: Story) -> str:
    if not story.ends:
        return "for ever"
    return " or ".join(f"for {end.when}{newest_excepted(end.newest)}" for end in story.ends)
