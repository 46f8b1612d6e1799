"""`--owners FILE`, a CSV or a YAML list → the people who are there, and those who left."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from io import StringIO
from pathlib import PurePath
from typing import NoReturn, assert_never

from firnline.cli.failed import CommandFailed
from firnline.cli.named_file import beginning_of
from firnline.cli.parser import instead_of
from firnline.diagnostics.position import Source, Span
from firnline.diagnostics.visible import visible
from firnline.language.nodes import List, Map, Node, Text
from firnline.language.yaml_tree import TreeBuilder
from firnline.reach.mark.successors import Person

_NAMES = ("name", "owner", "login", "user", "email", "mail")
_KEYS = (*_NAMES, "team", "left")
_YAML = (".yaml", ".yml", ".json")
_NOT, _YES = ("", "no", "n", "false", "0"), ("yes", "y", "true", "1", "x")
_FORMS = (
    "name a CSV with a head and a column `name` or `email`, or a YAML list such as"
    " `- {name: ann, team: vision}`"
)

Written = tuple[int, Mapping[str, str]]
"""One person: the line, and what it says by key."""


def people_of(path: str, today: date) -> Mapping[str, Person]:
    """By each of their names, in lower case. Raises `CommandFailed`."""
    beginning_of(path, _FORMS)
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            text = file.read()
    except UnicodeDecodeError:
        raise CommandFailed(f"{visible(path)} is no text in UTF-8: {_FORMS}") from None
    except OSError as why:
        raise CommandFailed(f"{visible(path)} cannot be read: {why.strerror or why}") from None
    is_yaml = PurePath(path).suffix.lower() in _YAML
    written = _of_yaml(Source(path, text)) if is_yaml else _of_csv(path, text)
    people: dict[str, Person] = {}
    for line, said in written:
        person = Person(said.get("team") or None, _has_left(path, line, said, today))
        names = [name.lower() for key in _NAMES if (name := said.get(key, ""))]
        if not names:
            _refuse(path, line, "names nobody: write a name or an address")
        for name in names:
            people[name] = _either(people.get(name), person)
    if not people:
        raise CommandFailed(f"{visible(path)} lists nobody: {_FORMS}")
    return people


def _either(other: Person | None, person: Person) -> Person:
    """Of two of one name, the one who is there."""
    return other if other and not other.has_left else person


def _has_left(path: str, line: int, said: Mapping[str, str], today: date) -> bool:
    word = said.get("left", "").lower()
    if word in _NOT or word in _YES:
        return word in _YES
    try:
        return date.fromisoformat(word[:10]) <= today
    except ValueError:
        _refuse(path, line, f"`left` is {word!r}: write the day, such as 2026-09-01, or yes or no")


def _of_csv(path: str, text: str) -> Iterator[Written]:
    rows = csv.DictReader(StringIO(text, newline=""), restkey="", restval="", strict=True)
    try:
        keys = {each: each.strip().lower() for each in rows.fieldnames or ()}
        if not set(_NAMES) & set(keys.values()):
            _refuse(path, 1, f"no column is called {' or '.join(f'`{e}`' for e in _NAMES)}")
        for row in rows:
            if "" in row and "" not in keys:
                _refuse(path, rows.line_num, "has more fields than the head has names")
            yield (
                rows.line_num,
                {key: row[column].strip() for column, key in keys.items() if key in _KEYS},
            )
    except csv.Error as why:
        _refuse(path, rows.reader.line_num, f"is no CSV: {why}")


def _of_yaml(source: Source) -> Iterator[Written]:
    builder = TreeBuilder(source)
    root = builder.build()
    for problem in builder.found:
        assert isinstance(problem.place, Span)
        _refuse(source.path, problem.place.line, problem.message or problem.kind.title)
    if not isinstance(root, List):
        _refuse(source.path, 1, f"is no list of people: {_FORMS}")
    for item in root.items:
        yield item.span.line, _said(source.path, item)


def _said(path: str, item: Node) -> Mapping[str, str]:
    match item:
        case Text():
            return {"name": item.value.strip()}
        case Map():
            return dict(_value(path, key, value) for key, value in item.entries)
        case List():
            _refuse(path, item.span.line, "is a list in a list: write one person at each dash")
        case _:
            assert_never(item)


def _value(path: str, key: Text, value: Node) -> tuple[str, str]:
    line = key.span.line
    if key.value not in _KEYS:
        _refuse(path, line, instead_of("key of a person is called", key.value, _KEYS))
    if not isinstance(value, Text):
        _refuse(path, line, f"`{key.value}` is a list or a map: write one text")
    return key.value, value.value.strip()


def _refuse(path: str, line: int, problem: str) -> NoReturn:
    raise CommandFailed(f"{visible(path)}:{line}: {visible(problem)}")
