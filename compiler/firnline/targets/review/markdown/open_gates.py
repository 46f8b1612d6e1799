"""Which gates are open, and what do their approvals bind?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Severity
from firnline.rules.gates.gate import GatedItem
from firnline.rules.gates.report import shown_gates
from firnline.targets.review.markdown.dialect import Dialect, folded
from firnline.targets.review.markdown.fitting import fitting
from firnline.targets.review.markdown_text import code, prose
from firnline.targets.review.model import Review

_MOST: Final = 30
_CHARACTERS: Final = 12_000
_SIGNS: Final = {
    Severity.ERROR: "❌",
    Severity.GATE: "🔴",
    Severity.WARNING: "🟡",
    Severity.NOTE: "⚪",
}


def open_gates(review: Review, dialect: Dialect) -> str:
    """Empty where nothing needs an approval."""
    if not review.gates:
        return ""
    entries = [_entry(item) for item in review.gates]
    shown = fitting(entries, _MOST, _CHARACTERS)
    left = entries[len(shown) :]
    body = "\n".join(shown)
    if left:
        body += f"\n\n{len(left):,} more not shown: `firnline diff --all`"
    return folded(dialect, _title(review), body)


def _title(review: Review) -> str:
    count = sum(1 for item in review.gates for _ in shown_gates(item))
    approved = sum(bool(item.approved) and not item.is_open for item in review.gates)
    parts = [f"🔴 {how_many(count, 'gate is open', 'gates are open')}"] if count else []
    parts += [f"⚪ {how_many(approved, 'item', 'items')} approved"] if approved else []
    return " · ".join(parts)


def _entry(item: GatedItem) -> str:
    return "\n".join(_lines(item))


def _lines(item: GatedItem) -> Iterator[str]:
    notes: list[str] = []
    for gate, more in shown_gates(item):
        yield f"- {_SIGNS[gate.severity]} {code(gate.kind.code)} {prose(gate.message)}"
        notes += more
    if item.approved:
        yield f"- ⚪ approved: {', '.join(map(code, sorted(item.approved)))}"
    for note in dict.fromkeys(notes):
        yield f"  - {prose(note)}"
    yield f"  - item {code(item.digest)}"
