"""YAML → nodes, and what of YAML is not part of the language.

PyYAML's C parser yields events and the tree is built from them here, because its composer
recurses: it crashes the process at some 50,000 levels of nesting (PyYAML 6.0.3, measured).
"""

from __future__ import annotations

from typing import Any

import yaml

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import Source, Span
from firnline.language.nodes import List, Map, Node, Text
from firnline.language.yaml_problem import syntax_error

DEEPEST = 32

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


class TreeBuilder:
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
            self.found.append(syntax_error(self._source, error))
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
