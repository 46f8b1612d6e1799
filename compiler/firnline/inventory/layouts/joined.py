"""Folders and keys, each with a value → SQL that joins them with the keys of a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final, NamedTuple

from firnline.inventory.facts.frame import quoted

_OBJECTS: Final = "of_objects"


class Joined(NamedTuple):
    """`tables` follow `with`; `computed` are columns of `objects`; `joins` follow `from objects`;
    `values` are what was joined, null where that is nothing.
    """

    tables: str
    computed: Mapping[str, str]
    joins: str
    values: tuple[str, ...]


def joined(folders: Mapping[str, str], objects: Mapping[str, str]) -> Joined:
    """Values are SQL. A folder ends with a slash, and holds all that begins with it; a key in it
    has it as its first so many pieces, so that equality finds it.
    """
    by_depth: dict[int, dict[str, str]] = defaultdict(dict)
    for folder, value in folders.items():
        by_depth[folder.count("/")][folder] = value
    tables, computed, joins, values = [], {}, [], []
    for depth, of_depth in sorted(by_depth.items()):
        name = f"of_depth_{depth}"
        tables.append(_table(name, of_depth))
        computed[f"depth_{depth}"] = f"regexp_extract(key, '^(?:[^/]*/){{{depth}}}', 0, 's')"
        joins.append(f"left join {name} on {name}.start = objects.depth_{depth}")
        values.append(f"{name}.value")
    if objects:
        tables.append(_table(_OBJECTS, objects))
        computed["whole_key"] = "key"
        joins.append(f"left join {_OBJECTS} on {_OBJECTS}.start = objects.whole_key")
        values.append(f"{_OBJECTS}.value")
    return Joined(", ".join(tables), computed, " ".join(joins), tuple(values))


def _table(name: str, values: Mapping[str, str]) -> str:
    rows = ", ".join(f"({quoted(start)}, {value})" for start, value in values.items())
    return f"{name}(start, value) as (values {rows})"
