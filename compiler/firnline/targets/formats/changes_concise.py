"""What changes, as one line for each item: `path:line:column: deletes-sooner FL401 …`."""

from __future__ import annotations

from firnline.diagnostics.concise import to_concise as findings_to_concise
from firnline.diagnostics.shortened import shortened
from firnline.diagnostics.visible import visible
from firnline.rules.diff.items import ReviewItem
from firnline.rules.diff.of_others import whose
from firnline.rules.diff.words import by_days, few, in_words, subject
from firnline.rules.gates.place import place_of_change
from firnline.rules.gates.report import shown_gates
from firnline.targets.review.diagnostics import gates_of
from firnline.targets.review.model import Review


def to_concise(review: Review) -> str:
    """The strictest first, each with the codes of its gates that are open; then what else is new.
    Empty where nothing changes, and nothing is to be said.
    """
    lines = [f"{_line(item, review)}\n" for item in review.found.items]
    return "".join(lines) + findings_to_concise(review.findings.new)


def _line(item: ReviewItem, review: Review) -> str:
    change = item.change
    old, new = in_words(change)
    codes = [gate.kind.code for each in gates_of(item, review) for gate, _ in shown_gates(each)]
    level = ",".join([item.category.value, *dict.fromkeys(codes)])
    by_whom = whose(item, review.found)
    name = f"{by_whom}: " if by_whom else ""
    said = shortened(f"{name}{subject(change)}{by_days(change)}: {old} -> {new}")
    on = f"on {few(item.buckets)}; item {item.digest}"
    return visible(f"{place_of_change(item, review.found)}: {level} {said}; {on}")
