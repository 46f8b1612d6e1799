"""How much of what is stored do rules take of a layout, and when the first of it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import IntEnum
from typing import NamedTuple

from firnline.inventory.layouts.needed import Needed, is_needed
from firnline.rules.at_risk.risks import TIERED, AtRisk, Due
from firnline.rules.threats import Loss, Threat, is_out_of_reach
from firnline.s3.scope import Scope, Tags
from firnline.s3.simulate.clock import due_after
from firnline.s3.simulate.stored import ItemKind, StoredItem
from firnline.s3.terms import Bytes


class Reach(IntEnum):
    """How far an object is from being read at once."""

    NEAR = 0
    TIERED = 1
    """Its tier may be an archive."""
    ARCHIVED = 2

    @classmethod
    def of(cls, storage_class: str | None) -> Reach:
        if is_out_of_reach(storage_class):
            return cls.ARCHIVED
        return cls.TIERED if storage_class in TIERED else cls.NEAR


class Group(NamedTuple):
    """So many objects, or old versions, with `bytes` in all, that the same rules match and the same
    layouts need: `key` and `size` are those of one of them, or stand for it. `since` is when the
    first of them was written or replaced; `tags` are None where they are not known, and then any
    may be there.
    """

    key: str
    size: int
    needed_by: int
    tags: Tags | None
    reach: Reach
    is_old: bool
    since: datetime
    objects: int
    bytes: int


def due(each: AtRisk, groups: Iterable[Group], *, at_least: bool = False) -> Due:
    objects = size = gone_before = 0
    first: datetime | None = None
    for group in groups:
        when = min(_moments(each, group), default=None)
        if when is None:
            continue
        if _is_gone(each, group):
            gone_before += group.objects
            continue
        objects += group.objects
        size += group.bytes
        first = when if first is None else min(first, when)
    return Due(objects, Bytes(size), first, at_least, gone_before)


def of_items(
    items: Iterable[StoredItem], risks: Iterable[AtRisk], *, tags_known: bool
) -> Iterator[Group]:
    """Those of a listing that a layout needs, each alone."""
    needed = Needed({found for each in risks for found in each.found})
    for item in items:
        since = item.created if item.current else item.noncurrent_since
        if item.kind is not ItemKind.OBJECT_VERSION or since is None:
            continue
        if bits := needed.by(item.key):
            yield Group(
                key=item.key,
                size=item.size,
                needed_by=bits,
                tags=item.tags if tags_known else None,
                reach=Reach.of(item.storage_class),
                is_old=not item.current,
                since=since,
                objects=1,
                bytes=item.size,
            )


def _moments(each: AtRisk, group: Group) -> Iterator[datetime]:
    """When the group is lost, by each of the risks that take it."""
    if each.risk.of_old is not group.is_old or not is_needed(each.layout, group.needed_by):
        return
    for risk in dict.fromkeys(risk for risk, _ in each.hits):
        if _matches(risk.threat, group):
            when = due_after(group.since, risk.threat.after)
            if when is not None:
                yield when


def _is_gone(each: AtRisk, group: Group) -> bool:
    """Whether a deletion takes it that comes before each of the risks which match it."""
    matching = [risk.threat for risk, _ in each.hits if _matches(risk.threat, group)]
    return any(
        _matches(deletion, group)
        and (group.tags is not None or not deletion.scope.tags)
        and all(deletion.is_before(threat) for threat in matching)
        for deletion in each.deletions
    )


def _matches(threat: Threat, group: Group) -> bool:
    scope = threat.scope
    if threat.loss is Loss.ARCHIVED and group.reach >= Reach.of(threat.storage_class):
        return False  # it is there already
    if not group.key.startswith(scope.prefix) or group.size < scope.at_least:
        return False
    if scope.at_most is not None and group.size > scope.at_most:
        return False
    return group.tags is None or set(scope.tags) <= set(group.tags)


def tags_of(risks: Iterable[AtRisk]) -> Sequence[Tags]:
    """The sets that the rules filter by."""
    return sorted({tuple(sorted(scope.tags)) for scope in scopes_of(risks)} - {()})


def scopes_of(risks: Iterable[AtRisk]) -> Iterator[Scope]:
    """That tell objects apart."""
    for each in risks:
        yield from (risk.threat.scope for risk, _ in each.hits)
        yield from (deletion.scope for deletion in each.deletions)
