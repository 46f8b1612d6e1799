"""What a change does to references, in lines that every report shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.reach.doomed.doomed import Doomed
from firnline.reach.doomed.findings import names, what_happens
from firnline.targets.review.model import DoomedByChange, Review


def doomed_lines(review: Review) -> Iterator[str]:
    """Nothing where no references were named."""
    found = review.doomed
    if found is None:
        return
    by = f"by {visible(found.file)}, read on {found.made.date()}"
    if found.doubts:
        yield f"what registries need is not known {by}: see the findings"
    elif not found.added:
        yield f"no reference is newly doomed, {by}"
    if found.added:
        are = how_many(_count(found.added), "reference is", "references are")
        yield f"{are} newly doomed, {by}"
    models_first = sorted(found.added, key=lambda each: not each.is_firm)
    yield from (f"newly doomed: {_line(each)}" for each in models_first)
    yield from (f"no longer doomed: {_line(each)}" for each in found.removed)
    if standing := _count(found.standing):
        were = how_many(standing, "reference was", "references were")
        yield f"{were} doomed before: `firnline check --references`"


def digest_of(found: DoomedByChange | None) -> str:
    """Of what a reader concludes from it, whatever the date; empty where that is nothing."""
    if found is None or not (found.added or found.doubts):
        return ""
    undated = [replace(each, stored_as_of=None) for each in found.added]
    return "\n".join(sorted([*map(_line, undated), *(each.message for each in found.doubts)]))


def _line(each: Doomed) -> str:
    return f"{names(each)} (in {visible(each.entry.bucket)}, {what_happens(each)})"


def _count(doomed: Iterable[Doomed]) -> int:
    return sum(each.count for each in doomed)
