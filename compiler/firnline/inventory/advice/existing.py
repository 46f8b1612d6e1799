"""Which retentions of the policies that cover a bucket would save more with other tiers?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from firnline.inventory.advice.below import Node, sized
from firnline.inventory.advice.choices import ARCHIVES, YOUNGEST, choices, in_order
from firnline.inventory.advice.proposed import Change
from firnline.inventory.advice.reading import Reading
from firnline.inventory.advice.search import cheapest, reads_of, saved_by
from firnline.inventory.advice.timeline import Move, Timeline
from firnline.inventory.advice.value import Tariff
from firnline.language.model import Retention
from firnline.rules.kept_acts import acting
from firnline.rules.program import Owned, Program, timeline_of
from firnline.rules.responsible import Responsible
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.terms import Clock


class _OldVersions(NamedTuple):
    """The days after which policies delete the newest of them; None for never."""

    ends: int | None


def owned_prefixes(program: Program) -> list[str]:
    """Of all that sets how long current objects are kept, also of kept rules of others."""
    theirs = (rule.filter.prefix for rule in acting(program.kept, [Clock.OBJECTS]))
    return sorted({*(each.prefix for each in program.owned(Clock.OBJECTS)), *theirs})


def smallest_moves(program: Program) -> set[int]:
    return {each.unit.moves_from for each in program.owned(Clock.OBJECTS)}


@dataclass(frozen=True, slots=True)
class _Current:
    """A retention, what it does to objects, and the nodes that it owns."""

    owned: Owned
    retention: Retention
    timeline: Timeline
    nodes: list[Node]


@dataclass(frozen=True, slots=True)
class Existing:
    """`least`: the dollars that a change must save within the months of the forecast."""

    program: Program
    root: Node
    classes: Callable[[str], Collection[str]]
    sizes: Sequence[int]
    least: Fraction
    reading: Reading | None = None

    def changes(self, tariff: Tariff) -> list[Change]:
        """What saves most first. Raises `NoPrice`."""
        saving: list[tuple[Fraction, Change]] = []
        alike: dict[_OldVersions | None, list[_Current]] = defaultdict(list)
        responsible = Responsible(self.program)
        for each in self._current():
            alike[_old_versions(each, responsible)].append(each)
        for old, some in alike.items():
            as_there = tariff.with_old_versions(old.ends) if old else tariff
            saving += self._saving(some, as_there)
        return [change for _, change in sorted(saving, key=lambda pair: -pair[0])]

    def _saving(
        self, current: Sequence[_Current], tariff: Tariff
    ) -> Iterator[tuple[Fraction, Change]]:
        tried = [(each, self._choices(each)) for each in current]
        found = {id(each): sized(each.nodes, self.sizes, tariff.kinds) for each, _ in tried}
        wanted: dict[Timeline, set[int]] = defaultdict(set)
        for each, timelines in tried:
            kinds = {kind for some in found[id(each)].values() for kind in some}
            for timeline in (Timeline(ends=each.timeline.ends), *timelines):
                wanted[timeline] |= kinds
        tariff.learn(wanted)
        for each, timelines in tried:
            here = found[id(each)]
            reads = reads_of(self.reading, each.nodes, tariff)
            after, saved = cheapest(here, timelines, tariff, reads)
            more = (saved - saved_by(here, each.timeline, tariff, reads)) * tariff.unit
            if more > 0 and more >= self.least:
                yield more, self._change(each, after)

    def _current(self) -> Iterator[_Current]:
        """Without those that filter by more than the key, that a hold suspends, or that move what
        is smaller than 128 KiB.
        """
        by_prefix: dict[str, list[Owned]] = defaultdict(list)
        for each in self.program.owned(Clock.OBJECTS):
            by_prefix[each.prefix].append(each)
        of: dict[int, _Current] = {}
        nodes = _owned_by(self.root, list(by_prefix))
        for prefix, (one, *others) in by_prefix.items():
            retention = one.unit.retention
            if others or one.scope.is_filtered or one.unit.holds or retention is None:
                continue
            if one.unit.moves_from < SMALL_OBJECT:
                continue
            found = of.setdefault(id(retention), _Current(one, retention, _timeline(one), []))
            found.nodes.extend(nodes[prefix])
        yield from (
            each
            for each in of.values()
            if all(prefix.value in by_prefix for prefix in each.retention.prefixes)
        )

    def _choices(self, each: _Current) -> list[Timeline]:
        """Moves into the archive that are there stay as they are."""
        now = each.timeline
        allowed = [set(self.classes(prefix.value)) for prefix in each.retention.prefixes]
        classes = set.intersection(*allowed)
        kept = tuple(move for move in now.moves if move.into in ARCHIVES)
        ends = kept[0].after if kept else now.ends
        plain = now._replace(at_least=SMALL_OBJECT)
        tried = [plain._replace(moves=kept), plain]
        if kept:
            classes -= {*ARCHIVES}
        for moves in choices(classes, YOUNGEST, ends):
            if in_order((*moves, *kept)):
                tried.append(plain._replace(moves=(*moves, *kept)))
        if self.reading is not None:
            tried = [one for one in tried if not self.reading.forbids(each.nodes, one)]
        return list(dict.fromkeys([plain, plain._replace(moves=kept), *tried]))

    def _change(self, each: _Current, after: Timeline) -> Change:
        policy, retention = each.owned.unit.policy, each.retention
        prefixes = tuple(prefix.value for prefix in retention.prefixes)
        others = len(self.program.buckets) - 1
        path = retention.span.source.path
        name = retention.name.value
        return Change(path, policy.name.value, name, prefixes, each.timeline, after, others)


def _old_versions(each: _Current, responsible: Responsible) -> _OldVersions | None:
    """None where no policy says it."""
    clock = Clock.NONCURRENT_VERSIONS
    (unit,) = responsible.units(clock, each.owned.scope, tags_known=True)
    said = timeline_of(unit, clock) if unit else None
    if said is None:
        return None
    ends = said.ends_of(0)
    return _OldVersions(None if ends is None else int(ends))


def _timeline(owned: Owned) -> Timeline:
    moves = tuple(Move(int(move.after), move.storage_class) for move in owned.timeline.moves)
    ends = owned.timeline.ends
    least = owned.unit.moves_from if moves else SMALL_OBJECT
    return Timeline(moves, least, None if ends is None else int(ends))


def _owned_by(root: Node, prefixes: Sequence[str]) -> dict[str, list[Node]]:
    """Each node counts to the longest of the prefixes that its own begins with."""
    found: dict[str, list[Node]] = defaultdict(list)
    for node in root.all:
        around = [each for each in prefixes if node.prefix.startswith(each)]
        if around:
            found[max(around, key=len)].append(node)
    return found
