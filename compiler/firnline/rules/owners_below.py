"""Who owns the retention of an object, or of what lies below a prefix, by the policies?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from firnline.rules.program import Owned, Program
from firnline.s3.scope import Scope
from firnline.s3.terms import Clock


def owned_scopes(program: Program) -> list[Scope]:
    """By which it is decided."""
    return [each.scope for each in program.owned(Clock.OBJECTS)]


def possible_owners(
    program: Program, example: Scope, *, tags_known: bool
) -> tuple[str | None, ...]:
    """The `owner` of the policy that says how long a current object is kept, of one key and size;
    None where no policy does. There are several only where its tags are not known.
    """
    owned = [
        each
        for each in program.owned(Clock.OBJECTS)
        if (each.scope if tags_known else replace(each.scope, tags=())).holds(example)
    ]
    owned.sort(key=lambda each: (len(each.prefix), each.scope.place))
    owners: list[str | None] = []
    narrower: list[set[tuple[str, str]]] = []
    for each in reversed(owned):
        tags = set(each.scope.tags)
        if not any(others <= tags for others in narrower):
            owners.append(each.unit.policy.owner.value)
        narrower.append(tags)
    if set() not in narrower:
        owners.append(None)
    return tuple(owners[:1] if tags_known else dict.fromkeys(owners))


def owners_below(program: Program, prefix: str) -> tuple[str, ...]:
    """The `owner` of each policy that says how long current objects below the prefix are kept, or
    some of them, in the order of the prefixes it says it for.
    """
    owned = {each.scope: each for each in program.owned(Clock.OBJECTS)}
    inside = [
        each
        for scope, each in owned.items()
        if scope.prefix.startswith(prefix) and scope.prefix != prefix
    ]
    owners = [*_around(owned, prefix), *inside]
    return tuple(dict.fromkeys(each.unit.policy.owner.value for each in owners))


def _around(owned: Mapping[Scope, Owned], prefix: str) -> Iterator[Owned]:
    """Of wider scopes those that narrower ones leave something."""
    wider = [scope for scope in owned if prefix.startswith(scope.prefix)]
    narrower: list[Scope] = []
    for scope in sorted(wider, key=lambda scope: (len(scope.prefix), scope.place), reverse=True):
        filter = replace(scope, prefix="")
        if not any(each.holds(filter) for each in narrower):
            yield owned[scope]
        narrower.append(filter)
