"""Where does a file not match the schema of its kind?

Each error of `jsonschema` becomes a diagnostic at its token, in our words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import assert_never

from jsonschema import Draft7Validator, ValidationError

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Span
from firnline.diagnostics.remedy import AddKey, Advise, RemoveOne
from firnline.language.how_to_write import how_to_write
from firnline.language.nodes import List, Map, Node, Path, Text, at
from firnline.language.schemas import FileKind, schema
from firnline.language.shape_kinds import MISSING_KEY, WRONG_SHAPE
from firnline.language.shape_values import bad_text, required, with_article
from firnline.language.unknown_keys import meant_keys, unknown_keys

_ONE_OF_SOME = ("anyOf", "dependencies", "maxProperties", "not")
"""Keywords that are about several keys of a map at once."""
_FOR_ALL = frozenset({"old_versions", "delete_markers", "uploads", "storage_classes"})


@dataclass(frozen=True, slots=True)
class ShapeError:
    """One mistake: what to report, the path of what must be left out, and the map that lacks a
    key; each of them where there is one.
    """

    diagnostic: Diagnostic | None = None
    path: Path | None = None
    is_incomplete: Span | None = None


def shape_errors(kind: FileKind, root: Map, data: object) -> Iterator[ShapeError]:
    """All mistakes; `data` is the content of `root`."""
    for error in _errors(kind, data):
        if error.validator == "required":
            yield ShapeError(is_incomplete=at(root, tuple(error.absolute_path)).span)
        if error.validator == "additionalProperties" and not error.absolute_path:
            yield from map(_without_its_defaults, _missing_defaults(error, root))
        yield from map(_without_its_defaults, _affected(error, root))
        for diagnostic, path in _translated(error, root):
            yield ShapeError(diagnostic, path)


def _affected(error: ValidationError, root: Map) -> list[Map]:
    """The retentions whose defaults are not known, as a setting above or in them is wrong: what
    they lack is nothing to report.
    """
    match tuple(error.absolute_path):
        case (key, *_) if key in _FOR_ALL:
            return _retentions(root)
        case ("retain", name, key, *_) if key in _FOR_ALL:
            retention = at(root, ("retain", name))
            return [retention] if isinstance(retention, Map) else []
        case _:
            return []


def _missing_defaults(error: ValidationError, root: Map) -> list[Map]:
    """The retentions for which something was said at the top level in other words: what they lack
    is nothing to report.
    """
    assert isinstance(error.schema, Mapping)
    if not meant_keys(list(error.schema["properties"]), root, ()) & _FOR_ALL:
        return []
    return _retentions(root)


def _retentions(root: Map) -> list[Map]:
    retain = root.get("retain")
    values = (value for _, value in retain.entries) if isinstance(retain, Map) else ()
    return [value for value in values if isinstance(value, Map)]


def _without_its_defaults(retention: Map) -> ShapeError:
    return ShapeError(is_incomplete=retention.span)


def _errors(kind: FileKind, data: object) -> Iterator[ValidationError]:
    """Of those for the keys that one map lacks, the first stands for all: none says which key."""
    lacking = set()
    for error in _validator(kind).iter_errors(data):
        if error.validator == "required":
            where = tuple(error.absolute_path), tuple(error.absolute_schema_path)
            if where in lacking:
                continue
            lacking.add(where)
        yield error


@cache  # a function of constants
def _validator(kind: FileKind) -> Draft7Validator:
    return Draft7Validator(schema(kind))


def _translated(error: ValidationError, root: Node) -> Iterator[tuple[Diagnostic, Path | None]]:
    """Our diagnostics for one error of jsonschema, each with the path of what must be left out."""
    path: Path = tuple(error.absolute_path)
    node = at(root, path)
    assert isinstance(error.schema, Mapping)
    match error.validator:
        case "additionalProperties":
            assert isinstance(root, Map)
            yield from unknown_keys(list(error.schema["properties"]), root, path)
        case "required":
            wanted = [key for key in _missing(error) if not _is_said_otherwise(key, error, root)]
            yield from ((_missing_key(key, error, node, path, root), None) for key in wanted)
        case "anyOf" if not path:
            assert isinstance(error.validator_value, list)
            key = error.validator_value[0]["required"][0]
            if not _is_said_otherwise(key, error, root):
                yield _missing_key(key, error, node, path, root), None
        case "pattern" if "propertyNames" in error.absolute_schema_path:
            yield _bad_name(error, node), (*path, str(error.instance))
        case _:
            yield _bad_value(error, node, path, root), path or None


def _missing(error: ValidationError) -> list[str]:
    assert isinstance(error.instance, Mapping)
    required = error.validator_value
    assert isinstance(required, list)
    return [key for key in required if key not in error.instance]


def _is_said_otherwise(missing: str, error: ValidationError, root: Node) -> bool:
    """Whether the missing key is there, misspelt or by another name: one mistake, reported once
    (FL103).
    """
    assert isinstance(root, Map)
    assert isinstance(error.schema, Mapping)
    if error.schema.get("additionalProperties", True):
        return False
    known = list(error.schema["properties"])
    return missing in meant_keys(known, root, tuple(error.absolute_path))


def _missing_key(
    missing: str, error: ValidationError, node: Node, path: Path, root: Node
) -> Diagnostic:
    assert isinstance(node, Map)
    assert isinstance(error.schema, Mapping)
    described = error.schema["properties"][missing].get("description", "")
    named = _key_of(root, path) or next((key for key, _ in node.entries), None)
    match path:
        case ():
            who = "the file"
        case (*_, str() as key):
            who = f"`{key}`"
        case _:
            who = "the entry"
    return MISSING_KEY.at(
        named.span if named else node.span,
        f"{who} has no `{missing}`",
        remedy=AddKey(missing, _as_phrase(described) if described else ""),
    )


def _as_phrase(sentences: str) -> str:
    first = sentences.split(". ")[0].rstrip(".")
    return first[0].lower() + first[1:]


def _bad_name(error: ValidationError, node: Node) -> Diagnostic:
    assert isinstance(node, Map)
    assert isinstance(error.schema, Mapping)
    key = node.key(str(error.instance))
    assert key is not None
    what = error.schema.get("title", "name")
    return WRONG_SHAPE.at(
        key.span, f"`{key.value}` is not {with_article(what)}", remedy=how_to_write(what)
    )


def _bad_value(error: ValidationError, node: Node, path: Path, root: Node) -> Diagnostic:
    assert isinstance(error.schema, Mapping)
    what: str = error.schema.get("title", "value")
    key = next((step for step in reversed(path) if isinstance(step, str)), "this")
    match node:
        case List() if error.validator == "uniqueItems":
            return _listed_twice(node)
        case Text(empty=True):
            named = _key_of(root, path)
            remedy = Advise('write `prefix: ""` for the whole bucket') if key == "prefix" else None
            return WRONG_SHAPE.at(
                named.span if named else node.span, f"`{key}` is empty", remedy=remedy
            )
        case Text():
            return bad_text(what, key, node, error.schema)
        case Map(entries=(_, *_)) if error.validator in _ONE_OF_SOME:
            named = _key_of(root, path)
            return WRONG_SHAPE.at(
                named.span if named else node.span,
                f"`{key}` must be {required(what, error.schema)}",
            )
        case List(items=()) | Map(entries=()):
            return WRONG_SHAPE.at(node.span, f"`{key}` is empty", remedy=how_to_write(what))
        case List() | Map():
            message = f"`{key}` must be {required(what, error.schema)}"
            return WRONG_SHAPE.at(node.span.first_line, message, remedy=how_to_write(what))
        case _:
            assert_never(node)


def _listed_twice(node: List) -> Diagnostic:
    first: dict[str, Text] = {}
    for item in node.items:
        if isinstance(item, Text) and item.value in first:
            return WRONG_SHAPE.at(
                item.span,
                f"`{item.value}` is listed twice",
                also=[(first[item.value].span, "here first")],
                remedy=RemoveOne((first[item.value].span, item.span), "one of the two"),
            )
        if isinstance(item, Text):
            first[item.value] = item
    return WRONG_SHAPE.at(
        node.span, "the same is listed twice", remedy=Advise("remove one of the two")
    )


def _key_of(root: Node, path: Path) -> Text | None:
    """The key under which a value stands, if it stands under one."""
    for length in range(len(path), 0, -1):
        parent = at(root, path[: length - 1])
        step = path[length - 1]
        if isinstance(parent, Map):
            return parent.key(str(step))
    return None
