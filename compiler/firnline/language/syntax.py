"""Bytes → nodes: can this file be read, and is it YAML of the plain kind that we accept?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import Source, Span
from firnline.diagnostics.remedy import Advise
from firnline.diagnostics.visible import ODD, visible
from firnline.language.nodes import Map, Text, all_text
from firnline.language.yaml_tree import TreeBuilder

LARGEST_FILE = 64 * 1024 * 1024

UNREADABLE = Kind(
    code="FL001",
    name="unreadable",
    severity=Severity.ERROR,
    title="this file cannot be read",
    why="If a policy were skipped silently, the next `up` would remove its rules.",
    help="save the file as UTF-8 text, or move it out of the policies folder",
    wrong="firnline: policy/v1\npolicy: caf\udce9\n",
    right="policy: cafe",
)
ODD_CHARACTER = Kind(
    code="FL006",
    name="odd-character",
    severity=Severity.ERROR,
    title="this text contains an invisible character",
    why=(
        "Control and direction characters make a line look different from what it says "
        "(CVE-2021-42574), and a terminal may interpret them."
    ),
    help="delete the character",
    wrong="why: runs of the \u202efraud team",
    right="why: runs of the fraud team",
)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Replaces the content of a file or folder that the system would not let us read."""

    reason: str


Content = bytes | Unreadable


def read(content: Content, path: str) -> tuple[Map | None, tuple[Diagnostic, ...]]:
    """The file as nodes, or None where it is no readable map, and what is wrong with it."""
    if isinstance(content, Unreadable):
        remedy = Advise("give this user the right to read it, or move it away")
        return None, (UNREADABLE.at(Source(path, "").whole(), content.reason, remedy=remedy),)
    text, problem = _decode(content)
    if problem:
        return None, (UNREADABLE.at(Source(path, "").whole(), problem),)
    source = Source(path, text)
    odd = tuple(_odd_characters(source))
    if odd:
        return None, odd
    builder = TreeBuilder(source)
    root = builder.build()
    if builder.found and root is None:
        return None, tuple(builder.found)
    if root is None or (isinstance(root, Text) and root.empty):
        return None, (
            UNREADABLE.at(source.whole(), "the file says nothing", remedy=_SAY_SOMETHING),
        )
    if not isinstance(root, Map):
        message = "the file must be a map that begins with `firnline:`"
        return None, (UNREADABLE.at(root.span, message, remedy=_SAY_SOMETHING),)
    return root, (*builder.found, *_escaped_odd_characters(root))


_SAY_SOMETHING = Advise("begin it with `firnline: policy/v1`, or delete the file")


def _decode(content: bytes) -> tuple[str, str | None]:
    if len(content) > LARGEST_FILE:
        return "", f"it has more than {LARGEST_FILE:,} bytes"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", "it is UTF-16; only UTF-8 is read"
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return "", f"it is not UTF-8 (byte {error.start} is 0x{content[error.start]:02x})"
    if "\0" in text:
        return "", "it is binary (it holds NUL bytes)"
    return text, None


def _odd_characters(source: Source) -> Iterator[Diagnostic]:
    """One diagnostic per line, at its first odd character."""
    if "\r" in source.text and "\n" not in source.text:
        yield ODD_CHARACTER.at(
            source.whole(),
            "lines end in a carriage return alone, as on old Macintoshes",
            remedy=Advise("save the file with Unix or Windows line ends"),
        )
        return
    last = 0
    for match in ODD.finditer(source.text):
        if match.group() == "\r" and source.text[match.end() : match.end() + 1] == "\n":
            continue
        span = Span(source, *match.span())
        if span.line != last:
            last = span.line
            yield ODD_CHARACTER.at(span, f"U+{ord(match.group()):04X} is here")


def _escaped_odd_characters(root: Map) -> Iterator[Diagnostic]:
    for text in all_text(root):
        if match := ODD.search(text.value):
            yield ODD_CHARACTER.at(text.span, f"an escape stands for {visible(match.group())}")
        elif "\n" in text.value or "\t" in text.value:
            sign = "line end" if "\n" in text.value else "tab"
            remedy = Advise("write it on one line, without `|` or `>`")
            yield ODD_CHARACTER.at(text.span.first_line, f"a {sign} is in this text", remedy=remedy)
