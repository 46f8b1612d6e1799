"""The blocks and attributes of Terraform's values: which are set, and which members are they?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from firnline.language.data_tree import Path
from firnline.lint.sources.parts import Part
from firnline.lint.unknown import Unknown
from firnline.s3.shape import Json

_LONGEST_NUMBER: Final = 19
_NUMBERS: Final = frozenset(
    {
        "days",
        "days_after_initiation",
        "newer_noncurrent_versions",
        "noncurrent_days",
        "object_size_greater_than",
        "object_size_less_than",
    }
)


def blocks(value: object) -> list[Any]:
    """The blocks of one name: a list in plans and states, one object in `.tf.json` too."""
    if isinstance(value, dict):
        return [value]
    return value if isinstance(value, list) else []


def placed(value: object, where: Path) -> list[tuple[Any, Path]]:
    """The blocks of one name, each with its place."""
    if isinstance(value, dict):
        return [(value, where)]
    return [(each, (*where, nth)) for nth, each in enumerate(blocks(value))]


def first(value: object) -> dict[str, Any]:
    items = blocks(value)
    return items[0] if items and isinstance(items[0], dict) else {}


def block_in(values: Json, name: str, where: Path) -> tuple[Json, Path] | Unknown | None:
    """The only block of a name, with its place; an empty one may stand as null."""
    said = values.get(name)
    if isinstance(said, Unknown):
        return said
    items = blocks(said)
    if not items:
        return None
    if isinstance(items[0], Unknown):
        return items[0]
    here = (*where, name) if isinstance(said, dict) else (*where, name, 0)
    return (items[0] if isinstance(items[0], dict) else {}), here


def is_unset(value: object) -> bool:
    """Whether a text or number is not set: older providers write "" for that."""
    return value is None or value == ""


def number(value: Any) -> Any:
    """Older providers write sizes and counts as text."""
    is_text = isinstance(value, str) and value.isdecimal() and len(value) <= _LONGEST_NUMBER
    return int(value) if is_text else value


def members(block: Json, where: Path, names: Mapping[str, str]) -> Part:
    """The attributes that are set, as members of S3's; `names`: by attribute, the member."""
    said = {
        name: number(block.get(name)) if name in _NUMBERS else block.get(name) for name in names
    }
    sent = {name: value for name, value in said.items() if not is_unset(value)}
    shape = {names[name]: value for name, value in sent.items()}
    return Part(shape, {"": where, **{f".{names[name]}": (*where, name) for name in sent}})
