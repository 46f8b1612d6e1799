"""What is to be said of the policies after a change, for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.text import to_text
from firnline.diagnostics.wrapping import wrapped
from firnline.targets.review.model import Review


def findings(review: Review, *, colour: bool, columns: int, whole: bool) -> Iterator[list[str]]:
    """What is new as `firnline check` draws it; of the rest how much there is."""
    found = review.findings
    if found.new:
        text = to_text(found.new, colour=colour, columns=columns, whole=whole)
        yield text.rstrip("\n").split("\n")
    if said := besides(review):
        yield wrapped(said, columns, hanging=2)


def besides(review: Review) -> str:
    """What is not new, and what is waived; empty where there is nothing."""
    known, waived = len(review.findings.known), len(review.findings.waived)
    parts = [f"{how_many(waived, 'more finding')} waived"] if waived else []
    if known:
        was = "was" if known == 1 else "were"
        parts.append(f"{how_many(known, 'finding')} {was} there before: `firnline check`")
    return "; ".join(parts)
