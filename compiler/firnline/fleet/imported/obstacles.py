"""What can a policy not say, where, and which rules have to stay because of that?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from firnline.fleet.imported.acting import BY_OBJECT, BY_PREFIX, Acting, within
from firnline.fleet.imported.sayable import Obstacle, obstacle
from firnline.s3.model import Rule
from firnline.s3.scope import Scope
from firnline.s3.terms import Clock, Versioning

WHOLE = Scope()
Spot = tuple[Scope, Clock]


class Kept(NamedTuple):
    """`because_of` is the rule that the obstacle is about, where it is another one."""

    obstacle: Obstacle
    because_of: Rule | None


def obstacles(acting: Acting, versioning: Versioning | None) -> dict[Spot, Obstacle]:
    found = {}
    for scope in acting.scopes:
        for clock in BY_OBJECT:
            each = obstacle(acting.told(scope, clock), clock, scope)
            if each is not None:
                found[scope, clock] = each
        frees = _frees_nothing(acting, scope, versioning)
        if frees is not None:
            found.setdefault((scope, Clock.OBJECTS), frees)
    return found


def blocked(
    acting: Acting, found: Mapping[Spot, Obstacle], versioning: Versioning | None
) -> dict[Spot, Spot]:
    """Of which clocks of which scopes a policy has to be silent: where it cannot say what happens
    in a part of it. The values are those parts.
    """
    said = [(spot, spot) for spot in found]
    if versioning not in (None, Versioning.OFF):
        # Firnline refuses to delete objects where it does not see that their storage is freed.
        said += [
            ((part, Clock.OBJECTS), spot)
            for (part, clock), spot in _spread(acting, said).items()
            if clock is Clock.NONCURRENT_VERSIONS and acting.told(part, Clock.OBJECTS).ends
        ]
    of_objects = _spread(acting, [each for each in said if each[0][1] is Clock.OBJECTS])
    # A retention says what happens to its objects, whatever else it is about.
    others = [
        ((part, clock), spot)
        for (part, _), spot in of_objects.items()
        for clock in Clock
        if clock is not Clock.OBJECTS and part != WHOLE and _is_new(acting, part, clock)
    ]
    return _spread(acting, [*said, *others])


def _spread(acting: Acting, spots: Sequence[tuple[Spot, Spot]]) -> dict[Spot, Spot]:
    """To all scopes that hold one of the spots; the first counts."""
    found: dict[Spot, Spot] = {}
    for (part, clock), spot in spots:
        for scope in acting.scopes:
            if scope.holds(part):
                found.setdefault((scope, clock), spot)
    return found


def kept(
    acting: Acting, found: Mapping[Spot, Obstacle], silent: Mapping[Spot, Spot]
) -> dict[Rule, Kept]:
    """The rules that do something where a policy is silent."""
    there: dict[Rule, Kept] = {}
    for (scope, clock), spot in silent.items():
        guilty = {rule: None for rule, atom in acting.actors(*spot) if found[spot].guilty(atom)}
        for rule, _ in acting.actors(scope, clock):
            if rule in guilty:
                there[rule] = Kept(found[spot], None)
            else:
                there.setdefault(rule, Kept(found[spot], next(iter(guilty), None)))
    return {rule: there[rule] for rule in acting.rules if rule in there}


def _is_new(acting: Acting, part: Scope, clock: Clock) -> bool:
    """Whether something else happens there than in the whole bucket."""
    if clock in BY_PREFIX:
        if part.is_filtered:
            return False
        if clock is Clock.MULTIPART_UPLOADS:
            return acting.uploads(part.prefix) != acting.uploads("")
        return acting.removes_markers(part.prefix) != acting.removes_markers("")
    return within(acting.told(part, clock), part) != within(acting.told(WHOLE, clock), part)


def _frees_nothing(acting: Acting, scope: Scope, versioning: Versioning | None) -> Obstacle | None:
    if versioning is Versioning.OFF or not acting.told(scope, Clock.OBJECTS).ends:
        return None
    ends = acting.told(scope, Clock.NONCURRENT_VERSIONS).ends
    if ends and all(step.newest for step in ends):
        return Obstacle(KEEPS_NEWEST, _is_end)
    # Of a bucket that may keep no versions it is a warning.
    return None if ends or versioning is None else Obstacle(FREES_NOTHING, _is_end)


def _is_end(atom: object) -> bool:
    return getattr(atom, "target", None) is None


FREES_NOTHING = (
    "the storage of deleted objects is never freed, as nothing deletes their noncurrent versions"
    " (FL310); decide how long a deleted object can be restored, with"
    " `old_versions: {delete_after: …}`, and this can be a retention"
)
KEEPS_NEWEST = (
    "the storage of deleted objects is never freed, as the newest of their noncurrent versions are"
    " kept for ever (FL319); decide until when, with `keep_newest: {count: …, delete_after: …}`,"
    " and this can be a retention"
)
