"""What is said of scopes → retentions, one for all that say the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from firnline.fleet.imported.acting import BY_HEADER, Told
from firnline.fleet.imported.choice import Owner
from firnline.fleet.imported.model import ImportedRetention
from firnline.fleet.imported.obstacles import WHOLE
from firnline.fleet.imported.sayable import timeline_of
from firnline.language.model import Markers
from firnline.s3.scope import Scope
from firnline.s3.terms import Bytes, Clock

_MARKERS = {None: None, True: Markers.EXPIRE, False: Markers.WITH_OBJECTS}


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
        delete_markers=_MARKERS[owner.removes_markers],
        uploads=owner.uploads,
    )


def smallest_moves(owner: Owner) -> set[Bytes | None]:
    """From which sizes on its clocks move; a retention can say one."""
    return {_smallest(each, owner.scope) for each in owner.told.values() if each.moves}


def split(owners: Iterable[Owner]) -> tuple[Owner | None, list[Owner]]:
    """What is said of the whole bucket outside of retentions, and those that need a retention: of
    the whole bucket only objects do, and noncurrent versions where a size has to be said.
    """
    top, retained = None, []
    for each in owners:
        if each.scope != WHOLE:
            retained.append(each)
            continue
        old = each.told.get(Clock.NONCURRENT_VERSIONS)
        sized = old is not None and bool(old.moves) and _smallest(old, WHOLE) is not None
        inside = [Clock.OBJECTS, *([Clock.NONCURRENT_VERSIONS] if sized else [])]
        told = {clock: said for clock, said in each.told.items() if clock in inside}
        top = replace(each, told={c: said for c, said in each.told.items() if c not in told})
        if told:
            retained.append(replace(each, told=told, uploads=None))
    return top, retained


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


def _smallest(told: Told, scope: Scope) -> Bytes | None:
    """None where it is what a policy means without a word."""
    if told.moves_from == BY_HEADER:
        return None
    if told.moves_from > scope.at_least:
        return Bytes(told.moves_from)
    return Bytes(max(scope.at_least - 1, 1))


def _both(one: ImportedRetention, other: ImportedRetention) -> ImportedRetention:
    return replace(_joined(one, other), prefixes=(*one.prefixes, *other.prefixes))


def _joined(one: ImportedRetention, other: ImportedRetention) -> ImportedRetention:
    ids, meeting = (*one.rule_ids, *other.rule_ids), (*one.meeting, *other.meeting)
    return replace(one, rule_ids=ids, meeting=meeting)


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
        by_rest[rest] = replace(_joined(known, each), tags=tags)
    return list(by_rest.values())
