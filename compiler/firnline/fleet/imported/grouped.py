"""What is said of scopes → retentions, one for all that say the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from firnline.fleet.imported.acting import BY_HEADER, Told
from firnline.fleet.imported.choice import Owner
from firnline.fleet.imported.model import ImportedRetention, ImportedTimeline
from firnline.fleet.imported.sayable import timeline_of
from firnline.language.model import Markers
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.scope import Scope
from firnline.s3.terms import Bytes, Clock

NEVER = ImportedTimeline()


def retention_of(owner: Owner) -> ImportedRetention:
    """Of one scope, without a name."""
    scope, old = owner.scope, owner.told.get(Clock.NONCURRENT_VERSIONS)
    alone = scope.at_least == 1 and not scope.tags and scope.at_most is None
    return ImportedRetention(
        prefixes=(scope.prefix,),
        objects=timeline_of(owner.told.get(Clock.OBJECTS, Told())),
        tags=tuple((key, (value,)) for key, value in scope.tags),
        over=Bytes(scope.at_least - 1) if scope.at_least > 1 or alone else None,
        under=Bytes(scope.at_most + 1) if scope.at_most is not None else None,
        smallest_move=next(iter(smallest_moves(owner) - {None}), None),
        old_versions=timeline_of(old) if old else None,
        delete_markers=Markers.EXPIRE if owner.expires_markers else None,
        uploads=owner.uploads,
    )


def smallest_moves(owner: Owner) -> set[Bytes | None]:
    """From which sizes on its clocks move; a retention can say one."""
    return {_smallest(each, owner.scope) for each in owner.told.values() if each.moves}


def grouped(retentions: Iterable[ImportedRetention]) -> list[ImportedRetention]:
    """At most one for all prefixes, and for all values of a tag, of which the same is said."""
    by_rest: dict[ImportedRetention, ImportedRetention] = {}
    for each in retentions:
        rest = replace(each, prefixes=())
        known = by_rest.get(rest)
        by_rest[rest] = _both(known, each) if known else each
    found = list(by_rest.values())
    for key in sorted({key for each in found for key, _ in each.tags}):
        found = _with_lists_of(key, found)
    return found


def is_whole(retention: ImportedRetention) -> bool:
    return retention.prefixes == ("",) and not is_filtered(retention)


def is_filtered(retention: ImportedRetention) -> bool:
    return bool(retention.tags) or retention.over is not None or retention.under is not None


def _smallest(told: Told, scope: Scope) -> Bytes | None:
    """None where it is what a policy means without a word."""
    usual = max(scope.at_least, SMALL_OBJECT)
    if told.moves_from in (BY_HEADER, usual):
        return None
    if told.moves_from > scope.at_least:
        return Bytes(told.moves_from)
    return Bytes(max(scope.at_least - 1, 1))


def _both(one: ImportedRetention, other: ImportedRetention) -> ImportedRetention:
    ids = tuple(dict.fromkeys((*one.rule_ids, *other.rule_ids)))
    return replace(one, prefixes=(*one.prefixes, *other.prefixes), rule_ids=ids)


def _with_lists_of(key: str, retentions: list[ImportedRetention]) -> list[ImportedRetention]:
    by_rest: dict[ImportedRetention, ImportedRetention] = {}
    for each in retentions:
        rest = replace(each, tags=tuple((k, () if k == key else v) for k, v in each.tags))
        known = by_rest.get(rest)
        if known is None:
            by_rest[rest] = each
            continue
        more = dict(each.tags).get(key, ())
        tags = tuple((k, (*v, *more) if k == key else v) for k, v in known.tags)
        ids = tuple(dict.fromkeys((*known.rule_ids, *each.rule_ids)))
        by_rest[rest] = replace(known, tags=tags, rule_ids=ids)
    return list(by_rest.values())
