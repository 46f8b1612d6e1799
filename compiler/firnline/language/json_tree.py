"""JSON → data, and the place of each of its values; without recursion.

The YAML reader could read it too, but knows neither numbers from texts nor `\\ud83d\\ude00`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, assert_never

from firnline.diagnostics.position import Source, Span
from firnline.language.data_tree import DataLocation, DataTree, Path

DEEPEST: Final = 64

_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
        (?P<sign>[{}\[\],:])
      | (?P<text>"(?:[^"\\\x00-\x1f]|\\.)*")
      | (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
      | (?P<word>true|false|null)
      | (?P<end>\Z)
    )""",
    re.VERBOSE,
)


class _Kind(Enum):
    """The groups of `_TOKEN`."""

    SIGN = "sign"
    TEXT = "text"
    NUMBER = "number"
    WORD = "word"
    END = "end"


_KINDS: Final = {kind.value: kind for kind in _Kind}
_WORDS: Final = {"true": True, "false": False, "null": None}
_LONGEST_NUMBER = 400  # digits; Python refuses to read more than 4,300


class NoJson(Exception):
    """The text is not JSON; the message says why, `span` where."""

    def __init__(self, reason: str, span: Span) -> None:
        super().__init__(reason)
        self.span = span


def read_json(source: Source) -> DataTree:
    """The whole text as one JSON value. Raises only `NoJson`."""
    return _Reader(source).read()


@dataclass(slots=True)
class _Open:
    """A map or list that is being read."""

    start: int
    path: Path
    key_span: Span | None
    holds: Any
    key: str | None = None
    here: Span | None = None


class _Reader:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._at = 0
        self._places: dict[Path, DataLocation] = {}
        self._twice: list[Span] = []

    def read(self) -> DataTree:
        open_: list[_Open] = []
        data = self._value(open_, (), None)
        while open_:
            data = self._step(open_)
        kind, _, span = self._next()
        if kind is not _Kind.END:
            raise NoJson("nothing may follow the end", span)
        return DataTree(data, self._places, tuple(self._twice))

    def _step(self, open_: list[_Open]) -> Any:
        """One entry of the innermost map or list, or its end; returns what was read last."""
        top = open_[-1]
        closing = "}" if isinstance(top.holds, dict) else "]"
        kind, token, span = self._next()
        if top.holds and kind is _Kind.SIGN and token == ",":
            kind, token, span = self._next()
            if token == closing:
                raise NoJson("a comma stands before the end", span)
        elif token == closing and kind is _Kind.SIGN:
            open_.pop()
            self._places[top.path] = DataLocation(
                Span(self._source, top.start, span.end), top.key_span
            )
            return top.holds
        elif top.holds:
            raise NoJson(f"a comma or `{closing}` is missing before this", span)
        if closing == "]":
            index = len(top.holds)
            top.holds.append(None)
            top.holds[index] = self._value(open_, (*top.path, index), None, (kind, token, span))
            return top.holds
        if kind is not _Kind.TEXT:
            raise NoJson("a key in double quotes is expected here", span)
        key = self._text(token, span)
        if key in top.holds:
            self._twice.append(span)
        sign, colon, after = self._next()
        if (sign, colon) != (_Kind.SIGN, ":"):
            raise NoJson("a colon is expected here", after)
        top.holds[key] = None
        top.holds[key] = self._value(open_, (*top.path, key), span)
        return top.holds

    def _value(
        self,
        open_: list[_Open],
        path: Path,
        key: Span | None,
        token: tuple[_Kind, str, Span] | None = None,
    ) -> Any:
        kind, text, span = token or self._next()
        if kind is _Kind.SIGN and text in "{[":
            if len(open_) >= DEEPEST:
                raise NoJson(f"nested more than {DEEPEST} levels deep", span)
            holds: Any = {} if text == "{" else []
            open_.append(_Open(span.start, path, key, holds))
            return holds
        self._places[path] = DataLocation(span, key)
        match kind:
            case _Kind.TEXT:
                return self._text(text, span)
            case _Kind.NUMBER:
                if len(text) > _LONGEST_NUMBER:
                    raise NoJson("a number of so many digits is not read", span)
                return json.loads(text)
            case _Kind.WORD:
                return _WORDS[text]
            case _Kind.SIGN | _Kind.END:
                raise NoJson("a value is expected here", span)
            case _:
                assert_never(kind)

    def _next(self) -> tuple[_Kind, str, Span]:
        found = _TOKEN.match(self._source.text, self._at)
        if found is None or found.lastgroup is None:
            start = self._at
            while self._source.text[start : start + 1] in (" ", "\t", "\r", "\n"):
                start += 1
            is_comment = self._source.text.startswith(("//", "/*", "#"), start)
            why = "JSON has no comments" if is_comment else "this is no JSON"
            raise NoJson(why, Span(self._source, start, start + 1))
        self._at = found.end()
        name = found.lastgroup
        return _KINDS[name], found[name], Span(self._source, *found.span(name))

    def _text(self, token: str, span: Span) -> str:
        try:
            text: str = json.loads(token)
        except ValueError as error:
            raise NoJson("an escape in this text is none of JSON's", span) from error
        return text
