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
    which uploads are aborted, where that is said. `expires_markers`: whether it says that delete
    markers are removed.
    """

    scope: Scope
    told: Mapping[Clock, Told] = field(default_factory=dict)
    uploads: Days | None = None
    expires_markers: bool = False


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
    owners = chooser.owners(())
    if not keeps_versions:
        return Choice(owners)
    implied = [o.scope.prefix for o in owners if _ends_versions(o)]
    regions = ("", *acting.prefixes)
    too_many = any(
        region.startswith(tuple(implied)) and not acting.removes_markers(region)
        for region in regions
    )
    missing = [
        region
        for region in regions
        if acting.removes_markers(region)
        and not beside.removes_markers(region)
        and (too_many or not region.startswith(tuple(implied)))
    ]
    if missing and not missing[0]:
        return Choice(owners, removes_markers=True)
    said = chooser.owners(_topmost(missing))
    return Choice(said, removes_markers=False if too_many else None)


class _Chooser:
    def __init__(self, acting: Acting, beside: Acting, silent: Collection[Spot]) -> None:
        self._acting, self._beside, self._silent = acting, beside, silent

    def owners(self, markers: Collection[str]) -> tuple[Owner, ...]:
        """`markers`: prefixes of which it has to be said that delete markers are removed."""
        found: list[Owner] = []
        for scope in self._acting.scopes:
            owner = self._owner(scope, found, not scope.is_filtered and scope.prefix in markers)
            if owner is not None:
                found.append(owner)
        return tuple(found)

    def _owner(self, scope: Scope, wider: list[Owner], markers: bool) -> Owner | None:
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
        if not new and uploads is None and not markers:
            return None
        if scope != WHOLE:
            if Clock.OBJECTS not in told:
                return None
            new = {clock: told[clock] for clock in told if clock in new or clock is Clock.OBJECTS}
        return Owner(scope, new, uploads, markers)

    def _said_already(self, scope: Scope, clock: Clock, wider: list[Owner]) -> Told | None:
        """What happens there without a word about this scope; None where that is not decided."""
        over = [each for each in wider if clock in each.told and each.scope.holds(scope)]
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


def _narrowest(owners: list[Owner]) -> Iterator[Owner]:
    for each in owners:
        if not any(each is not other and each.scope.holds(other.scope) for other in owners):
            yield each


def _ends_versions(owner: Owner) -> bool:
    told = owner.told.get(Clock.NONCURRENT_VERSIONS)
    return told is not None and bool(told.ends)


def _topmost(prefixes: Iterable[str]) -> tuple[str, ...]:
    found: list[str] = []
    for prefix in sorted(prefixes):
        if not prefix.startswith(tuple(found)):
            found.append(prefix)
    return tuple(found)
