"""In which order do keys come? In that of the schema's properties; names keep their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from firnline.language.layout.parts import Block, Entry, Flow, Part, Scalar

Schema = Mapping[str, Any]


def in_order(part: Part, document: Schema) -> Part:
    """The same parts, with the keys of each map in the order of the schema."""
    return _ordered(part, [document], document)


def _ordered(part: Part, schemas: list[Schema], document: Schema) -> Part:
    if isinstance(part, Scalar):
        return part
    schemas = [each for schema in schemas for each in _alternatives(schema, document)]
    if _is_wrapper(part):
        entry = part.entries[0]
        return replace(
            part, entries=(replace(entry, value=_ordered(entry.value, schemas, document)),)
        )
    places = {
        name: place
        for place, name in enumerate(
            dict.fromkeys(name for schema in schemas for name in schema.get("properties", {}))
        )
    }
    entries = sorted(part.entries, key=lambda entry: places.get(entry.name or "", len(places)))
    return replace(
        part,
        entries=tuple(
            replace(
                entry,
                value=_ordered(entry.value, list(_below(schemas, entry)), document),
            )
            for entry in entries
        ),
    )


def _is_wrapper(part: Block | Flow) -> bool:
    """Whether it represents a file that is written in braces."""
    return isinstance(part, Block) and part.is_map and part.entries[0].name is None


def _alternatives(schema: Schema, document: Schema) -> Iterator[Schema]:
    """The schema, and those it refers to or combines."""
    yield schema
    reference = schema.get("$ref")
    if isinstance(reference, str):
        found: Any = document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        yield from _alternatives(found, document)
    for combined in ("allOf", "anyOf", "oneOf"):
        for each in schema.get(combined, ()):
            yield from _alternatives(each, document)
    for conditional in ("then", "else"):
        if isinstance(schema.get(conditional), Mapping):
            yield from _alternatives(schema[conditional], document)


def _below(schemas: list[Schema], entry: Entry) -> Iterator[Schema]:
    for schema in schemas:
        if entry.name is None:
            found = schema.get("items")
        elif entry.name in schema.get("properties", {}):
            found = schema["properties"][entry.name]
        else:
            found = schema.get("additionalProperties")
        if isinstance(found, Mapping):
            yield found
