"""YAML → nodes, and the parts of YAML that the language does not allow."""

from __future__ import annotations

from typing import assert_never

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import Source, Span
from firnline.diagnostics.remedy import Advise
from firnline.language.nodes import List, Map, Node, Text
from firnline.language.pyyaml import Event, EventKind, NotYaml, events
from firnline.language.yaml_problem import syntax_error

DEEPEST = 32

DUPLICATE_KEY = Kind(
    code="FL003",
    name="duplicate-key",
    severity=Severity.ERROR,
    title="a key is written twice",
    why="YAML readers silently keep the second one, so the first would have no effect.",
    help="remove one of the two",
    wrong="retain: {tmp: {prefix: tmp/, delete_after: 7d, delete_after: 70d}}",
    right="retain: {tmp: {prefix: tmp/, delete_after: 7d}}",
)
YAML_FEATURE = Kind(
    code="FL004",
    name="yaml-feature",
    severity=Severity.ERROR,
    title="this feature of YAML is not supported here",
    is_spelling=True,
    why=(
        "Anchors, aliases, tags and deep nesting make a file mean something other than it appears"
        " to, and some readers crash on them."
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
        """The tree; None where the YAML itself is broken (then `found` says how)."""
        try:
            return self._root()
        except NotYaml as error:
            if error.nested_too_deep and error.at is not None:
                self.found.append(_too_deep(Span(self._source, error.at, error.at + 1)))
            else:
                self.found.append(syntax_error(self._source, error))
            return None

    def _root(self) -> Node | None:
        # (start of the collection, its children so far, whether it is a map)
        stack: list[tuple[int, list[Node], bool]] = []
        root: Node | None = None
        for event in events(self._source.text):
            if event.kind is not EventKind.SCALAR and self._refuses(event, len(stack)):
                return None
            match event.kind:
                case EventKind.SCALAR:
                    node: Node = self._scalar(event)
                case EventKind.MAP | EventKind.LIST:
                    stack.append((event.start, [], event.kind is EventKind.MAP))
                    continue
                case EventKind.END:
                    node = self._collection(*stack.pop(), event.end)
                case EventKind.DOCUMENT | EventKind.ALIAS:
                    continue
                case _:
                    assert_never(event.kind)
            if stack:
                stack[-1][1].append(node)
            else:
                root = node
        return root

    def _refuses(self, event: Event, depth: int) -> bool:
        """Whether reading must stop here; a tag or an anchor alone is reported and skipped."""
        match event.kind:
            case EventKind.SCALAR | EventKind.END:
                pass
            case EventKind.DOCUMENT:
                self._documents += 1
                if self._documents > 1:
                    self.found.append(SEVERAL_DOCUMENTS.at(self._of(event), "a second document"))
                    return True
                if event.directives:
                    self.found.append(YAML_FEATURE.at(self._of(event), "directives are not read"))
            case EventKind.ALIAS:
                message = f"`*{event.value}` is an alias"
                self.found.append(YAML_FEATURE.at(self._of(event), message))
                return True
            case EventKind.MAP | EventKind.LIST:
                if depth >= DEEPEST:
                    self.found.append(_too_deep(self._of(event)))
                    return True
            case _:
                assert_never(event.kind)
        if event.anchor is not None or event.tag is not None:
            self._note_decorations(event)
        return False

    def _note_decorations(self, event: Event) -> None:
        decorated = _first_word(self._source, event.start)
        if event.anchor is not None:
            self.found.append(YAML_FEATURE.at(decorated, f"`&{event.anchor}` is an anchor"))
        if event.tag is not None:
            shown = self._source.text[decorated.start : decorated.end]
            quoted = Advise(f'if it is text, put it in quotes: "{shown}"')
            remedy = quoted if shown.startswith("!") else None
            self.found.append(
                YAML_FEATURE.at(decorated, f"YAML reads `{shown}` as a tag", remedy=remedy)
            )

    def _scalar(self, event: Event) -> Text:
        start, end = event.start, event.end
        if event.anchor is not None or event.tag is not None:
            self._note_decorations(event)
        if event.tag is not None and not event.value:
            # An exclusion without quotes, `!logs`: reported as a tag, read as what was meant.
            word = _first_word(self._source, start)
            return Text(word, word.source.text[word.start : word.end])
        return Text(self._span(start, end), event.value, empty=start == end)

    def _collection(self, start: int, children: list[Node], is_map: bool, end: int) -> Node:
        # libyaml ends a block collection where the next token begins: exclude the white space.
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

    def _of(self, event: Event) -> Span:
        return Span(self._source, event.start, event.end)


def _too_deep(span: Span) -> Diagnostic:
    message = f"nested more than {DEEPEST} levels deep"
    return YAML_FEATURE.at(span, message, remedy=Advise("no policy is nested deeply"))


def _first_word(source: Source, start: int) -> Span:
    end = start
    while end < len(source.text) and source.text[end] not in " \t\r\n,]}":
        end += 1
    return Span(source, start, max(end, start + 1))
