"""What stands under another store's name of a setting → settings of ours.

None where it cannot be read for certain: a date, a member that we do not know, zero days.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from firnline.language.edit_map import Value
from firnline.language.nodes import List, Map, Node, Text
from firnline.language.other_values import SWITCHED_OFF, same_value
from firnline.language.synonyms import Means, plain
from firnline.language.tier_choice import CannotSay, Moves, TierChoice
from firnline.language.units import (
    NotADuration,
    NotASize,
    parse_after,
    parse_size,
    suggest_duration,
    suggest_size,
)
from firnline.s3.law.limits import MOST_NEWER_VERSIONS
from firnline.s3.terms import Versioning

Settings = Mapping[str, Value]

_VERSIONING = frozenset(each.value for each in Versioning)

_DAYS = frozenset(
    {
        "days",
        "noncurrentdays",
        "transitionindays",
        "daysafterinitiation",
        "daysaftermodificationgreaterthan",
        "daysaftercreationgreaterthan",
    }
)


class CannotRead(Exception):
    """The value says something else, or more, than these settings can."""


def settings_of(means: Means, node: Node, tiers: TierChoice, storage_class: str) -> Settings | None:
    """`storage_class` is that of a transition whose key names it."""
    try:
        return _settings(means, node, tiers, storage_class)
    except (CannotRead, CannotSay):
        return None


def _settings(means: Means, node: Node, tiers: TierChoice, storage_class: str) -> Settings:
    match means:
        case Means.EXPIRATION:
            return _expiration(node)
        case Means.OLD_EXPIRATION:
            return {"old_versions": _old_expiration(node)}
        case Means.TRANSITIONS:
            return tiers.settings(_moves(node, storage_class))
        case Means.OLD_TRANSITIONS:
            return tiers.settings_of_old_versions(_moves(node, storage_class))
        case Means.KEEP_NEWEST:
            return {"old_versions": {"keep_newest": _count(node)}}
        case Means.DELETE_MARKERS:
            return {"delete_markers": _markers(node)}
        case Means.UPLOADS:
            return {"uploads": {"abort_after": _only_days(node)}}
        case Means.FILTER:
            return {"prefix": "", **_filter(node)}
        case Means.PREFIX:
            return {"prefix": _prefix(node)}
        case Means.TAGS:
            return {"tags": _tags(node)}
        case Means.OVER:
            return {"size": {"over": _size(node)}}
        case Means.UNDER:
            return {"size": {"under": _size(node)}}
        case Means.CLASSES:
            return {"storage_classes": tiers.class_of(_class(node))}
        case Means.VERSIONING:
            return {"versioning": _versioning(node)}
        case _:
            assert_never(means)


def _expiration(node: Node) -> Settings:
    members = _members(node)
    if members is None:
        return {"delete_after": _days(node)}
    settings: dict[str, Value] = {}
    for name, value in members.items():
        if name in _DAYS:
            settings["delete_after"] = _days(value)
        elif name == "expiredobjectdeletemarker":
            # False beside days is what Terraform's state says where nothing was written.
            if "days" not in members or _is_true(value):
                settings["delete_markers"] = _markers(value)
        else:
            raise CannotRead
    return _not_empty(settings)


def _old_expiration(node: Node) -> Settings:
    members = _members(node)
    if members is None:
        return {"delete_after": _days(node)}
    settings: dict[str, Value] = {}
    for name, value in members.items():
        if name in _DAYS:
            settings["delete_after"] = _days(value)
        elif name == "newernoncurrentversions":
            settings["keep_newest"] = _count(value)
        else:
            raise CannotRead
    return _not_empty(settings)


def _moves(node: Node, storage_class: str) -> Moves:
    if storage_class:
        return ((_finite(_only_days(node, least=0)), storage_class),)
    items = node.items if isinstance(node, List) else (node,)
    return tuple(_move(item) for item in items)


def _move(node: Node) -> tuple[str, str]:
    members = _members(node)
    if members is None or "storageclass" not in members:
        raise CannotRead
    days = [_days(value, least=0) for name, value in members.items() if name in _DAYS]
    into = members["storageclass"]
    if len(days) != 1 or len(members) != 2 or not isinstance(into, Text):
        raise CannotRead
    return _finite(days[0]), into.value.upper()


def _finite(days: str) -> str:
    """A transition that is switched off is none."""
    if days == "never":
        raise CannotRead
    return days


def _only_days(node: Node, *, least: int = 1) -> str:
    members = _members(node)
    if members is None:
        return _days(node, least=least)
    if len(members) != 1 or not _DAYS & members.keys():
        raise CannotRead
    return _days(next(iter(members.values())), least=least)


def _filter(node: Node) -> Settings:
    members = _members(node)
    if members is None:
        return {"prefix": _prefix(node)}
    settings: dict[str, Value] = {}
    size: dict[str, Value] = {}
    for name, value in members.items():
        match name:
            case "and":
                settings |= _filter(value)
            case "prefix":
                settings["prefix"] = _prefix(value)
            case "tag" | "tags":
                settings["tags"] = _tags(value)
            case "objectsizegreaterthan":
                size["over"] = _size(value)
            case "objectsizelessthan":
                size["under"] = _size(value)
            case _:
                raise CannotRead
    return {**settings, "size": size} if size else settings


def _tags(node: Node) -> Settings:
    if isinstance(node, List):
        return {key: value for item in node.items for key, value in _tags(item).items()}
    members = _members(node)
    if members is None or not isinstance(node, Map):
        raise CannotRead
    if members.keys() == {"key", "value"}:
        return {_text(members["key"]): _text(members["value"])}
    return _not_empty({key.value: _text(value) for key, value in node.entries})


def _members(node: Node) -> dict[str, Node] | None:
    """By plain names, without those that were left empty; None of a text."""
    if isinstance(node, List) and len(node.items) == 1:
        return _members(node.items[0])  # a block of Terraform, as its JSON has it
    if isinstance(node, List):
        raise CannotRead
    if isinstance(node, Text):
        return None
    return {plain(key.value): value for key, value in _written(node)}


def _written(node: Map) -> Iterator[tuple[Text, Node]]:
    return (
        (key, value)
        for key, value in node.entries
        if not (isinstance(value, Text) and (value.empty or value.value == "null"))
    )


def _days(node: Node, *, least: int = 1) -> str:
    said = _text(node)
    if plain(said) in SWITCHED_OFF:
        return "never"
    written = suggest_duration(said) or said
    try:
        after = parse_after(written)
    except NotADuration:
        raise CannotRead from None
    if not isinstance(after, int) or after < least:
        raise CannotRead
    return written


def _size(node: Node) -> str:
    said = _text(node)
    written = f"{said}B" if said.isdecimal() else suggest_size(said) or said
    try:
        parse_size(written)
    except NotASize:
        raise CannotRead from None
    return written


def _count(node: Node) -> str:
    if not (said := _text(node)).isdecimal() or not 1 <= int(said) <= MOST_NEWER_VERSIONS:
        raise CannotRead
    return said


def _class(node: Node) -> str:
    return same_value("storage class", _text(node)) or _text(node).upper()


def _versioning(node: Node) -> str:
    members = _members(node)
    said = _text(node if members is None else next(iter(members.values()), node))
    state = same_value("versioning", said) or said.lower()
    if (members is not None and members.keys() != {"status"}) or state not in _VERSIONING:
        raise CannotRead
    return state


def _markers(node: Node) -> str:
    return "expire" if _is_true(node) else "keep"


def _is_true(node: Node) -> bool:
    said = _text(node).lower()
    if said not in ("true", "false"):
        raise CannotRead
    return said == "true"


def _prefix(node: Node) -> Value:
    return tuple(map(_text, node.items)) if isinstance(node, List) else _text(node, or_nothing=True)


def _text(node: Node, *, or_nothing: bool = False) -> str:
    if not isinstance(node, Text) or (node.empty and not or_nothing):
        raise CannotRead
    return node.value


def _not_empty(settings: Settings) -> Settings:
    if not settings:
        raise CannotRead
    return settings
