"""Bytes → nodes: is this a file that can be read, and YAML of the plain kind we accept?

PyYAML's C parser yields events and the tree is built from them here, because its composer
recurses: it crashes the process at some 50,000 levels of nesting (PyYAML 6.0.3, measured).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import Source, Span
from firnline.diagnostics.visible import ODD, visible
from firnline.language.nodes import List, Map, Node, Text, all_text

DEEPEST = 32
LARGEST_FILE = 64 * 1024 * 1024

UNREADABLE = Kind(
    code="FL001",
    name="unreadable",
    severity=Severity.ERROR,
    title="this file cannot be read",
    why="A policy that is silently not read is a policy whose rules the next `up` removes.",
    help="save the file as UTF-8 text, or move it out of the policies folder",
    wrong="firnline: policy/v1\npolicy: caf\udce9\n",
    right="policy: cafe",
)
YAML_SYNTAX = Kind(
    code="FL002",
    name="yaml-syntax",
    severity=Severity.ERROR,
    title="this is not YAML",
    why="YAML gives a meaning to `*`, `&`, `!`, `@`, `%`, tabs and `: ` that is seldom meant.",
    help="put the value in quotes",
    wrong="why: *.tmp files",
    right='why: "*.tmp files"',
)
DUPLICATE_KEY = Kind(
    code="FL003",
    name="duplicate-key",
    severity=Severity.ERROR,
    title="a key is written twice",
    why="YAML readers silently keep the second one, so one of the two would never count.",
    help="remove one of the two",
    wrong="retain: {tmp: {prefix: tmp/, delete_after: 7d, delete_after: 70d}}",
    right="retain: {tmp: {prefix: tmp/, delete_after: 7d}}",
)
YAML_FEATURE = Kind(
    code="FL004",
    name="yaml-feature",
    severity=Severity.ERROR,
    title="this part of YAML is not part of the language",
    why=(
        "Anchors, aliases, tags and deep nesting make a file mean something else than it seems "
        "to say, and some readers crash on them."
    ),
    help="write the value out, in quotes if it begins with `!`, `&` or `*`",
    wrong="applies_to: [{account: lab, buckets: [lab-data, !lab-scratch ]}]",
    right='applies_to: [{account: lab, buckets: [lab-data, "!lab-scratch"]}]',
)
SEVERAL_DOCUMENTS = Kind(
    code="FL005",
    name="several-documents",
    severity=Severity.ERROR,
    title="a second document begins here",
    why="One file is one policy; what follows `---` would be easy to overlook in a review.",
    help="write one file per document",
    wrong="firnline: policy/v1\npolicy: a\n---\npolicy: b\n",
    right="policy: a",
)
ODD_CHARACTER = Kind(
    code="FL006",
    name="odd-character",
    severity=Severity.ERROR,
    title="this text holds a character that cannot be seen",
    why=(
        "Control and direction characters make a line look different from what it says "
        "(CVE-2021-42574), and a terminal may obey them."
    ),
    help="delete the character",
    wrong="why: runs of the \u202efraud team",
    right="why: runs of the fraud team",
)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands for the content of a file or folder that the system would not let us read."""

    reason: str


Content = bytes | Unreadable


def read(content: Content, path: str) -> tuple[Map | None, tuple[Diagnostic, ...]]:
    """The file as nodes, or nothing where it is no readable map, and what is wrong with it."""
    if isinstance(content, Unreadable):
        help = "give this user the right to read it, or move it away"
        return None, (UNREADABLE.at(Source(path, "").whole(), content.reason, help=help),)
    text, problem = _decode(content)
    if problem:
        return None, (UNREADABLE.at(Source(path, "").whole(), problem),)
    source = Source(path, text)
    odd = tuple(_odd_characters(source))
    if odd:
        return None, odd
    builder = _Builder(source)
    root = builder.build()
    if builder.found and root is None:
        return None, tuple(builder.found)
    if root is None or (isinstance(root, Text) and root.empty):
        return None, (UNREADABLE.at(source.whole(), "the file says nothing", help=_SAY_SOMETHING),)
    if not isinstance(root, Map):
        message = "the file must be a map that begins with `firnline:`"
        return None, (UNREADABLE.at(root.span, message, help=_SAY_SOMETHING),)
    return root, (*builder.found, *_escaped_odd_characters(root))


_SAY_SOMETHING = "begin it with `firnline: policy/v1`, or delete the file"


def _decode(content: bytes) -> tuple[str, str | None]:
    if len(content) > LARGEST_FILE:
        return "", f"it has {len(content):,} bytes; {LARGEST_FILE:,} are the most"
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
    for match in ODD.finditer(source.text):
        if match.group() == "\r" and source.text[match.end() : match.end() + 1] == "\n":
            continue
        character = f"U+{ord(match.group()):04X}"
        yield ODD_CHARACTER.at(Span(source, *match.span()), f"{character} stands here")


def _escaped_odd_characters(root: Map) -> Iterator[Diagnostic]:
    for text in all_text(root):
        match = ODD.search(text.value)
        if match:
            yield ODD_CHARACTER.at(text.span, f"an escape stands for {visible(match.group())}")


class _Builder:
    """Builds the tree from the parser's events, without recursion."""

    def __init__(self, source: Source) -> None:
        self.found: list[Diagnostic] = []
        self._source = source
        self._documents = 0

    def build(self) -> Node | None:
        """The tree; nothing where the YAML itself is broken (then `found` says how)."""
        # (start of the collection, its children so far, whether it is a map)
        stack: list[tuple[int, list[Node], bool]] = []
        root: Node | None = None
        try:
            for event in yaml.parse(self._source.text.encode(), Loader=yaml.CBaseLoader):
                if self._refuses(event, len(stack)):
                    return None
                match event:
                    case yaml.ScalarEvent():
                        node: Node = self._scalar(event)
                    case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                        is_map = isinstance(event, yaml.MappingStartEvent)
                        stack.append((_index(event.start_mark), [], is_map))
                        continue
                    case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                        node = self._collection(*stack.pop(), _index(event.end_mark))
                    case _:
                        continue
                if stack:
                    stack[-1][1].append(node)
                else:
                    root = node
        except yaml.YAMLError as error:
            self.found.append(_syntax_error(self._source, error))
            return None
        return root

    def _refuses(self, event: yaml.Event, depth: int) -> bool:
        """Whether reading must stop here; a tag or an anchor alone is reported and read over."""
        span = self._span(_index(event.start_mark), _index(event.end_mark))
        match event:
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    self.found.append(SEVERAL_DOCUMENTS.at(span, "a second document"))
                    return True
                if event.version or event.tags:
                    self.found.append(YAML_FEATURE.at(span, "directives are not read"))
            case yaml.AliasEvent():
                self.found.append(YAML_FEATURE.at(span, f"`*{event.anchor}` is an alias"))
                return True
            case yaml.CollectionStartEvent() if depth >= DEEPEST:
                message = f"nested more than {DEEPEST} levels deep"
                self.found.append(YAML_FEATURE.at(span, message, help="no policy is nested deeply"))
                return True
        if isinstance(event, yaml.NodeEvent):
            self._note_decorations(event)
        return False

    def _note_decorations(self, event: yaml.NodeEvent) -> None:
        tag = getattr(event, "tag", None)
        if event.anchor is None and tag is None:
            return
        decorated = _first_word(self._source, _index(event.start_mark))
        if event.anchor is not None:
            self.found.append(YAML_FEATURE.at(decorated, f"`&{event.anchor}` is an anchor"))
        if tag is not None:
            shown = self._source.text[decorated.start : decorated.end]
            help = f'if it is text, put it in quotes: "{shown}"' if shown.startswith("!") else None
            self.found.append(
                YAML_FEATURE.at(decorated, f"YAML reads `{shown}` as a tag", help=help)
            )

    def _scalar(self, event: yaml.ScalarEvent) -> Text:
        start, end = _index(event.start_mark), _index(event.end_mark)
        if event.tag is not None and not event.value:
            # An exclusion without quotes, `!logs`: reported as a tag, read as what was meant.
            word = _first_word(self._source, start)
            return Text(word, word.source.text[word.start : word.end])
        return Text(self._span(start, end), event.value, empty=start == end)

    def _collection(self, start: int, children: list[Node], is_map: bool, end: int) -> Node:
        # libyaml ends a block collection where the next token begins: give back the white space.
        span = self._span(start, start + len(self._source.text[start:end].rstrip()))
        if not is_map:
            return List(span, tuple(children))
        entries: dict[str, tuple[Text, Node]] = {}
        for key, value in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, Text):
                self.found.append(YAML_FEATURE.at(key.span, "a key must be plain text"))
            elif key.value in entries:
                first = entries[key.value][0].span
                self.found.append(
                    DUPLICATE_KEY.at(
                        key.span,
                        f"`{key.value}` again",
                        also=[(first, f"`{key.value}` is written here first")],
                    )
                )
            else:
                entries[key.value] = (key, value)
        return Map(span, tuple(entries.values()))

    def _span(self, start: int, end: int) -> Span:
        return Span(self._source, start, end)


def _index(mark: Any) -> int:
    """In characters, from the start of the text; the C parser always has marks."""
    index: int = mark.index
    return index


def _first_word(source: Source, start: int) -> Span:
    end = start
    while end < len(source.text) and source.text[end] not in " \t\r\n,]}":
        end += 1
    return Span(source, start, max(end, start + 1))


def _syntax_error(source: Source, error: yaml.YAMLError) -> Diagnostic:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", None) or error)
    index = min(mark.index, len(source.text)) if mark else 0
    if "alphabetic or numeric" in problem and source.text[index - 1 : index] in ("*", "&"):
        index -= 1  # libyaml points behind the sign at which it stumbled
    word = source.text[:index].split()[-1:] or [""]
    if "whitespace or line break" in problem and (bang := word[0].find("!")) >= 0:
        start = index - len(word[0]) + bang
        shown = source.text[start:index]
        message = "YAML reads what begins with `!` as a tag"
        return YAML_SYNTAX.at(Span(source, start, index), message, help=f'write "{shown}"')
    character = source.text[index : index + 1]
    message, help = _in_words(problem, character)
    return YAML_SYNTAX.at(Span(source, index, index + 1), message, help=help)


def _in_words(problem: str, character: str) -> tuple[str, str | None]:
    """libyaml's problem in our words, and the remedy where it is not the usual one."""
    if "mapping values are not allowed" in problem:
        return "`: ` inside a value starts a new map", None
    if "end of stream" in problem or not character:
        return "the file ends inside a quote, a list or a map", "close what is open"
    if character == "\t":
        return "a tab cannot indent or start a value", "indent with spaces"
    if character in "*&!|>@`%":
        return f"a value cannot start with `{character}`", None
    if "',' or" in problem:
        return f"a list or map is still open here: {problem}", "close the bracket, or add a comma"
    if "key" in problem:
        return (
            "a key and its `:` are expected here",
            "write `key: value`, in line with its siblings",
        )
    return problem, "look at the line above as well: brackets, quotes, indentation"
