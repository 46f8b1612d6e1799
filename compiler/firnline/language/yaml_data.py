"""YAML that other tools write → data, and the place of each of its values; without recursion.

Unlike in a policy, numbers are numbers here, anchors and merge keys have their meaning, and tags
such as CloudFormation's `!Sub` are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from firnline.diagnostics.position import Source, Span
from firnline.language.data_tree import DataLocation, DataTree, Path
from firnline.language.pyyaml import Event, EventKind, NotYaml, events, plain_scalar

DEEPEST: Final = 64
MOST_VALUES: Final = 200_000  # with those that aliases stand for
_MERGE: Final = "<<"


@dataclass(frozen=True, slots=True)
class Tagged:
    """A value with a tag of its own, such as `!Sub`."""

    tag: str
    value: Any


class NoYamlData(Exception):
    """The text is not read as YAML; the message says why, `span` where."""

    def __init__(self, reason: str, span: Span) -> None:
        super().__init__(reason)
        self.span = span


def read_yaml(source: Source) -> DataTree:
    """The only document of a text. Raises `NoYamlData`."""
    return _Reader(source).read()


@dataclass(slots=True)
class _Open:
    """A map or list that is being read; `key` is the key whose value comes next."""

    event: Event
    path: Path
    key_span: Span | None
    holds: Any
    key: Any = None
    key_at: Span | None = None
    merges: list[Any] | None = None
    values: int = 1


class _Reader:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._places: dict[Path, DataLocation] = {}
        self._twice: list[Span] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._open: list[_Open] = []
        self._data: Any = None
        self._documents = 0

    def read(self) -> DataTree:
        try:
            for event in events(self._source.text):
                self._take(event)
        except NotYaml as error:
            at = min(error.at or 0, len(self._source.text))
            raise NoYamlData(error.problem, Span(self._source, at, at + 1)) from error
        return DataTree(self._data, self._places, tuple(self._twice))

    def _take(self, event: Event) -> None:
        span = Span(self._source, event.start, event.end)
        if event.kind is EventKind.DOCUMENT:
            self._documents += 1
            if self._documents > 1:
                raise NoYamlData("a second document begins here; only one is read", span)
        elif event.kind is EventKind.END:
            self._close(span)
        elif self._expects_key() and event.kind in (EventKind.MAP, EventKind.LIST):
            raise NoYamlData("a key must be plain text", span)
        elif self._expects_key():
            self._set_key(event, span)
        elif event.kind in (EventKind.MAP, EventKind.LIST):
            self._begin(event, span)
        else:
            self._scalar(event, span)

    def _expects_key(self) -> bool:
        return (
            bool(self._open)
            and isinstance(self._open[-1].holds, dict)
            and (self._open[-1].key_at is None)
        )

    def _set_key(self, event: Event, span: Span) -> None:
        top = self._open[-1]
        key = event.value
        if key in top.holds and key != _MERGE:
            self._twice.append(span)
        top.key, top.key_at = key, span

    def _begin(self, event: Event, span: Span) -> None:
        if len(self._open) >= DEEPEST:
            raise NoYamlData(f"nested more than {DEEPEST} levels deep", span)
        path, key_span = self._next_place()
        holds: Any = {} if event.kind is EventKind.MAP else []
        self._open.append(_Open(event, path, key_span, holds))

    def _scalar(self, event: Event, span: Span) -> None:
        path, key_span = self._next_place()
        self._places[path] = DataLocation(span, key_span)
        if event.kind is EventKind.ALIAS:
            if event.value not in self._anchors:
                raise NoYamlData(f"`*{event.value}` is an alias of nothing above it", span)
            self._put(*self._anchors[event.value], span)
            return
        value = plain_scalar(event.value) if event.plain else event.value
        self._finish(event, value, 1, span)

    def _close(self, end: Span) -> None:
        top = self._open.pop()
        start = top.event.start
        written = self._source.text[start : end.end].rstrip()
        span = Span(self._source, start, start + len(written))
        self._places[top.path] = DataLocation(span, top.key_span)
        holds = top.holds
        for merged in top.merges or ():
            holds = {**merged, **holds}
        self._finish(top.event, holds, top.values, span)

    def _finish(self, event: Event, value: Any, values: int, span: Span) -> None:
        if event.tag is not None and event.tag.startswith("!"):
            value = Tagged(event.tag, value)
        if event.anchor is not None:
            self._anchors[event.anchor] = value, values
        self._put(value, values, span)

    def _put(self, value: Any, values: int, span: Span) -> None:
        if not self._open:
            self._data = value
            return
        top = self._open[-1]
        top.values += values
        if top.values > MOST_VALUES:
            raise NoYamlData(f"aliases repeat more than {MOST_VALUES:,} values", span)
        if isinstance(top.holds, list):
            top.holds.append(value)
            return
        if top.key == _MERGE:
            merges = value if isinstance(value, list) else [value]
            top.merges = [*(top.merges or ()), *(each for each in merges if isinstance(each, dict))]
        else:
            top.holds[top.key] = value
        top.key, top.key_at = None, None

    def _next_place(self) -> tuple[Path, Span | None]:
        if not self._open:
            return (), None
        top = self._open[-1]
        if isinstance(top.holds, list):
            return (*top.path, len(top.holds)), None
        return (*top.path, top.key), top.key_at
