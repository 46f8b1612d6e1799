"""Whatever key a schema allows, something reads it: none is ever ignored."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, assert_never

import jsonschema_rs
import pytest

from firnline.language.nodes import Map
from firnline.language.read import Reader
from firnline.language.read_approvals import ApprovalsReader
from firnline.language.read_expectations import ExpectationsReader
from firnline.language.read_fleet import read_fleet, read_lock
from firnline.language.schemas import SCHEMAS, FileKind, schema
from firnline.language.syntax import read
from firnline.language.unread import UnreadKey
from tests.soak.grammar import PREFIXES, TEXTS

Schema = Mapping[str, Any]
NEW = "keep_for_audit"
VARIANTS = 8
"""Enough for each of several: sources of a registry, and shapes of `keep_newest`."""


class Everything:
    """A document in which every key of a schema stands, each with a value of its shape.

    Where a map takes one key of several, or a value one type of several, the variants differ.
    """

    def __init__(self, root: Schema, variant: int) -> None:
        self._root = root
        self._variant = variant

    def document(self) -> dict[str, Any]:
        return {**self._map(self._root), "firnline": self._root["properties"]["firnline"]["const"]}

    def _value(self, shape: Schema) -> Any:
        shape = self._resolved(shape)
        if "const" in shape or "enum" in shape:
            return shape["const"] if "const" in shape else shape["enum"][0]
        types = shape.get("type", "string")
        types = [types] if isinstance(types, str) else [each for each in types if each != "integer"]
        match types[self._variant % len(types)]:
            case "object":
                return self._map(shape)
            case "array":
                return [self._value(shape["items"])]
            case _:
                return self._text(shape)

    def _map(self, shape: Schema) -> dict[str, Any]:
        known = list(shape.get("properties", {}).items())
        if shape.get("maxProperties") == 1:
            known = [known[self._variant % len(known)]]
        known = [each for each in known if each[0] not in self._barred(shape)]
        made = {name: self._value(within) for name, within in known}
        if isinstance(others := shape.get("additionalProperties"), Mapping):
            made[self._text(self._resolved(shape.get("propertyNames", {})))] = self._value(others)
        return made

    def _barred(self, shape: Schema) -> set[str]:
        """Of keys that exclude each other, one or the others."""
        for key, needs in shape.get("dependencies", {}).items():
            if isinstance(needs, Mapping):
                others = set(needs["not"]["required"])
                with_it = {
                    each for each, list in shape["dependencies"].items() if others == {*list}
                }
                return {key} if self._variant // 2 % 2 else {*others, *with_it}
        return set()

    def _text(self, shape: Schema) -> str:
        if "prefix" in shape.get("title", ""):
            return PREFIXES[1]
        return next(text for text in TEXTS if re.search(shape.get("pattern", "^lab$"), text))

    def _resolved(self, shape: Schema) -> Schema:
        while "$ref" in shape:
            shape = self._root["definitions"][shape["$ref"].rpartition("/")[2]]
        return shape


def read_as(kind: FileKind, root: Schema) -> None:
    """Reads every variant of a document with all keys of a schema, as it holds for each bucket."""
    for variant in range(VARIANTS):
        document = Everything(root, variant).document()
        assert jsonschema_rs.Draft7Validator(dict(root)).is_valid(document), document
        node, found = read(json.dumps(document).encode(), "x.yaml")
        assert isinstance(node, Map), found
        match kind:
            case FileKind.POLICY:
                Reader().policy(node).for_bucket("lab", "lab")
            case FileKind.FLEET:
                read_fleet(node)
            case FileKind.LOCK:
                read_lock(node)
            case FileKind.EXPECTATIONS:
                ExpectationsReader().cases(node)
            case FileKind.APPROVALS:
                ApprovalsReader().approvals(node)
            case _:
                assert_never(kind)


def mappings(kind: FileKind) -> Iterator[tuple[str | int, ...]]:
    """Where in a schema a map of known keys is described."""

    def walk(shape: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
        if isinstance(shape, Mapping):
            if isinstance(shape.get("properties"), Mapping) and path[-1:] != ("properties",):
                yield path
            for key, within in shape.items():
                yield from walk(within, (*path, key))
        elif isinstance(shape, list):
            for number, within in enumerate(shape):
                yield from walk(within, (*path, number))

    yield from walk(schema(kind), ())


def at(root: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        root = root[step]
    return root


EVERY_MAPPING = [(kind, path) for kind in SCHEMAS for path in mappings(kind)]
EVERY_KEY = [
    (kind, path, key)
    for kind, path in EVERY_MAPPING
    for key in at(schema(kind), path)["properties"]
    if key != "firnline"
]


def _id(value: object) -> str:
    return "/".join(map(str, value)) or "root" if isinstance(value, tuple) else str(value)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_all_that_a_schema_allows_is_read(kind: FileKind) -> None:
    read_as(kind, schema(kind))


@pytest.mark.parametrize(("kind", "path"), EVERY_MAPPING, ids=_id)
def test_a_key_that_is_added_to_a_schema_alone_is_a_fault_of_ours(
    kind: FileKind, path: tuple[str | int, ...]
) -> None:
    root = copy.deepcopy(schema(kind))
    at(root, path)["properties"][NEW] = {"type": "string", "pattern": "^7y$"}
    with pytest.raises(UnreadKey, match=f"x.yaml:1:.*`{NEW}`"):
        read_as(kind, root)


@pytest.mark.parametrize(("kind", "path", "key"), EVERY_KEY, ids=_id)
def test_a_key_that_is_renamed_in_a_schema_alone_is_a_fault_of_ours(
    kind: FileKind, path: tuple[str | int, ...], key: str
) -> None:
    root = copy.deepcopy(schema(kind))
    mapping = at(root, path)
    mapping["properties"][NEW] = mapping["properties"].pop(key)
    _rename(mapping, key)
    with pytest.raises(UnreadKey, match=f"`{NEW}`"):
        read_as(kind, root)


def _rename(mapping: dict[str, Any], key: str) -> None:
    for keywords in (mapping, *mapping.get("anyOf", ()), *mapping.get("oneOf", ())):
        if key in keywords.get("required", ()):
            keywords["required"] = [NEW if each == key else each for each in keywords["required"]]
    for needs in mapping.get("dependencies", {}).values():
        keys = needs if isinstance(needs, list) else needs["not"]["required"]
        keys[:] = [NEW if each == key else each for each in keys]


def test_everything_really_has_every_key() -> None:
    """Else a key could be added where no document has a place for it."""
    for kind in SCHEMAS:
        made = [Everything(schema(kind), variant).document() for variant in range(VARIANTS)]
        known = {key for each_kind, _, key in EVERY_KEY if each_kind == kind}
        assert known <= {key for each in made for key in _keys(each)}


def _keys(data: Any) -> Iterator[str]:
    if isinstance(data, Mapping):
        yield from data
        for value in data.values():
            yield from _keys(value)
    elif isinstance(data, list):
        for value in data:
            yield from _keys(value)
