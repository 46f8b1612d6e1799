"""Which kinds of files are there, and does a file match its schema?

The schemas are the ones that editors use. `jsonschema-rs` judges quickly and says only yes or no.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from pkgutil import get_data
from typing import Any

import jsonschema_rs

from firnline.language.expectations import Fate
from firnline.s3.law.classes import CLASSES, TARGETS


class FileKind(StrEnum):
    """What the first line of a file declares it to be."""

    POLICY = "policy/v1"
    FLEET = "fleet/v1"
    LOCK = "fleet-lock/v1"
    EXPECTATIONS = "expectations/v1"
    APPROVALS = "approvals/v1"


SCHEMAS: Mapping[FileKind, str] = {
    FileKind.POLICY: "policy.schema.json",
    FileKind.FLEET: "fleet.schema.json",
    FileKind.LOCK: "fleet-lock.schema.json",
    FileKind.EXPECTATIONS: "expectations.schema.json",
    FileKind.APPROVALS: "approvals.schema.json",
}

# What S3 adds is added to the schemas by itself; that of expectations lists no classes of its own.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "storage_class": tuple(TARGETS),
    "stored_class": CLASSES,
    "fate": (*Fate, *CLASSES),
}


def schema(kind: FileKind) -> dict[str, Any]:
    """The JSON Schema (draft-07) of a kind of file, as editors read it; its storage classes are
    those that S3 has.
    """
    text = get_data("firnline.language", SCHEMAS[kind])
    assert text is not None
    document: dict[str, Any] = json.loads(text)
    for name, words in _WORDS.items():
        if name in document.get("definitions", {}):
            document["definitions"][name]["enum"] = list(words)
    return document


def has_shape(kind: FileKind, data: object) -> bool:
    """Never true of a file that is wrong; also false of one that this library does not accept."""
    try:
        return _validator(kind).is_valid(data)
    except ValueError:  # lone surrogates, deep nesting: `jsonschema` judges those
        return False


def first_mismatch(schema: dict[str, Any], data: object) -> str | None:
    """In words, where it is and what is wrong: of data that another program read as JSON. Fields
    that the schema does not know may come with a later version, and are no mismatch.
    """
    try:
        for error in jsonschema_rs.Draft7Validator(schema, mask="this").iter_errors(data):
            if error.schema_path[-1] != "additionalProperties":
                return f"{_place(error.instance_path)}{error.message}"
    except ValueError as why:  # lone surrogates, deep nesting
        return str(why)
    return None


def _place(path: Sequence[str | int]) -> str:
    keys = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in path)
    return f"at `{keys.removeprefix('.')}` " if keys else ""


@cache
def _validator(kind: FileKind) -> jsonschema_rs.Draft7Validator:
    return jsonschema_rs.Draft7Validator(schema(kind))
