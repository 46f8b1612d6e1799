"""A rule's `Filter` or `Prefix` in boto3's shape → which objects the rule is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from firnline.s3.law import refusals as no
from firnline.s3.law.members import Report, integer, is_map, text
from firnline.s3.law.stated import StatedScope, StatedTag

_SIZES = ("ObjectSizeGreaterThan", "ObjectSizeLessThan")
_FILTER = frozenset({"Prefix", "Tag", *_SIZES, "And"})
_AND = frozenset({"Prefix", "Tags", *_SIZES})
_TAG = frozenset({"Key", "Value"})
_LARGEST_LONG = 2**63 - 1


def read_scope(said: Mapping[str, Any], report: Report) -> StatedScope:
    if "Filter" in said:
        return _read_filter(said, report)
    if "Prefix" in said:
        return StatedScope(scoped=True, legacy=True, prefix=text(said, "Prefix", "", report))
    report(no.NO_SCOPE, "Filter")
    return StatedScope()


def _read_filter(said: Mapping[str, Any], report: Report) -> StatedScope:
    if "Prefix" in said:
        report(no.TWO_SCOPES, "Prefix", "Filter")
        text(said, "Prefix", "", report)
    scoped = "Prefix" not in said
    filter: Any = said["Filter"]
    if not is_map(filter, _FILTER, "Filter", report):
        return StatedScope(scoped)
    if len(filter) > 1:
        report(no.SIDE_BY_SIDE, "Filter")
    if "And" in filter:
        return _read_and(filter, scoped, report)
    tags_at = "Filter.Tag" if "Tag" in filter else ""
    tags = _read_tag(filter["Tag"], tags_at, report) if tags_at else ()
    prefix = text(filter, "Prefix", "Filter.", report)
    larger, smaller = _read_sizes(filter, "Filter", report)
    return StatedScope(
        scoped,
        prefix=prefix,
        tags=tags,
        tags_at=tags_at,
        larger=larger,
        smaller=smaller,
        sizes_at=_first_size(filter, "Filter"),
    )


def _read_and(filter: Mapping[str, Any], scoped: bool, report: Report) -> StatedScope:
    _judge_beside_and(filter, report)
    path, inner = "Filter.And", filter["And"]
    if not is_map(inner, _AND, path, report):
        return StatedScope(scoped, has_and=True)
    tags_at = f"{path}.Tags"
    stated = inner.get("Tags", ())
    tags: tuple[StatedTag, ...] = ()
    if isinstance(stated, list | tuple):
        if len(inner) - ("Tags" in inner) + len(stated) < 2:
            report(no.LONELY_AND, path)
        tags = _read_tags(stated, tags_at, report)
    else:
        report(no.WRONG_TYPE, tags_at)
        stated = ()
    prefix = text(inner, "Prefix", f"{path}.", report)
    larger, smaller = _read_sizes(inner, path, report)
    return StatedScope(
        scoped,
        prefix=prefix,
        tags=tags,
        tags_at=tags_at if stated else "",
        has_and=True,
        larger=larger,
        smaller=smaller,
        sizes_at=_first_size(inner, path),
    )


def _judge_beside_and(filter: Mapping[str, Any], report: Report) -> None:
    """Predicates that do not count, as they stand beside an `And`; their types are judged."""
    text(filter, "Prefix", "Filter.", report)
    _read_sizes(filter, "Filter", report)
    if "Tag" in filter:
        _read_tag(filter["Tag"], "Filter.Tag", report)


def _read_sizes(
    inner: Mapping[str, Any], path: str, report: Report
) -> tuple[int | None, int | None]:
    larger = integer(inner, _SIZES[0], path, report, _LARGEST_LONG)
    return larger, integer(inner, _SIZES[1], path, report, _LARGEST_LONG)


def _first_size(inner: Mapping[str, Any], path: str) -> str:
    return next((f"{path}.{name}" for name in _SIZES if name in inner), "")


def _read_tags(tags: Sequence[Any], path: str, report: Report) -> tuple[StatedTag, ...]:
    read = (_read_tag(tag, f"{path}[{number}]", report) for number, tag in enumerate(tags))
    return tuple(tag for found in read for tag in found)


def _read_tag(tag: Any, path: str, report: Report) -> tuple[StatedTag, ...]:
    """None where it cannot be read."""
    if not is_map(tag, _TAG, path, report):
        return ()
    if len(tag) < 2:
        for name in sorted(_TAG - tag.keys()):
            report(no.HALF_A_TAG, f"{path}.{name}")
    inside = f"{path}."
    key, value = text(tag, "Key", inside, report), text(tag, "Value", inside, report)
    return () if key is None or value is None else (StatedTag(path, key, value),)
