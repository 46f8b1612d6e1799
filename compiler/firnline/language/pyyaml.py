"""YAML text → events or plain values, and values → text: the one module that knows PyYAML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import Any, Final, NamedTuple

import yaml


class EventKind(Enum):
    """The events that carry content of the text."""

    DOCUMENT = auto()
    SCALAR = auto()
    ALIAS = auto()
    MAP = auto()
    LIST = auto()
    END = auto()  # of a map or of a list


class Event(NamedTuple):
    """`start` and `end` count characters from the beginning of the text."""

    kind: EventKind
    start: int
    end: int
    value: str = ""  # of an alias, the name of its anchor
    anchor: str | None = None
    tag: str | None = None
    directives: bool = False  # whether `%` lines precede a document
    plain: bool = False  # of a scalar: neither quoted nor tagged, so it may be a number


class NotYaml(Exception):
    """Where reading fails, and where an unclosed part was opened."""

    def __init__(self, error: yaml.YAMLError) -> None:
        self.problem = str(getattr(error, "problem", None) or error)
        self.opened_at = _index(getattr(error, "context_mark", None))
        problem_at = _index(getattr(error, "problem_mark", None))
        self.at = self.opened_at if problem_at is None else problem_at
        # libyaml reads ahead, and from PyYAML 6.0.4 on it ends at 1,000 levels.
        self.nested_too_deep = "nesting depth" in self.problem
        super().__init__(self.problem)


def events(text: str) -> Iterator[Event]:
    """Raises `NotYaml` where it cannot go on, after the events before that.

    The C parser's, because PyYAML's composer recurses: it crashes the process at some 50,000
    levels of nesting (PyYAML 6.0.3, measured).
    """
    try:
        for event in yaml.parse(text.encode(), Loader=yaml.CBaseLoader):
            if (content := _content(event)) is not None:
                yield content
    except yaml.YAMLError as error:
        raise NotYaml(error) from error


def plain_values(text: bytes) -> object:
    """Maps, lists and texts: nothing is read as a number or a date. Raises `NotYaml`."""
    try:
        return yaml.load(text, yaml.BaseLoader)
    except yaml.YAMLError as error:
        raise NotYaml(error) from error


def plain_scalar(text: str) -> str | int | float | bool | None:
    """What a plain scalar means in YAML 1.1; dates stay text."""
    tag = _SCALARS.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    if tag not in _VALUES:
        return text
    node = yaml.ScalarNode(tag, text)
    try:
        value: str | int | float | bool | None = _SCALARS.construct_object(node)
    except ValueError:  # a number too long for Python to read
        return text
    return value


class Quoted(str):
    """Written in quotes: some readers of YAML read 012345670123 as an octal number."""


def as_name(text: str) -> str:
    """Quoted where one of YAML 1.1 and 1.2 reads it as something else than text, without quotes."""
    first = _SCALARS.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    plain = first == _TEXT and not _NO_TEXT.fullmatch(text)
    return text if plain else Quoted(text)


def written(values: dict[str, Any]) -> str:
    """As YAML, keys in their order. Each value is one line, however long, because it is compared
    and reviewed as a line.
    """
    text: str = yaml.dump(values, Dumper=_Dumper, sort_keys=False, width=1 << 30)
    return text


_SCALARS: Final = yaml.SafeLoader("")
_VALUES: Final = frozenset(f"tag:yaml.org,2002:{name}" for name in ("bool", "float", "int", "null"))

_TEXT: Final = "tag:yaml.org,2002:str"
# What PyYAML's 1.1 takes for text: its `y` and `n`, and the numbers of 1.2 (its core schema).
_NO_TEXT: Final = re.compile(
    r"[yn]|[-+]?(0o[0-7]+|(\.[0-9]+|[0-9]+(\.[0-9]*)?)(e[-+]?[0-9]+)?)", re.IGNORECASE
)


def _content(event: yaml.Event) -> Event | None:
    assert event.start_mark  # the C parser always has marks
    assert event.end_mark
    start, end = event.start_mark.index, event.end_mark.index
    match event:
        case yaml.ScalarEvent():
            plain = bool(event.implicit[0])
            return Event(
                EventKind.SCALAR, start, end, event.value, event.anchor, event.tag, plain=plain
            )
        case yaml.MappingStartEvent():
            return Event(EventKind.MAP, start, end, "", event.anchor, event.tag)
        case yaml.SequenceStartEvent():
            return Event(EventKind.LIST, start, end, "", event.anchor, event.tag)
        case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
            return Event(EventKind.END, start, end)
        case yaml.AliasEvent():
            return Event(EventKind.ALIAS, start, end, event.anchor or "")
        case yaml.DocumentStartEvent():
            directives = bool(event.version or event.tags)
            return Event(EventKind.DOCUMENT, start, end, directives=directives)
        case _:
            return None  # the stream's own events and the end of a document carry no content


class _Dumper(yaml.SafeDumper):
    """Writes `off` as policies do, in which there are no booleans."""

    yaml_implicit_resolvers = {  # noqa: RUF012 (PyYAML's own attribute)
        first: [(tag, form) for tag, form in forms if tag != "tag:yaml.org,2002:bool"]
        for first, forms in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }


def _quoted(dumper: yaml.SafeDumper, text: Quoted) -> yaml.Node:
    return dumper.represent_scalar(_TEXT, text, style='"')


_Dumper.add_representer(Quoted, _quoted)


def _index(mark: Any) -> int | None:
    return None if mark is None else mark.index
