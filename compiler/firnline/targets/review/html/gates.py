"""Which gates are open, and what opens them?"""

from __future__ import annotations

from shlex import join
from typing import Final

from markupsafe import Markup

from firnline.diagnostics.how_many import how_many
from firnline.rules.diff.words import few
from firnline.rules.gates.entries import with_room
from firnline.rules.gates.first_run import FIRST_RUN
from firnline.rules.gates.gate import GatedItem
from firnline.rules.gates.place import place_of
from firnline.rules.gates.report import shown_gates
from firnline.targets.html.template import in_full
from firnline.targets.review.findings_lines import file_and_line
from firnline.targets.review.html.findings import SIGNS
from firnline.targets.review.html.template import rendered
from firnline.targets.review.model import Review
from firnline.targets.review.room import fitting

_OPEN: Final = 5
_MOST: Final = 100
_CHARACTERS: Final = 35_000
_DIGEST: Final = len("sha256:") + 12
_GIT: Final = "git:"


def gates(review: Review) -> Markup:
    """Empty where nothing needs an approval."""
    if not review.gates:
        return Markup()
    entries = [_entry(review, each) for each in review.gates]
    shown = fitting(entries, _MOST, _CHARACTERS)
    return rendered(
        "gates.html",
        title=_title(review),
        entries=[Markup(each) for each in shown[:_OPEN]],
        folded=[Markup(each) for each in shown[_OPEN:]],
        more=how_many(len(entries) - _OPEN, "more item"),
        not_shown=len(entries) - len(shown),
    )


def _title(review: Review) -> str:
    count = sum(1 for item in review.gates for _ in shown_gates(item))
    approved = sum(bool(item.approved) and not item.is_open for item in review.gates)
    parts = [how_many(count, "gate is open", "gates are open")] if count else []
    parts += [f"{how_many(approved, 'item', 'items')} approved"] if approved else []
    return ", ".join(parts)


def _entry(review: Review, item: GatedItem) -> str:
    found = list(shown_gates(item))
    return rendered(
        "gate.html",
        retention=item.retention,
        buckets=few(item.buckets),
        found=[(SIGNS[gate.severity], gate.kind.code, gate.message) for gate, _ in found],
        notes=tuple(dict.fromkeys(note for _, notes in found for note in notes)),
        approved=sorted(item.approved),
        digest=item.digest,
        file=file_and_line(place_of(item, review.found), review),
        command=_command(review, item),
    )


def _command(review: Review, item: GatedItem) -> Markup | None:
    """What its owner runs, in the project; None where another tree than its own is reviewed."""
    if not item.is_open or (review.base is None and not review.one.startswith(_GIT)):
        return None
    words = ["firnline", "approve", item.digest[:_DIGEST], "--by", "WHO"]
    if FIRST_RUN.code in item.codes:
        words += [
            "--deletes-up-to",
            str(with_room(item.first_run.most)) if item.first_run else "SIZE",
        ]
    if review.base is None:
        words += ["--base", review.one]
    return in_full(join(words))
