"""Bytes → nodes: can this file be read, and is it YAML of the plain kind that we accept?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import Source, Span
from firnline.diagnostics.remedy import Advise
from firnline.diagnostics.visible import ODD, is_plain, visible
from firnline.language.encoding import other_encoding
from firnline.language.nodes import Map, Text, all_text
from firnline.language.yaml_tree import TreeBuilder

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes; of a plan, for which that is little."""
LARGEST_POLICY = 8 * 1024 * 1024
MOST_LINES = 100_000
"""Of a file in our own language, of which a thousand rules take less than a tenth."""

UNREADABLE = Kind(
    code="FL001",
    name="unreadable",
    severity=Severity.ERROR,
    title="this file cannot be read",
    why="If a policy were skipped silently, the next `pulumi up` would remove its rules.",
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
    """Replaces the content of a file or folder that cannot be read."""

    reason: str
    remedy: str = "give this user the right to read it, or move it away"


Content = bytes | Unreadable
_SMALLER = "name a smaller file: policies and lifecycle rules have a few KiB"
TOO_LARGE = Unreadable(f"it is too large: at most {LARGEST_FILE // 1024**2}MiB are read", _SMALLER)
_TOO_LARGE_A_POLICY = Unreadable(
    f"it is too large for a policy: at most {LARGEST_POLICY // 1024**2}MiB and {MOST_LINES:,} lines"
    " are read",
    _SMALLER,
)


def read(content: Content, path: str) -> tuple[Map | None, tuple[Diagnostic, ...]]:
    """The file as nodes, or None where it is no readable map, and what is wrong with it."""
    if isinstance(content, bytes) and _is_too_large(content):
        content = _TOO_LARGE_A_POLICY
    if isinstance(content, Unreadable):
        remedy = Advise(content.remedy)
        return None, (UNREADABLE.at(Source(path, "").whole(), content.reason, remedy=remedy),)
    if (encoded := other_encoding(content)) is not None:
        reason, remedy = encoded[0], Advise(encoded[1])
        return None, (UNREADABLE.at(Source(path, "").whole(), reason, remedy=remedy),)
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


def _is_too_large(content: bytes) -> bool:
    return len(content) > LARGEST_POLICY or content.count(b"\n") > MOST_LINES


_SAY_SOMETHING = Advise(
    "a policy begins with `firnline: policy/v1`; a listing of objects is read by `firnline"
    " simulate`; move anything else out of this folder"
)


def _decode(content: bytes) -> tuple[str, str | None]:
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
        if is_plain(text.value):
            continue  # nearly every one: the pattern is slow
        if match := ODD.search(text.value):
            yield ODD_CHARACTER.at(text.span, f"an escape stands for {visible(match.group())}")
        elif "\n" in text.value or "\t" in text.value:
            sign = "line end" if "\n" in text.value else "tab"
            remedy = Advise("write it on one line, without `|` or `>`")
            yield ODD_CHARACTER.at(text.span.first_line, f"a {sign} is in this text", remedy=remedy)
