"""Which deletions and moves out of reach are there, and which layouts do they hit?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

from firnline.consumers.found import Evidence, Found, Near, of_prefixes, reached
from firnline.consumers.layout import Layout, Part
from firnline.diagnostics.position import Place
from firnline.diagnostics.remedy import AddKey, Drop, Way, WriteValue
from firnline.rules.program import Owned, Program
from firnline.rules.threats import Loss, Threat, moves_into, of_kept, of_owned
from firnline.s3.terms import Bytes, Clock, Versioning, When

TIERED: Final = frozenset({"INTELLIGENT_TIERING"})


# Named tuples: defining a dataclass takes six times as long, at every start.
class Risk(NamedTuple):
    """`of_old`: it is noncurrent versions that are lost, the newest too. `way` is what
    to write instead, where the place tells it.
    """

    threat: Threat
    of_old: bool = False
    way: Way | None = None


class Due(NamedTuple):
    """Of what is stored by some facts so much is lost, the first at a moment; None of nothing. With
    `at_least`, not all was counted. `gone_before` would be, but another rule deletes it first.
    """

    objects: int
    bytes: Bytes
    first: datetime | None
    at_least: bool = False
    gone_before: int = 0


class AtRisk(NamedTuple):
    """What one setting does to layouts of one kind: `hits` are its risks, each with a layout that
    it reaches. Some of what they move the `deletions` take first.
    """

    layout: Layout
    hits: tuple[tuple[Risk, Found], ...]
    deletions: tuple[Threat, ...] = ()

    @property
    def risk(self) -> Risk:
        return self.hits[0][0]

    @property
    def place(self) -> Place:
        return self.risk.threat.place

    @property
    def evidence(self) -> Evidence:
        return self.hits[0][1].evidence

    @property
    def found(self) -> tuple[Found, ...]:
        return tuple(dict.fromkeys(found for _, found in self.hits))

    @property
    def parts(self) -> tuple[Part, ...]:
        """Those of the layout that any risk reaches."""
        met = {
            part for risk, found in self.hits for part in reached(found, risk.threat.scope.prefix)
        }
        return tuple(part for part in self.layout.parts if part in met)


def at_risk(risks: Iterable[Risk], found: Iterable[Found]) -> tuple[AtRisk, ...]:
    """Each setting once for each layout that it reaches, in the order of the risks. What another
    one deletes before it is moved is only deleted.
    """
    near = Near(each for each in found if each.layout.parts)
    every = list(risks)
    deletions = [each for each in every if each.threat.loss is Loss.DELETED]
    by: dict[tuple[Place, Loss, When, bool, Evidence, Layout], list[tuple[Risk, Found]]] = {}
    earlier: dict[Risk, tuple[Threat, ...]] = {}
    for risk in every:
        threat = risk.threat
        met = [each for each in near.to(threat.scope.prefix) if _is_met(each, risk)]
        earlier[risk] = _deletions_before(risk, deletions) if met else ()
        for each in met:
            if not (earlier[risk] and _is_gone(each, threat, earlier[risk])):
                what = threat.place, threat.loss, threat.after, risk.of_old
                by.setdefault((*what, each.evidence, each.layout), []).append((risk, each))
    return tuple(
        AtRisk(key[-1], tuple(hits), _each_once(earlier[risk] for risk, _ in hits))
        for key, hits in by.items()
    )


def _is_met(found: Found, risk: Risk) -> bool:
    return (found.layout.undo or not risk.of_old) and bool(reached(found, risk.threat.scope.prefix))


def _each_once(threats: Iterable[Iterable[Threat]]) -> tuple[Threat, ...]:
    return tuple(dict.fromkeys(each for some in threats for each in some))


def _deletions_before(risk: Risk, deletions: Iterable[Risk]) -> tuple[Threat, ...]:
    """Those that take some of what it moves, no later."""
    threat = risk.threat
    if threat.loss is not Loss.ARCHIVED:
        return ()
    return tuple(
        other.threat
        for other in deletions
        if other.of_old is risk.of_old
        and other.threat.is_before(threat)
        and other.threat.scope.shared_with(threat.scope)
    )


def _is_gone(found: Found, threat: Threat, deletions: Iterable[Threat]) -> bool:
    """Whether one of them takes all that the threat would move of the layout."""
    there = replace(threat.scope, prefix=max(threat.scope.prefix, found.root, key=len))
    return any(each.scope.holds(there) for each in deletions)


def named_in(program: Program) -> tuple[Found, ...]:
    """What the prefixes of its policies say by themselves, whatever they say it for."""
    said = [
        *(each.prefixes for each in program.promises),
        *(each.prefixes for each in program.holds),
    ]
    return of_prefixes(
        [
            *(unit.scope.prefix for unit in program.units),
            *(rule.filter.prefix for rule in program.kept),
            *(prefix.value for prefixes in said for prefix in prefixes),
        ]
    )


def named_at_risk(program: Program) -> tuple[AtRisk, ...]:
    found = named_in(program)
    return at_risk(of_program(program), found) if found else ()


def of_program(program: Program, *, tiering: bool = False) -> Iterator[Risk]:
    """With `tiering` also moves to INTELLIGENT_TIERING, which may have archive tiers."""
    for owned in program.owned(Clock.OBJECTS):
        into = moves_into(owned, TIERED) if tiering else ()
        for threat in (*of_owned(owned), *into):
            yield Risk(threat, way=_way(threat, owned))
    yield from map(Risk, of_kept(program))
    if program.versioning is Versioning.OFF:
        return
    for owned in program.owned(Clock.NONCURRENT_VERSIONS):
        for threat in of_owned(owned):
            if threat.loss is Loss.DELETED and owned.timeline.ends_of(0) is None:
                continue  # the newest stay
            way = (
                AddKey("keep_newest", "how many of the newest old versions stay")
                if threat.loss is Loss.DELETED
                else _way(threat, owned)
            )
            yield Risk(threat, of_old=True, way=way)
    yield from _old_by_kept(program)


def _old_by_kept(program: Program) -> Iterator[Risk]:
    """Where rules of others that are kept leave no old version."""
    scopes = [each.scope for each in program.owned(Clock.NONCURRENT_VERSIONS)]
    for kept in program.foreign.kept:
        end = kept.rule.noncurrent_expires if kept.rule and kept.rule.enabled else None
        if kept.rule is None or end is None or end.newer_versions:
            continue
        scope = kept.rule.filter.scope
        if not any(each.holds(scope) for each in scopes):
            threat = Threat(
                Loss.DELETED, end.after, scope, kept.span, scope.is_filtered, kept=kept.id
            )
            yield Risk(threat, of_old=True)


def _way(threat: Threat, owned: Owned) -> Way:
    if threat.loss is Loss.DELETED:
        return WriteValue("never")
    name = next(each.name for each in owned.timeline.moves if each.span == threat.place)
    return Drop(name, "the transition")
