"""The schema of policies with what a project knows: its accounts, buckets, regions, registries.

Editors offer `examples` as values and `properties` as keys; what is valid stays the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from firnline.language.model import Folder
from firnline.language.schemas import FileKind, schema


def policy_schema_of(folder: Folder) -> dict[str, Any]:
    """The JSON Schema (draft-07) of the policies of this folder."""
    document = schema(FileKind.POLICY)
    definitions, properties = document["definitions"], document["properties"]
    applies = properties["applies_to"]["items"]["properties"]
    accounts = [each.label.value for each in folder.fleet.accounts] if folder.fleet else []
    buckets = [each.name.value for lock in folder.locks for each in lock.buckets]
    _offer(applies["account"], accounts)
    _offer(applies["regions"], _regions(folder))
    _offer(applies["buckets"], buckets)
    _offer(properties["references"]["properties"]["from"], _registries(folder))
    _offer(definitions["run_retention"]["properties"]["from"], _registries(folder))
    for settings in (properties, *(each.get("properties", {}) for each in definitions.values())):
        for name, keys in (("per_account", accounts), ("per_bucket", buckets)):
            if name in settings:
                settings[name] = _with_keys(settings[name], definitions, keys)
    return document


def _offer(part: dict[str, Any], values: Iterable[str]) -> None:
    """As a value, and as an item where the value may be a list."""
    offered = sorted(set(values))
    if offered:
        part["examples"] = offered
        if "items" in part:
            part["items"]["examples"] = offered


def _with_keys(
    part: dict[str, Any], definitions: dict[str, Any], keys: Iterable[str]
) -> dict[str, Any]:
    """Each key has the same value as any other one would have."""
    shared = definitions[part["$ref"].rpartition("/")[2]]
    offered = dict.fromkeys(sorted(set(keys)), shared["additionalProperties"])
    own = {name: value for name, value in part.items() if name != "$ref"}
    return {**shared, **own, "properties": offered}


def _regions(folder: Folder) -> list[str]:
    accounts = folder.fleet.accounts if folder.fleet else ()
    return [region for each in accounts for region in each.regions]


def _registries(folder: Folder) -> list[str]:
    return [each.name.value for each in folder.fleet.registries] if folder.fleet else []
