"""Which gates are open, what do their approvals bind, and what else was found?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from firnline.diagnostics.how_many import how_many
from firnline.rules.gates.gate import GatedItem
from firnline.rules.gates.place import place_of
from firnline.rules.gates.report import shown_gates
from firnline.targets.review.findings_lines import file_and_line
from firnline.targets.review.markdown.dialect import Dialect, folded
from firnline.targets.review.markdown.findings import SIGNS, counted, entries
from firnline.targets.review.markdown_text import code, prose
from firnline.targets.review.model import Review
from firnline.targets.review.room import fitting

_MOST: Final = 30
_CHARACTERS: Final = 12_000


def open_gates(review: Review, dialect: Dialect) -> str:
    """Empty where nothing needs an approval, and nothing else is to be said."""
    gates = [_entry(item, review) for item in review.gates]
    shown = fitting(gates, _MOST, _CHARACTERS) if gates else []
    if left := len(gates) - len(shown):
        shown.append(f"- {left:,} more not shown: `firnline diff --all`")
    body = "\n".join([*shown, *entries(review)])
    return folded(dialect, _title(review), body) if body else ""


def _title(review: Review) -> str:
    count = sum(1 for item in review.gates for _ in shown_gates(item))
    approved = sum(bool(item.approved) and not item.is_open for item in review.gates)
    parts = [f"🔴 {how_many(count, 'gate is open', 'gates are open')}"] if count else []
    parts += [f"⚪ {how_many(approved, 'item', 'items')} approved"] if approved else []
    return " · ".join([*parts, *counted(review)]) or "Findings"


def _entry(item: GatedItem, review: Review) -> str:
    return "\n".join(_lines(item, review))


def _lines(item: GatedItem, review: Review) -> Iterator[str]:
    notes: list[str] = []
    for gate, more in shown_gates(item):
        yield f"- {SIGNS[gate.severity]} {code(gate.kind.code)} {prose(gate.message)}"
        notes += more
    if item.approved:
        yield f"- ⚪ approved: {', '.join(map(code, sorted(item.approved)))}"
    for note in dict.fromkeys(notes):
        yield f"  - {prose(note)}"
    file = file_and_line(place_of(item, review.found), review)
    yield f"  - item {code(item.digest)}{f' ({code(file)})' if file else ''}"
