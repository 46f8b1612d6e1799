"""A bucket's program and rules → the rows of its retention schedule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from firnline.language.model import Hold, Policy, Promise
from firnline.language.units import NEVER
from firnline.rules.diff.boxes import part_of_cells
from firnline.rules.diff.scope import scope_of
from firnline.rules.diff.tag_sets import TagSets
from firnline.rules.diff.where import Where
from firnline.rules.lower import lower
from firnline.rules.program import Owned, Program
from firnline.rules.prove.promised import ROUNDING
from firnline.s3.compare.difference import facts
from firnline.s3.compare.story import of_objects, of_old_versions
from firnline.s3.model import RuleSet
from firnline.s3.terms import Clock, Versioning
from firnline.targets.schedule.ends import Case, ends_of, merged, under_hold
from firnline.targets.schedule.model import Row, Setting, TierOnTheWay
from firnline.targets.schedule.stretches import Decided, Region, Stretch, regions_of, said_by


def rows_of(program: Program, rules: RuleSet) -> tuple[Row, ...]:
    """In the order of their prefixes; all buckets of the program have these rows. Raises
    `NotAnalysed`.
    """
    before = rules if program.before_holds is None else lower(program.before_holds)
    found = list(regions_of(program, rules, before))
    by_prefix = sorted(region.prefixes[-1] for region in found)
    tag_sets = {region.prefixes[-1]: TagSets(region.tag_sets) for region in found}
    rows = []
    for group in _grouped(found).values():
        parts = {
            prefix: part_of_cells(
                ((each.cell.tags, each.sizes) for each in stretches), tag_sets[prefix]
            )
            for prefix, stretches in group.by_region.items()
        }
        where = scope_of(parts, by_prefix, tag_sets)
        rows.append(_Rowed(program, rules, group).row(where))
    return tuple(sorted(rows, key=lambda row: row.prefix))


@dataclass(slots=True, eq=False)
class _Group:
    """Stretches of one row, by region."""

    prefix: str
    decided: Decided
    by_region: dict[str, list[Stretch]] = field(default_factory=dict)

    @property
    def stretches(self) -> list[Stretch]:
        return [each for stretches in self.by_region.values() for each in stretches]


def _grouped(found: Iterable[Region]) -> dict[tuple[object, ...], _Group]:
    """What is the same in a region as in the one around it belongs to one row."""
    groups: dict[tuple[object, ...], _Group] = {}
    homes: dict[tuple[str, tuple[object, ...]], str] = {}
    for region in found:
        prefix = region.prefixes[-1]
        around = region.prefixes[-2] if len(region.prefixes) > 1 else None
        for each in region.stretches:
            key = each.decided.key
            home = homes.get((around, key), prefix) if around is not None else prefix
            homes[prefix, key] = home
            group = groups.setdefault((home, *key), _Group(home, each.decided))
            group.by_region.setdefault(prefix, []).append(each)
    return groups


@dataclass(frozen=True, slots=True)
class _Rowed:
    program: Program
    rules: RuleSet
    group: _Group

    def row(self, where: Sequence[Where]) -> Row:
        decided, stretches = self.group.decided, self.group.stretches
        ends = merged(ends_of(each.effect, self._case(each)) for each in stretches)
        without = None
        if decided.suspending:
            without = merged(ends_of(each.without_holds, self._case(each)) for each in stretches)
            ends = under_hold(ends, without)
        return Row(
            prefix=self.group.prefix,
            where=tuple(where),
            objects=_setting(decided.objects),
            old_versions=_setting(decided.old_versions),
            ends=ends,
            tiers=tuple(sorted(self._tiers(), key=lambda tier: tier.sort_key)),
            promises=tuple(self._with_policies(decided.promises)),
            holds=tuple(self._holds()),
            without_holds=without,
            registries=_registries(decided.objects),
            kept=tuple(rule.id for rule in decided.kept),
            uploads=_uploads_end(self.rules, self.group.prefix),
        )

    def _case(self, stretch: Stretch) -> Case:
        bucket, objects = self.program.buckets[0], stretch.decided.objects
        waits = objects is not None and objects.unit.waits_for_registries
        return Case(
            bucket.versioning,
            bucket.object_lock,
            waits,
            _unneeded_after(objects) if waits and objects else None,
            stretch.successor_ends_sooner,
        )

    def _tiers(self) -> Iterator[TierOnTheWay]:
        """From the size of the smallest objects on that make the transition."""
        bucket = self.program.buckets[0]
        known = facts(bucket.versioning, object_lock=bucket.object_lock)
        smallest: dict[tuple[Clock, str, int | date, int], int] = {}
        for each in self.group.stretches:
            stories = [of_objects(each.effect, known)]
            if bucket.versioning is not Versioning.OFF:
                stories.append(of_old_versions(each.effect, known))
            for story in stories:
                for step in story.moves:
                    after = step.when if isinstance(step.when, date) else int(step.when)
                    move = story.clock, step.into, after, step.newest
                    smallest[move] = min(smallest.get(move, each.cell.size), each.cell.size)
        for (clock, into, after, newest), size in smallest.items():
            yield TierOnTheWay(clock, into, after, size, newest)

    def _with_policies(self, promises: Iterable[Promise]) -> Iterator[tuple[Policy, Promise]]:
        wanted = set(map(id, promises))
        for policy in self.program.policies:
            yield from ((policy, each) for each in policy.promises if id(each) in wanted)

    def _holds(self) -> Iterator[tuple[Policy, Hold]]:
        decided = self.group.decided
        wanted = {id(each) for each in (*decided.holds, *decided.suspending)}
        for policy in self.program.policies:
            yield from ((policy, each) for each in policy.holds if id(each) in wanted)


def _setting(owned: Owned | None) -> Setting | None:
    said = said_by(owned)
    if said is None:
        return None
    policy, retention = said
    place = retention.name if retention else policy.name
    why = retention.why if retention and retention.why else policy.why
    return Setting(
        policy.name.value,
        retention.name.value if retention else None,
        policy.owner.value,
        why.value,
        place.span.path,
        place.span.line,
    )


def _registries(owned: Owned | None) -> tuple[str, ...]:
    if owned is None or not owned.unit.waits_for_registries:
        return ()
    references = owned.unit.policy.references
    return tuple(each.value for each in references.registries) if references else ()


def _uploads_end(rules: RuleSet, prefix: str) -> int | None:
    """Of all uploads below the prefix: by longer ones some may be aborted sooner."""
    days = [
        int(rule.aborts_uploads_after)
        for rule in rules.rules
        if rule.enabled and rule.aborts_uploads_after and prefix.startswith(rule.filter.prefix)
    ]
    return min(days) + ROUNDING if days else None


def _unneeded_after(owned: Owned) -> int | None:
    """How old an object must be at least before `firnline gc` deletes it; None for never."""
    said = owned.unit.unneeded_after
    if said is NEVER:
        return None
    references = owned.unit.policy.references
    least = references.min_age.value if references and references.min_age else 0
    return max(int(said or 0), int(least))
