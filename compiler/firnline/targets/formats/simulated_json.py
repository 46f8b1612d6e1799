"""The result of a simulation as data: a stable, versioned format (`firnline schema simulate`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, assert_never

from firnline.s3.simulate.batch import ActionTaken
from firnline.s3.simulate.stored import ItemKind, StoredItem
from firnline.targets.simulated import Due, Simulated, written


def to_json(result: Due | Simulated) -> str:
    match result:
        case Due(items, actions, at):
            rows = ({**_item(t), **_taken(d)} for t, d in zip(items, actions, strict=True))
            return _document({"at": written(at)}, rows)
        case Simulated():
            return _histories(result)
        case _:
            assert_never(result)


def _histories(simulated: Simulated) -> str:
    listed = len(simulated.items) - simulated.made
    rows = (
        {
            **_item(item),
            **({} if place < listed else {"put_by_lifecycle": True}),
            "steps": [{"at": written(s.at), **_taken(s.taken)} for s in story],
        }
        for place, (item, story) in enumerate(
            zip(simulated.items, simulated.histories, strict=True)
        )
    )
    said = {name: getattr(simulated, name) for name in ("since", "until")}
    return _document({name: each and written(each) for name, each in said.items()}, rows)


def _document(head: dict[str, Any], rows: Iterator[dict[str, Any]]) -> str:
    """One object on a line, so that a long document can be read in parts."""
    opening = json.dumps({"schema_version": 1, **head, "objects": []})
    lines = ",\n".join(f"  {json.dumps(row)}" for row in rows)
    return f"{opening[:-2]}\n{lines}\n]}}\n" if lines else f"{opening}\n"


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
