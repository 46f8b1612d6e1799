"""Diagnostics as text for people: the source line, what is underlined, notes and help."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from itertools import groupby

from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.diagnostics.position import Source, Span
from firnline.diagnostics.visible import visible, width

DRAWN_IN_FULL = 20
_BEFORE, _AFTER = 60, 100  # how much of a long line is shown around what is underlined

_COLOURS = {
    Severity.ERROR: "\x1b[1;31m",
    Severity.WARNING: "\x1b[1;33m",
    Severity.NOTE: "\x1b[1;36m",
}
_BOLD, _BLUE, _GREEN, _PLAIN = "\x1b[1m", "\x1b[1;34m", "\x1b[1;32m", "\x1b[0m"


def to_text(found: Sequence[Diagnostic], *, colour: bool = False, columns: int = 100) -> str:
    """At most twenty drawn in full, the rest counted by code; one summary line at the end."""
    if not found:
        return ""
    blocks = [_Drawing(colour, columns).draw(diagnostic) for diagnostic in found[:DRAWN_IN_FULL]]
    return "\n".join([*blocks, *_rest(found[DRAWN_IN_FULL:]), _summary(found), ""])


def _rest(found: Sequence[Diagnostic]) -> list[str]:
    if not found:
        return []
    codes = sorted(diagnostic.kind.code for diagnostic in found)
    counts = ", ".join(f"{len(list(same))} more {code}" for code, same in groupby(codes))
    return [f"and {counts} (all of them: --out json)\n"]


def _summary(found: Sequence[Diagnostic]) -> str:
    parts = []
    for severity in Severity:
        count = sum(diagnostic.severity is severity for diagnostic in found)
        if count:
            parts.append(f"{count} {severity.value}{'s' if count > 1 else ''}")
    return f"{', '.join(parts)}. Explain a code: firnline explain {found[0].kind.code}"


class _Drawing:
    def __init__(self, colour: bool, columns: int) -> None:
        self._colour = colour
        self._columns = columns

    def draw(self, diagnostic: Diagnostic) -> str:
        level = _COLOURS[diagnostic.severity]
        head = self._paint(level, f"{diagnostic.severity.value}[{diagnostic.kind.code}]")
        lines = [f"{head}{self._paint(_BOLD, ': ' + diagnostic.kind.title)}"]
        labels = [(diagnostic.span, diagnostic.message, True)]
        labels += [(span, label, False) for span, label in diagnostic.also]
        gutter = max(len(str(span.line)) for span, _, _ in labels)
        for nth, (source, group) in enumerate(_by_source(labels)):
            lines += self._window(source, group, gutter, level, arrow="-->" if nth == 0 else ":::")
        lines += self._closing(diagnostic, gutter)
        return "\n".join(lines) + "\n"

    def _window(
        self,
        source: Source,
        labels: list[tuple[Span, str, bool]],
        gutter: int,
        level: str,
        arrow: str,
    ) -> list[str]:
        place = f"{' ' * gutter}{self._paint(_BLUE, arrow)} {visible(str(labels[0][0]))}"
        if not source.text or labels[0][0] == source.whole():
            return [place, *self._unplaced(labels, gutter)]
        bar = self._paint(_BLUE, f"{' ' * gutter} |")
        lines = [place, bar]
        before = None
        for number in sorted({span.line for span, _, _ in labels}):
            if before is not None and number > before + 1:
                lines.append(self._paint(_BLUE, "..."))
            before = number
            here = [label for label in labels if label[0].line == number]
            text, start = _cut(source.line(number), [span.column for span, _, _ in here])
            lines.append(f"{self._paint(_BLUE, f'{number:>{gutter}} |')} {visible(text)}")
            for span, label, primary in sorted(here, key=lambda each: not each[2]):
                lines.append(f"{bar} {self._underline(span, label, primary, text, start, level)}")
        return lines

    def _underline(
        self, span: Span, label: str, primary: bool, text: str, start: int, level: str
    ) -> str:
        column = span.column - 1 - start
        marked = text[column : column + max(1, span.end - span.start)]
        mark = ("^" if primary else "-") * max(1, width(visible(marked)))
        indent = " " * width(visible(text[:column]))
        return indent + self._paint(
            level if primary else _BLUE, f"{mark} {visible(label)}".rstrip()
        )

    def _unplaced(self, labels: list[tuple[Span, str, bool]], gutter: int) -> list[str]:
        bar = self._paint(_BLUE, f"{' ' * gutter} |")
        return [bar] + [f"{bar} {visible(label)}" for _, label, _ in labels if label]

    def _closing(self, diagnostic: Diagnostic, gutter: int) -> list[str]:
        said = [("note", note) for note in diagnostic.notes]
        if diagnostic.help:
            said.append(("help", diagnostic.help))
        if not said:
            return []
        lines = [self._paint(_BLUE, f"{' ' * gutter} |")]
        for word, text in said:
            lead = f"{' ' * gutter} = "
            hanging = " " * (len(lead) + len(word) + 2)
            body = _wrapped(text, self._columns - len(hanging))
            coloured = self._paint(_GREEN, word) if word == "help" else self._paint(_BOLD, word)
            lines.append(f"{lead}{coloured}: {body[0]}")
            lines += [hanging + line for line in body[1:]]
        return lines

    def _paint(self, colour: str, text: str) -> str:
        return f"{colour}{text}{_PLAIN}" if self._colour else text


def _by_source(
    labels: list[tuple[Span, str, bool]],
) -> Iterable[tuple[Source, list[tuple[Span, str, bool]]]]:
    sources = dict.fromkeys(span.source for span, _, _ in labels)
    return [(source, [each for each in labels if each[0].source is source]) for source in sources]


def _cut(line: str, columns: list[int]) -> tuple[str, int]:
    """The part of a line worth showing, and the index in the line at which it starts."""
    first, last = min(columns) - 1, max(columns) - 1
    if len(line) <= _BEFORE + _AFTER:
        return line, 0
    start = max(0, first - _BEFORE)
    end = max(first, min(last, first + 4 * _AFTER)) + _AFTER
    shown = line[start:end] + ("…" if end < len(line) else "")
    return ("…" + shown[1:] if start else shown), start


def _wrapped(text: str, columns: int) -> list[str]:
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += textwrap.wrap(
            visible(paragraph),
            max(columns, 30),
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    return lines
