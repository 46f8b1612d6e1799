"""Where does S3 end something sooner than the narrowest rule for it states?

S3 applies every rule that matches, and the earliest end wins (S3 User Guide, "How S3 Lifecycle
handles conflicts in lifecycle configurations").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from firnline.lint.placed import AcceptedConfiguration, Action
from firnline.lint.regions import Group, Region
from firnline.s3.compare.cells import Cell
from firnline.s3.scope import Scope
from firnline.s3.terms import Clock


@dataclass(frozen=True, slots=True)
class Cut:
    """`sooner` ends what `stated`, of a narrowest rule of the cell, is to end later; of noncurrent
    versions, those with `newer` newer noncurrent ones.
    """

    clock: Clock
    cell: Cell
    stated: Action
    sooner: Action
    newer: int = 0

    @property
    def crosses(self) -> bool:
        """Whether neither rule is for a part of what the other is for."""
        return not self.sooner.scope.holds(self.stated.scope)


def cuts(configuration: AcceptedConfiguration, regions: Iterable[Region]) -> tuple[Cut, ...]:
    """The first of each rule that a wider one cuts short, on each clock; of those that only rules
    cut short that cross it, the first of each pair.
    """
    groups = (group for region in regions for group in region.groups)
    found = [cut for group in groups for cut in _of(configuration, group)]
    within: dict[tuple[Clock, int], Cut] = {}
    crossing: dict[tuple[Clock, frozenset[int]], Cut] = {}
    for cut in found:
        if not cut.crosses:
            within.setdefault((cut.clock, cut.stated.placed.index), cut)
    for cut in found:
        if cut.crosses and (cut.clock, cut.stated.placed.index) not in within:
            pair = frozenset({cut.stated.placed.index, cut.sooner.placed.index})
            crossing.setdefault((cut.clock, pair), cut)
    return (*within.values(), *crossing.values())


def _of(configuration: AcceptedConfiguration, group: Group) -> Iterator[Cut]:
    for clock in (Clock.OBJECTS, Clock.NONCURRENT_VERSIONS)[: 1 + configuration.may_keep_versions]:
        ends = group.ends(clock)
        for scope in _narrowest(ends):
            own = [each for each in ends if each.scope == scope]
            others = [each for each in ends if each.scope != scope]
            cut = (
                _of_objects(group.cell, own, others, configuration.today)
                if clock is Clock.OBJECTS
                else _of_old_versions(group.cell, own, others)
            )
            if cut is not None:
                yield cut


def _narrowest(ends: Sequence[Action]) -> list[Scope]:
    """The scopes that contain no other one of them; none where there is only one scope."""
    scopes = list(dict.fromkeys(each.scope for each in ends))
    if len(scopes) < 2:
        return []
    if not any(each.is_filtered for each in scopes):
        return [max(scopes, key=lambda each: len(each.prefix))]
    found: list[Scope] = []
    for scope in sorted(scopes, key=lambda each: each.place, reverse=True):
        if not any(scope.holds(other) for other in found):  # none is behind one that contains it
            found.append(scope)
    return found


def _of_objects(
    cell: Cell, own: Sequence[Action], others: Sequence[Action], today: date | None
) -> Cut | None:
    """Whether another rule expires some object while none of its own does."""
    dates = [each.atom.when for each in own if each.atom.dated]
    if today is not None and any(isinstance(day, date) and day <= today for day in dates):
        return None  # its own rule expires everything already
    sooner = [each for each in others if all(_before(each, mine) for mine in own)]
    if not sooner:
        return None
    return Cut(Clock.OBJECTS, cell, min(own, key=_moment), _first(sooner, own))


def _of_old_versions(cell: Cell, own: Sequence[Action], others: Sequence[Action]) -> Cut | None:
    for newer in sorted({each.atom.newest for each in (*own, *others)} | {0}, reverse=True):
        ending = [each for each in own if each.atom.newest <= newer]
        sooner = [
            each
            for each in others
            if each.atom.newest <= newer and all(_before(each, mine) for mine in ending)
        ]
        if sooner:
            stated = min(ending or own, key=_moment)
            return Cut(Clock.NONCURRENT_VERSIONS, cell, stated, _first(sooner, own), newer)
    return None


def _before(one: Action, other: Action) -> bool:
    """Whether on some day some object is old enough for `one`, and not for `other`."""
    if one.atom.dated is other.atom.dated:
        return one.atom.day < other.atom.day
    return other.atom.dated or other.atom.day > 0


def _first(sooner: Sequence[Action], own: Sequence[Action]) -> Action:
    """Wider rules before those that cross; then the earliest."""
    scope = own[0].scope
    return min(sooner, key=lambda each: (not each.scope.holds(scope), _moment(each)))


def _moment(action: Action) -> tuple[bool, int]:
    """Ages before dates."""
    return action.atom.dated, action.atom.day
