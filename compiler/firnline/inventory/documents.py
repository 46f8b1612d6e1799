"""The text of a listing → the JSON or YAML documents in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from json import JSONDecodeError, JSONDecoder
from typing import Any, Final, NamedTuple, assert_never

from firnline.inventory.not_a_listing import NotAListing
from firnline.language.pyyaml import Event, EventKind, NotYaml, events

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_YAML: Final = re.compile(r"(?:[A-Za-z]+:(?:[ \t]|\r?\n|$)|- )")
_NULL: Final = re.compile(r"null\s*(?:\.\.\.\s*)?\Z")  # as `--query` prints nothing
_DEEPEST: Final = 100


class Document(NamedTuple):
    """`text` is all of the file, and `start` where the document begins in it; `is_json` because
    only in JSON it is known where its parts are.
    """

    value: Any
    text: str
    start: int
    is_json: bool

    @property
    def line(self) -> int:
        return self.text.count("\n", 0, self.start) + 1


def documents_in(text: str) -> list[Document] | None:
    """Several one after another too, as `mc ls --json` prints an object on each line; none where
    there is no text. None where it is neither JSON nor YAML. Raises `NotAListing`.
    """
    start = _after_space(text, 0)
    if start == len(text) or _NULL.match(text, start):
        return []
    if text[start] in "{[":
        return list(_of_json(text, start))
    if _YAML.match(text, start):
        return [Document(_of_yaml(text), text, start, is_json=False)]
    return None


def _of_json(text: str, start: int) -> Iterator[Document]:
    decoder = JSONDecoder()
    try:
        while start < len(text):
            value, end = decoder.raw_decode(text, start)
            yield Document(value, text, start, is_json=True)
            start = _after_space(text, end)
    except JSONDecodeError as problem:
        raise NotAListing(
            f"is not JSON: line {problem.lineno}, column {problem.colno}: {problem.msg}"
        ) from None
    except RecursionError:
        raise NotAListing("is nested too deeply") from None
    except ValueError as problem:
        raise NotAListing(f"is not JSON: {problem}") from None


def _after_space(text: str, start: int) -> int:
    found = _SPACE.match(text, start)
    assert found is not None  # it can also match nothing
    return found.end()


def _of_yaml(text: str) -> Any:
    """Maps, lists and texts: `read_row` reads numbers and truth values from texts as well."""
    try:
        return _built(events(text))
    except NotYaml as problem:
        line = "" if problem.at is None else f" in line {text.count(chr(10), 0, problem.at) + 1}"
        raise NotAListing(f"is neither JSON nor YAML{line}: {problem.problem}") from None


def _built(found: Iterator[Event]) -> Any:
    """Without recursion, whose depth the text would decide."""
    top: list[Any] = []
    stack: list[tuple[bool, list[Any]]] = [(False, top)]
    for event in found:
        match event.kind:
            case EventKind.SCALAR:
                stack[-1][1].append(event.value)
            case EventKind.MAP | EventKind.LIST:
                stack.append(_opened(event.kind, len(stack)))
            case EventKind.END:
                is_map, values = stack.pop()
                stack[-1][1].append(_map(values) if is_map else values)
            case EventKind.ALIAS:
                raise NotAListing("uses YAML's anchors, which no listing does")
            case EventKind.DOCUMENT:
                pass
            case _:
                assert_never(event.kind)
    return top[0] if len(top) == 1 else top


def _opened(kind: EventKind, depth: int) -> tuple[bool, list[Any]]:
    if depth > _DEEPEST:
        raise NotAListing("is nested too deeply")
    return kind is EventKind.MAP, []


def _map(values: list[Any]) -> dict[str, Any]:
    """Of keys and values in turn."""
    return {str(key): value for key, value in zip(values[::2], values[1::2], strict=True)}
