"""The result of a simulation as data: a stable, versioned format (`firnline schema simulate`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, assert_never

from firnline.s3.simulate.batch import ActionTaken
from firnline.s3.simulate.stored import ItemKind, StoredItem
from firnline.targets.simulated import ByVersioning, Due, Shown, Simulated, written

SCHEMA_VERSION = 2


def to_json(shown: Shown) -> str:
    """One object on a line, so that a long document can be read in parts."""
    result = shown.result
    match result:
        case Due() | Simulated():
            head = json.dumps({**_head(result), "objects": []})
            return f"{head[:-2]}{_rows(result)}]}}\n"
        case ByVersioning(answers):
            head = json.dumps({**_head(next(iter(answers.values()))), "by_versioning": {}})
            each = (
                f'{json.dumps(versioning.value)}: {{"objects": [{_rows(answer)}]}}'
                for versioning, answer in answers.items()
            )
            lines = ",\n".join(each)
            return f"{head[:-2]}\n{lines}\n}}}}\n"
        case _:
            assert_never(result)


def _head(result: Due | Simulated) -> dict[str, Any]:
    match result:
        case Due(at=at):
            return {"schema_version": SCHEMA_VERSION, "at": written(at)}
        case Simulated(since=since, until=until):
            when = {"since": since and written(since), "until": until and written(until)}
            return {"schema_version": SCHEMA_VERSION, **when}
        case _:
            assert_never(result)


def _rows(result: Due | Simulated) -> str:
    lines = ",\n".join(f"  {json.dumps(row)}" for row in _objects(result))
    return f"\n{lines}\n" if lines else ""


def _objects(result: Due | Simulated) -> Iterator[dict[str, Any]]:
    match result:
        case Due(items, actions):
            for item, taken in zip(items, actions, strict=True):
                yield {**_item(item), **_taken(taken)}
        case Simulated(items, histories, made=made):
            for place, (item, story) in enumerate(zip(items, histories, strict=True)):
                listed = place < len(items) - made
                yield {
                    **_item(item),
                    **({} if listed else {"put_by_lifecycle": True}),
                    "steps": [{"at": written(s.at), **_taken(s.taken)} for s in story],
                }
        case _:
            assert_never(result)


def _item(item: StoredItem) -> dict[str, Any]:
    shape: dict[str, Any] = {"key": item.key, "created": written(item.created)}
    if item.kind is ItemKind.OBJECT_VERSION:
        shape |= {"size": item.size, "storage_class_now": item.storage_class}
    else:
        shape["type"] = item.kind.value.replace(" ", "_")
    if item.noncurrent_since is not None:
        shape["noncurrent_since"] = written(item.noncurrent_since)
    return shape


def _taken(taken: ActionTaken) -> dict[str, Any]:
    return {
        "action": taken.action.value,
        "storage_class": taken.storage_class,
        "due": written(taken.due) if taken.due else None,
        "rules": [rule.id for rule in taken.rules],
    }
