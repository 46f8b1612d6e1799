"""Writes, changes and removes keys of a map in its text, leaving the rest alone."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import assert_never

from firnline.diagnostics.fix import Edit
from firnline.diagnostics.position import Span
from firnline.language.nodes import List, Map, Node, Text
from firnline.language.pyyaml import Quoted
from firnline.language.rewrite import PLAIN

Value = str | tuple[str, ...] | Mapping[str, "Value"]


class CannotEdit(Exception):
    """The text is in a form that a person should edit."""


def set_keys(into: Map, settings: Mapping[str, Value]) -> Iterator[Edit]:
    """Values are replaced where the keys exist, and else added after the others.

    Raises `CannotEdit`.
    """
    new: dict[str, Value] = {}
    for key, value in settings.items():
        there = _value_of(into, key)
        if there is None:
            new[key] = value
        elif isinstance(there, Map) and isinstance(value, Mapping):
            yield from set_keys(there, value)
        else:
            yield _replaced(there, written(value, quoted=_is_json(into)))
    if new:
        yield _put_in(into, new)


def replace_entry(into: Map, key: Text, settings: Mapping[str, Value]) -> Iterator[Edit]:
    """Settings in place of an entry; what stands in a map that exists is added there.

    Raises `CannotEdit`, also where one of the settings exists.
    """
    new: dict[str, Value] = {}
    for name, value in settings.items():
        there = _value_of(into, name)
        if there is None:
            new[name] = value
            continue
        if not isinstance(there, Map) or not isinstance(value, Mapping):
            raise CannotEdit
        if any(there.key(each) for each in value):
            raise CannotEdit
        yield from set_keys(there, value)
    if new:
        yield _in_place_of(into, key, new)
    else:
        yield from drop_keys(into, [(key.value,)])


def drop_keys(into: Map, paths: Collection[tuple[str, ...]]) -> Iterator[Edit]:
    """Leaves out paths that do not exist. A map that would become empty is removed too.

    Raises `CannotEdit`.
    """
    dropped = []
    for place, (key, value) in enumerate(into.entries):
        below = _below(paths, key.value)
        if _is_dropped(value, below):
            dropped.append(place)
        elif isinstance(value, Map):
            yield from drop_keys(value, below)
    for run in _runs(dropped):
        yield _taken_out(into, *run, all_of_it=len(dropped) == len(into.entries))


def written(value: Value, *, quoted: bool) -> str:
    """As flow text, with everything in quotes where the file is JSON, and else what has to be."""
    match value:
        case str():
            plain = PLAIN.fullmatch(value) and not quoted and not isinstance(value, Quoted)
            return value if plain else json.dumps(value, ensure_ascii=False)
        case tuple():
            return f"[{', '.join(written(each, quoted=quoted) for each in value)}]"
        case _:
            return f"{{{entries(value, quoted=quoted)}}}"


def entries(settings: Mapping[str, Value], *, quoted: bool) -> str:
    """As flow text, without the braces."""
    return ", ".join(
        f"{written(key, quoted=quoted)}: {written(value, quoted=quoted)}"
        for key, value in settings.items()
    )


def is_flow(node: Node) -> bool:
    return node.span.source.text.startswith(("{", "["), node.span.start)


def _below(paths: Collection[tuple[str, ...]], key: str) -> list[tuple[str, ...]]:
    return [path[1:] for path in paths if path[:1] == (key,)]


def _is_dropped(value: Node, paths: Collection[tuple[str, ...]]) -> bool:
    """Whether it is dropped itself, or all that is in it."""
    if () in paths:
        return True
    entries = value.entries if isinstance(value, Map) else ()
    return bool(entries) and all(
        _is_dropped(each, _below(paths, key.value)) for key, each in entries
    )


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of those that follow each other."""
    for place in places:
        if place - 1 not in places:
            yield place, next(last for last in places if last >= place and last + 1 not in places)


def _value_of(node: Map, key: str) -> Node | None:
    return next((value for name, value in node.entries if name.value == key), None)


def _is_json(node: Map) -> bool:
    """Whether its keys are in quotes."""
    text = node.span.source.text
    return bool(node.entries) and text[node.entries[0][0].span.start] == '"'


def _replaced(node: Node, text: str) -> Edit:
    if isinstance(node, Text):
        as_it_is = node.span.source.text[node.span.start : node.span.end]
        if as_it_is.strip("\"'") != node.value:
            raise CannotEdit  # with escapes, on several lines, with an anchor
    return Edit(node.span, text)


def _in_place_of(into: Map, key: Text, new: Mapping[str, Value]) -> Edit:
    text, value = into.span.source.text, _value_of(into, key.value)
    assert value is not None
    end = value.span.end if is_flow(into) else _last_part(value).span.end
    if {"#", "&"} & set(text[key.span.start : end]):
        raise CannotEdit  # a comment, or an anchor that is read elsewhere
    separator = ", "
    if not is_flow(into):
        indent = text[text.rfind("\n", 0, key.span.start) + 1 : key.span.start]
        if indent.strip() and len(new) > 1:
            raise CannotEdit  # after a dash
        separator = ("\r\n" if "\r\n" in text else "\n") + indent
    lines = (entries({name: said}, quoted=_is_json(into)) for name, said in new.items())
    return Edit(Span(into.span.source, key.span.start, end), separator.join(lines))


def _put_in(into: Map, new: Mapping[str, Value]) -> Edit:
    text, flow = into.span.source.text, is_flow(into)
    added = entries(new, quoted=_is_json(into))
    if not into.entries:
        if not flow:
            raise CannotEdit
        return _insertion(into.span, into.span.start + 1, added)
    key, value = into.entries[-1]
    last = _last_part(value)
    if flow:
        return _insertion(into.span, value.span.end, f", {added}")
    indent = text[text.rfind("\n", 0, key.span.start) + 1 : key.span.start]
    if indent.strip() or ("\n" in text[last.span.start : last.span.end] and not is_flow(last)):
        raise CannotEdit  # after a dash, or below text on several lines
    end = text.find("\n", last.span.end)
    end = len(text) if end < 0 else end - (text[end - 1] == "\r")
    new_line = "\r\n" if text.startswith("\r\n", end) else "\n"
    lines = (entries({name: said}, quoted=False) for name, said in new.items())
    return _insertion(into.span, end, "".join(f"{new_line}{indent}{line}" for line in lines))


def _last_part(node: Node) -> Node:
    """The text or the braces at its end."""
    match node:
        case Text():
            return node
        case List(items=(*_, last)) | Map(entries=(*_, (_, last))) if not is_flow(node):
            return _last_part(last)
        case List() | Map():
            return node
        case _:
            assert_never(node)


def _insertion(span: Span, index: int, text: str) -> Edit:
    return Edit(Span(span.source, index, index), text)


def _taken_out(into: Map, first: int, last: int, *, all_of_it: bool) -> Edit:
    source = into.span.source
    name, value = into.entries[first][0], into.entries[last][1]
    if is_flow(into):
        if first:
            start, end = into.entries[first - 1][1].span.end, value.span.end
        elif last + 1 < len(into.entries):
            start, end = name.span.start, into.entries[last + 1][0].span.start
        else:
            start, end = name.span.start, value.span.end
    else:
        start = source.text.rfind("\n", 0, name.span.start) + 1
        end = source.text.find("\n", value.span.end) + 1 or len(source.text)
        if all_of_it or source.text[start : name.span.start].strip():
            raise CannotEdit
    if "#" in source.text[start : value.span.end]:
        raise CannotEdit
    return Edit(Span(source, start, end), "")
