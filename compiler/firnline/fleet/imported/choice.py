"""Of which scopes does a policy speak, and about which clocks? The fewest that say all of it.

The narrowest retention owns a clock whole, while S3 applies all rules. So a retention says what all
rules together do in its scope, and is there only where that is not what wider ones say already.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from firnline.fleet.imported.acting import BY_OBJECT, Acting, Told, within
from firnline.fleet.imported.obstacles import WHOLE, Spot
from firnline.s3.scope import Scope
from firnline.s3.terms import Clock, Days


@dataclass(frozen=True, slots=True)
class Owner:
    """The clocks of objects and of noncurrent versions that are said of a scope, and the age at
    which uploads are aborted and whether delete markers are removed, where that is said.
    """

    scope: Scope
    told: Mapping[Clock, Told] = field(default_factory=dict)
    uploads: Days | None = None
    removes_markers: bool | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """`removes_markers` of the whole bucket, where it has to be said."""

    owners: tuple[Owner, ...]
    removes_markers: bool | None = None


def choose(
    acting: Acting, beside: Acting, silent: Collection[Spot], *, keeps_versions: bool
) -> Choice:
    """`beside` are the rules that stay."""
    chooser = _Chooser(acting, beside, silent)
    owners = chooser.owners({})
    if not keeps_versions:
        return Choice(owners)
    implied = tuple(o.scope.prefix for o in owners if ends_versions(o))
    regions = ("", *acting.prefixes)
    denied: tuple[str, ...] = ()
    if any(each.startswith(implied) and not acting.removes_markers(each) for each in regions):
        # Of the whole bucket it is said once, unless a rule that stays removes some.
        stay = any(map(beside.removes_markers, regions))
        denied = _topmost(p for p in implied if not acting.removes_markers(p)) if stay else ("",)
    missing = [
        each
        for each in regions
        if acting.removes_markers(each)
        and not beside.removes_markers(each)
        and (each.startswith(denied) or not each.startswith(implied))
    ]
    if "" in missing:
        return Choice(owners, removes_markers=True)
    said = {**dict.fromkeys(denied, False), **dict.fromkeys(_topmost(missing), True)}
    return Choice(chooser.owners(said), removes_markers=said.get(""))


class _Chooser:
    def __init__(self, acting: Acting, beside: Acting, silent: Collection[Spot]) -> None:
        self._acting, self._beside, self._silent = acting, beside, silent

    def owners(self, markers: Mapping[str, bool]) -> tuple[Owner, ...]:
        """`markers`: the prefixes of which it has to be said whether delete markers are removed."""
        found: list[Owner] = []
        scopes = {*self._acting.scopes, *(Scope(prefix) for prefix in markers if prefix)}
        for scope in sorted(scopes, key=lambda scope: scope.place):
            removed = None if scope.is_filtered else markers.get(scope.prefix)
            owner = self._owner(scope, found, removed if scope != WHOLE else None)
            if owner is not None:
                found.append(owner)
        return tuple(found)

    def _owner(self, scope: Scope, wider: list[Owner], markers: bool | None) -> Owner | None:
        told = {
            clock: self._acting.told(scope, clock)
            for clock in BY_OBJECT
            if (scope, clock) not in self._silent
        }
        new = {
            clock: each
            for clock, each in told.items()
            if within(each, scope) != self._said_already(scope, clock, wider)
        }
        uploads = self._uploads(scope, wider)
        if not new and uploads is None and markers is None:
            return None
        if scope != WHOLE and Clock.OBJECTS not in told:
            return None
        return Owner(scope, _completed(scope, new, told, wider), uploads, markers)

    def _said_already(self, scope: Scope, clock: Clock, wider: list[Owner]) -> Told | None:
        """What happens there without a word about this scope; None where that is not decided."""
        over = _owners_of(clock, scope, wider)
        said = {within(each.told[clock], scope) for each in _narrowest(over)}
        if not over:
            return within(self._beside.told(scope, clock), scope)
        return said.pop() if len(said) == 1 else None

    def _uploads(self, scope: Scope, wider: list[Owner]) -> Days | None:
        """The age, where it has to be said."""
        if scope.is_filtered or (scope, Clock.MULTIPART_UPLOADS) in self._silent:
            return None
        age = self._acting.uploads(scope.prefix)
        said = [o.uploads for o in wider if o.uploads is not None and o.scope.holds(scope)]
        already = said[-1] if said else self._beside.uploads(scope.prefix)
        return None if age is None or age == already else Days(age)


def _completed(
    scope: Scope, new: Mapping[Clock, Told], told: Mapping[Clock, Told], wider: list[Owner]
) -> dict[Clock, Told]:
    """A retention says what happens to its objects; and to their noncurrent versions, if no other
    one does, even where a rule that stays does it: else deleting would seem to free nothing.
    """
    retains = scope != WHOLE or Clock.OBJECTS in new
    return {
        clock: each
        for clock, each in told.items()
        if clock in new
        or (retains and clock is Clock.OBJECTS)
        or (retains and each.ends and not _owners_of(clock, scope, wider))
    }


def _owners_of(clock: Clock, scope: Scope, owners: list[Owner]) -> list[Owner]:
    return [each for each in owners if clock in each.told and each.scope.holds(scope)]


def _narrowest(owners: list[Owner]) -> Iterator[Owner]:
    for each in owners:
        if not any(each is not other and each.scope.holds(other.scope) for other in owners):
            yield each


def ends_versions(owner: Owner) -> bool:
    told = owner.told.get(Clock.NONCURRENT_VERSIONS)
    return told is not None and bool(told.ends)


def _topmost(prefixes: Iterable[str]) -> tuple[str, ...]:
    found: list[str] = []
    for prefix in sorted(prefixes):
        if not prefix.startswith(tuple(found)):
            found.append(prefix)
    return tuple(found)
