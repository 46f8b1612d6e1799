"""Who owns the retention of an object, or of what lies below a prefix, by the policies?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from firnline.rules.kept_acts import (
    OWNER_OF_KEPT,
    acting,
    acting_on_item,
    may_not_act,
)
from firnline.rules.program import Owned, Program
from firnline.s3.scope import Scope
from firnline.s3.terms import Clock


def owned_scopes(program: Program) -> list[Scope]:
    """By which it is decided, also by kept rules of others."""
    theirs = (rule.filter.scope for rule in acting(program.kept, [Clock.OBJECTS]))
    return [*(each.scope for each in program.owned(Clock.OBJECTS)), *theirs]


def possible_owners(
    program: Program, example: Scope, *, tags_known: bool
) -> tuple[str | None, ...]:
    """The `owner` of the policy that says how long a current object is kept, of one key and size;
    `OWNER_OF_KEPT` where a kept rule of others acts instead; None where nobody says it. There are
    several only where its tags are not known.
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
        kept = acting_on_item(program.kept, Clock.OBJECTS, example, tags_known=tags_known)
        if kept:
            owners.append(OWNER_OF_KEPT)
        if not kept or may_not_act(kept, tags_known=tags_known):
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
    found = dict.fromkeys(each.unit.policy.owner.value for each in owners)
    if _is_of_others(program, prefix):
        found[OWNER_OF_KEPT] = None
    return tuple(found)


def _is_of_others(program: Program, prefix: str) -> bool:
    """Whether a kept rule acts on some of it that no policy decides about as a whole."""
    scopes = [each.scope for each in program.owned(Clock.OBJECTS)]
    theirs = (rule.filter.scope for rule in acting(program.kept, [Clock.OBJECTS]))
    parts = (each.shared_with(Scope(prefix)) for each in theirs)
    return any(part and not any(scope.holds(part) for scope in scopes) for part in parts)


def _around(owned: Mapping[Scope, Owned], prefix: str) -> Iterator[Owned]:
    """Of wider scopes those that narrower ones leave something."""
    wider = [scope for scope in owned if prefix.startswith(scope.prefix)]
    narrower: list[Scope] = []
    for scope in sorted(wider, key=lambda scope: (len(scope.prefix), scope.place), reverse=True):
        filter = replace(scope, prefix="")
        if not any(each.holds(filter) for each in narrower):
            yield owned[scope]
        narrower.append(filter)
