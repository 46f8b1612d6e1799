"""Layouts a second time, without patterns: by the pieces of keys between slashes."""

from __future__ import annotations

from collections.abc import Iterator

Root = tuple[str, str]
"""The name of a layout, and the folder or key."""


def shown(key: str) -> Iterator[Root]:
    """Of the layouts that the test draws keys of."""
    pieces = key.split("/")
    last, above = pieces[-1], pieces[:-1]
    digits = last[:20]
    is_entry = len(digits) == 20 and digits.isdigit() and last[20:] in (".json", ".crc")
    if above[-1:] == ["_delta_log"] and (is_entry or last == "_last_checkpoint"):
        yield "Delta Lake table", folder(above[:-1])
    elif above[-1:] == ["metadata"] and last.endswith(".metadata.json"):
        version = last.removesuffix(".metadata.json")
        if version[:1] == "v" and version[1:].isdigit():
            yield "Iceberg table", folder(above[:-1])
    elif last.endswith(".tfstate"):
        yield "Terraform state", key
    elif len(above) > 2 and above[-3] == "indices" and len(above[-2]) == 22:
        is_shard = last.startswith("index-") and last != "index-"
        if is_shard and above[-1].isdigit():
            yield "Elasticsearch or OpenSearch snapshot repository", folder(above[:-3])


def needs(root: Root, key: str) -> bool:
    name, start = root
    if name == "Terraform state":
        return key == start
    if not key.startswith(start):
        return False
    if name.startswith("Elasticsearch"):
        rest = key[len(start) :]
        return any(rest.startswith(each) for each in ("index-", "snap-", "meta-", "indices/")) or (
            rest.startswith("index.latest")
        )
    return True


def folder(pieces: list[str]) -> str:
    return "".join(f"{each}/" for each in pieces)
