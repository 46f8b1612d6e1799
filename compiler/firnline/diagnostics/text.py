"""Diagnostics as text for people: the source line, what is underlined, notes and help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import assert_never

from firnline.diagnostics.fixes import offer
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.diagnostics.long_lines import is_by_name, named_value
from firnline.diagnostics.position import BucketPlace, ObjectPlace, Place, Source, Span
from firnline.diagnostics.victims import Drawn, gathered
from firnline.diagnostics.visible import visible, width
from firnline.diagnostics.wrapping import wrapped

DRAWN_IN_FULL = 20
_LEAST_BESIDE = 24  # cells that a label needs after its underline, else it goes below
_LEAST_BELOW = 40
_AFTER = 24  # cells shown from an underlined place on, in a line that is too long

_COLOURS = {
    Severity.ERROR: "\x1b[1;31m",
    Severity.GATE: "\x1b[1;35m",
    Severity.WARNING: "\x1b[1;33m",
    Severity.NOTE: "\x1b[1;36m",
}
_BOLD, _BLUE, _GREEN, _PLAIN = "\x1b[1m", "\x1b[1;34m", "\x1b[1;32m", "\x1b[0m"


def to_text(
    found: Sequence[Diagnostic], *, colour: bool = False, columns: int = 100, whole: bool = False
) -> str:
    """At most twenty diagnostics in full, the others counted by code; then a summary, and how many
    can be fixed. A typo in many places counts as one. `whole` leaves nothing out.
    """
    if not found:
        return ""
    drawn = [Drawn(each, 1) for each in found] if whole else gathered(found)
    most = len(drawn) if whole else DRAWN_IN_FULL
    blocks = [_Drawing(colour, columns).draw(each.diagnostic) for each in drawn[:most]]
    closing = [*wrapped(_summary(found), columns), *filter(None, wrapped(offer(found), columns))]
    return "\n".join([*blocks, *_rest(drawn[most:], columns), *closing, ""])


def draw(diagnostic: Diagnostic, *, columns: int = 100, of_source: int | None = None) -> str:
    """One diagnostic, without a summary. Lines of source may be longer than `columns` where they
    can be scrolled: up to `of_source`.
    """
    return _Drawing(colour=False, columns=columns, of_source=of_source).draw(diagnostic)


def _rest(left: Sequence[Drawn], columns: int) -> list[str]:
    if not left:
        return []
    codes: Counter[str] = Counter()
    for each in left:
        codes[each.diagnostic.kind.code] += each.stands_for
    counts = ", ".join(f"{count:,} {code}" for code, count in sorted(codes.items()))
    more = f"{codes.total():,} more not shown ({counts}): `firnline check --all` shows everything"
    return [*wrapped(more, columns), ""]


def _summary(found: Sequence[Diagnostic]) -> str:
    parts = []
    for severity in Severity:
        count = sum(diagnostic.severity is severity for diagnostic in found)
        if count:
            parts.append(how_many(count, severity.value))
    counts = ", ".join(parts)
    if found[0].documented_at:
        return counts
    grave = next(each for kind in Severity for each in found if each.severity is kind)
    return f"{counts}. Explain a code: firnline explain {grave.kind.code}"


@dataclass(frozen=True, slots=True)
class _Label:
    """The label of a place; `primary` is the diagnostic's own."""

    place: Place
    text: str
    primary: bool


class _Drawing:
    def __init__(self, colour: bool, columns: int, of_source: int | None = None) -> None:
        self._colour = colour
        self._columns = columns
        self._of_source = of_source or columns

    def draw(self, diagnostic: Diagnostic) -> str:
        level = _COLOURS[diagnostic.severity]
        head = f"{diagnostic.severity.value}[{diagnostic.kind.code}]"
        title = wrapped(diagnostic.kind.title, self._columns - len(head) - 2)
        lines = [f"{self._paint(level, head)}{self._paint(_BOLD, ': ' + title[0])}"]
        lines += [f"{' ' * (len(head) + 2)}{self._paint(_BOLD, line)}" for line in title[1:]]
        said = [_Label(diagnostic.place, diagnostic.message, primary=True)]
        said += [_Label(place, label, primary=False) for place, label in diagnostic.also]
        gutter = max(_digits(label.place) for label in said)
        for nth, group in enumerate(_together(said)):
            about = f" in {diagnostic.resource}" if diagnostic.resource and nth == 0 else ""
            lines += self._group(group, gutter, level, "-->" if nth == 0 else ":::", about)
        lines += self._closing(diagnostic, gutter)
        return "\n".join(lines) + "\n"

    def _group(
        self, labels: list[_Label], gutter: int, level: str, arrow: str, about: str
    ) -> list[str]:
        place = labels[0].place
        named = isinstance(place, Span) and is_by_name(place)
        where = place.source.path if isinstance(place, Span) and named else place
        lines = [f"{' ' * gutter}{self._paint(_BLUE, arrow)} {visible(f'{where}{about}')}"]
        bar = self._paint(_BLUE, f"{' ' * gutter} |")
        match place:
            case Span() if place.source.text and place != place.source.whole():
                return [*lines, bar, *self._window(place.source, labels, gutter, level)]
            case Span() | BucketPlace() | ObjectPlace():
                room = self._columns - gutter - 3
                said = [line for each in labels if each.text for line in wrapped(each.text, room)]
                return [*lines, bar, *(f"{bar} {line}" for line in said)]
            case _:
                assert_never(place)

    def _window(
        self, source: Source, labels: list[_Label], gutter: int, level: str
    ) -> Iterator[str]:
        bar = self._paint(_BLUE, f"{' ' * gutter} |")
        room = self._columns - gutter - 3
        last = None
        for number, here in sorted(_by_line(labels).items()):
            if last is not None and number > last + 1:
                yield self._paint(_BLUE, "...")
            last = number
            if all(is_by_name(span) for span, _ in here):
                yield from self._by_name(here, bar, room, level)
                continue
            here.sort(key=lambda each: not each[1].primary)
            columns = [span.column for span, _ in here]
            text, start = _cut(source.line(number), columns, self._of_source - gutter - 3)
            yield f"{self._paint(_BLUE, f'{number:>{gutter}} |')} {visible(text)}"
            for span, label in here:
                # What is left of where the line is cut is marked there, by a single sign.
                column, length = span.column - 1 - start, max(1, span.end - span.start)
                column, length = (column, length) if column >= 0 else (0, 1)
                marked = text[column : column + length]
                mark = ("^" if label.primary else "-") * max(1, width(visible(marked)))
                before = width(visible(text[:column]))
                paint = level if label.primary else _BLUE
                for indent, said in _labelled(before, mark, label.text, room):
                    yield f"{bar} {' ' * indent}{self._paint(paint, said)}"

    def _by_name(
        self, here: list[tuple[Span, _Label]], bar: str, room: int, level: str
    ) -> Iterator[str]:
        for span, label in sorted(here, key=lambda each: not each[1].primary):
            shown = named_value(span)
            yield f"{bar} {visible(shown.text)}"
            mark = ("^" if label.primary else "-") * width(
                visible(shown.text[shown.start : shown.end])
            )
            paint = level if label.primary else _BLUE
            for indent, said in _labelled(
                width(visible(shown.text[: shown.start])), mark, label.text, room
            ):
                yield f"{bar} {' ' * indent}{self._paint(paint, said)}"

    def _closing(self, diagnostic: Diagnostic, gutter: int) -> list[str]:
        said = [("note", note) for note in diagnostic.notes]
        if diagnostic.help:
            said.append(("help", diagnostic.help))
        if diagnostic.documented_at:
            said.append(("docs", diagnostic.documented_at))
        if not said:
            return []
        lines = [self._paint(_BLUE, f"{' ' * gutter} |")]
        for word, text in said:
            lead = f"{' ' * gutter} = "
            hanging = " " * (len(lead) + len(word) + 2)
            body = wrapped(text, self._columns - len(hanging))
            coloured = self._paint(_GREEN, word) if word == "help" else self._paint(_BOLD, word)
            lines.append(f"{lead}{coloured}: {body[0]}")
            lines += [hanging + line for line in body[1:]]
        return lines

    def _paint(self, colour: str, text: str) -> str:
        return f"{colour}{text}{_PLAIN}" if self._colour else text


def _digits(place: Place) -> int:
    """How wide the column of line numbers must be."""
    return len(str(place.line)) if isinstance(place, Span) else 1


def _together(labels: list[_Label]) -> Iterator[list[_Label]]:
    """Groups places in one file: they are drawn together."""
    groups: dict[Source | Place, list[_Label]] = {}
    for label in labels:
        place = label.place
        groups.setdefault(place.source if isinstance(place, Span) else place, []).append(label)
    yield from groups.values()


def _by_line(labels: list[_Label]) -> dict[int, list[tuple[Span, _Label]]]:
    lines: dict[int, list[tuple[Span, _Label]]] = {}
    for label in labels:
        if isinstance(label.place, Span):
            lines.setdefault(label.place.line, []).append((label.place, label))
    return lines


def _labelled(before: int, mark: str, label: str, room: int) -> list[tuple[int, str]]:
    """The underline and its label as lines, each with its indent: the label after the underline, or
    below it where there is no room, moved to the left where there is still none.
    """
    label = visible(label)
    beside = before + len(mark) + 1
    if not label or beside + width(label) <= room:
        return [(before, f"{mark} {label}".rstrip())]
    if room - beside >= max(_LEAST_BESIDE, *map(width, label.split(" "))):
        first, *more = wrapped(label, room - beside)
        return [(before, f"{mark} {first}"), *((beside, line) for line in more)]
    indent = min(before, max(0, room - _LEAST_BELOW))
    return [(before, mark), *((indent, line) for line in wrapped(label, room - indent))]


def _cut(line: str, columns: list[int], room: int) -> tuple[str, int]:
    """The part of a line that there is room for, and the index in the line of where it starts, be
    that a sign that it is cut. It has the first of the columns, and as many others as there is room
    for.
    """
    if width(visible(line)) <= room:
        return line, 0
    cells = {character: width(visible(character)) for character in set(line)}
    before = [0, *accumulate(cells[character] for character in line)]

    def fits(start: int, last: int) -> bool:
        return bool(start) + min(before[last] + _AFTER, before[-1]) - before[start] <= room

    first = last = columns[0] - 1
    for column in columns[1:]:
        wider = min(first, column - 1), max(last, column - 1)
        if fits(*wider):
            first, last = wider
    start = next(n for n in range(first + 1) if fits(n, last))
    cut = "…" if start else ""
    left = room - width(cut) + before[start]
    if before[-1] <= left:
        return cut + line[start:], start - len(cut)
    end = next(n for n in range(len(line), start, -1) if before[n] < left)
    return f"{cut}{line[start:end]}…", start - len(cut)
