"""What changes, for people: the strictest first, each with its two stories and an example."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.diagnostics.wrapping import wrapped
from firnline.rules.diff.base_commit import BaseCommit
from firnline.rules.diff.category import Category
from firnline.rules.diff.items import Comparison, ReviewItem
from firnline.rules.diff.of_others import whose
from firnline.rules.diff.words import by_days, few, in_words, subject
from firnline.rules.gates.gate import GatedItem
from firnline.rules.gates.report import shown_gates
from firnline.targets.change_bars import bars, legend_of
from firnline.targets.legend import fitted
from firnline.targets.review.counted import counted, headline
from firnline.targets.review.doomed_words import doomed_lines
from firnline.targets.review.findings_text import findings
from firnline.targets.review.first_run_text import first_run, item_radius, item_samples
from firnline.targets.review.item_words import example_in_words, strictest
from firnline.targets.review.model import Review
from firnline.targets.review.proof_words import remarks
from firnline.targets.review.verdict import verdict

SHOWN_IN_FULL: Final = 30
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_RED, _YELLOW, _GREEN, _MAGENTA = "\x1b[1;31m", "\x1b[1;33m", "\x1b[1;32m", "\x1b[1;35m"
_COLOURS: Final = {
    Category.DELETES_SOONER: _RED,
    Category.NEW_SCOPE: _YELLOW,
    Category.ARCHIVES_SOONER: _YELLOW,
    Category.KEEPS_LONGER: _GREEN,
    Category.LOST_SCOPE: _GREEN,
    Category.COST_ONLY: _BOLD,
}
_INDENT: Final = "    "
_BESIDE: Final = 13  # cells for `before`, `after` and the like


def to_text(
    review: Review, *, colour: bool = False, columns: int = 100, whole: bool = False
) -> str:
    """At most thirty items in full, the rest counted by category; all of them if `whole`."""
    found = review.found
    drawing = _Drawing(colour, columns)
    head = drawing.head(found) + drawing.base(review.base)
    blocks = [drawing.verdict(review), head, *drawing.remarks(found)]
    most = len(found.items) if whole else SHOWN_IN_FULL
    blocks += [drawing.item(review, number) for number in range(len(found.items[:most]))]
    blocks += drawing.rest(found.items[most:])
    blocks += first_run(review, columns)
    blocks += drawing.gates(review.gates, whole)
    blocks.append(drawing.doomed(review))
    blocks += findings(review, colour=colour, columns=columns, whole=whole)
    if signs := legend_of(item.change for item in found.items[:most]):
        blocks.append([drawing.paint(_DIM, line) for line in fitted(signs, columns)])
    return "\n\n".join("\n".join(lines) for lines in blocks if lines) + "\n"


class _Drawing:
    def __init__(self, colour: bool, columns: int) -> None:
        self._colour, self._columns = colour, columns

    def paint(self, code: str, text: str) -> str:
        return f"{code}{text}{_PLAIN}" if self._colour else text

    def verdict(self, review: Review) -> list[str]:
        said = verdict(review)
        return self._wrapped(said, "", _BOLD) if said else []

    def head(self, found: Comparison) -> list[str]:
        if not found.items:
            on = how_many(found.buckets, "bucket")
            return [f"no change: what happens to objects stays the same on {on}"]
        return self._wrapped(headline(found), "", _BOLD)

    def base(self, base: BaseCommit | None) -> list[str]:
        return [] if base is None else self._wrapped(base.in_words(), "", _DIM)

    def remarks(self, found: Comparison) -> Iterator[list[str]]:
        for remark in remarks(found):
            yield self._wrapped(str(remark), "")

    def rest(self, left: tuple[ReviewItem, ...]) -> Iterator[list[str]]:
        if left:
            more = f"{len(left):,} more not shown ({counted(left)}): `firnline diff --all`"
            yield self._wrapped(f"{more} shows everything", "")

    def doomed(self, review: Review) -> list[str]:
        return [line for said in doomed_lines(review) for line in self._wrapped(said, "")]

    def gates(self, gated: Sequence[GatedItem], whole: bool) -> Iterator[list[str]]:
        """Each that is open, and the item that its approval is bound to."""
        shown = [(item, *gate) for item in gated for gate in shown_gates(item)]
        approved = sum(bool(item.approved) and not item.is_open for item in gated)
        if approved:
            count = how_many(
                approved,
                "item that needs an approval has it",
                "items that need an approval have it",
            )
            yield self._wrapped(count, "")
        if not shown:
            return
        count = how_many(len(shown), "gate is open", "gates are open")
        lines = self._wrapped(f"{count}: valid, but the owner of the data must approve", "")
        most = len(shown) if whole else SHOWN_IN_FULL
        for nth, (item, gate, _) in enumerate(shown[:most]):
            code = self.paint(_MAGENTA, gate.kind.code)
            first, *more = wrapped(gate.message, max(self._columns - _BESIDE, 30))
            lines.append(f"{_INDENT}{code}{' ' * (_BESIDE - len(_INDENT) - 5)}{first}")
            lines += [" " * _BESIDE + line for line in more]
            if nth + 1 == len(shown) or shown[nth + 1][0] is not item:
                lines.append(self._digest(item.digest))
        if (left := len(shown) - most) > 0:
            lines += self._wrapped(f"{left:,} more not shown: `firnline diff --all`", _INDENT)
        for note in dict.fromkeys(note for _, _, notes in shown for note in notes):
            lines += self._beside("note", note)
        yield lines

    def item(self, review: Review, number: int) -> list[str]:
        item = review.found.items[number]
        colour = _COLOURS[strictest(item)]
        by = "" if item.category is Category.ARCHIVES_SOONER else by_days(item.change)
        sign = self.paint(colour, item.category.words + by)
        besides = [each.words for each in item.categories if each is not item.category]
        also = f" ({', '.join(besides)})" if besides else ""
        change = item.change
        by_whom = visible(whose(item, review.found))
        owner = self.paint(_BOLD, by_whom) + "  " if by_whom else ""
        lines = [f"{sign}{also}  {owner}".rstrip()]
        lines += self._wrapped(subject(change), _INDENT)
        lines += self._stories(item)
        lines += self._beside("on", few(item.buckets))
        for place, said in enumerate(item_radius(review, number)):
            lines += self._beside("" if place else "radius", said)
        if seen := item_samples(review, number):
            lines += self._beside("deleted", seen)
        lines += self._beside("example", example_in_words(item))
        lines.append(self._digest(item.digest))
        return lines

    def _stories(self, item: ReviewItem) -> Iterator[str]:
        drawn = bars(item.change) or ("", "")
        for name, bar, words in zip(("before", "after"), drawn, in_words(item.change), strict=True):
            bar = f"{bar}   " if bar else ""
            room = self._columns - _BESIDE - len(bar)
            fits = len(words) <= room
            start = f"{_INDENT}{name}".ljust(_BESIDE) + bar
            yield (start + words if fits else start.rstrip())
            if not fits:
                yield from self._wrapped(words, " " * _BESIDE)

    def _beside(self, name: str, text: str) -> list[str]:
        first, *more = wrapped(text, max(self._columns - _BESIDE, 30))
        start = self.paint(_DIM, f"{_INDENT}{name}".ljust(_BESIDE))
        return [start + first, *(" " * _BESIDE + line for line in more)]

    def _digest(self, digest: str) -> str:
        """On one line, to be copied: where a screen is narrow, closer to its name."""
        name = f"{_INDENT}item"
        wide = _BESIDE if _BESIDE + len(digest) <= self._columns else len(name) + 1
        return self.paint(_DIM, name.ljust(wide)) + digest

    def _wrapped(self, text: str, indent: str, code: str = "") -> list[str]:
        lines = wrapped(text, max(self._columns - len(indent), 30))
        return [indent + (self.paint(code, line) if code else line) for line in lines]
