"""Do rules do to every possible item what the policies require, and no more?

What is required comes from the program alone: this shares no code with `lower`.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace

from firnline.language.model import Markers
from firnline.rules.program import Owned, Program
from firnline.rules.prove.required import Requirements, claim, requirements
from firnline.s3.compare.applied import Applied, markers_and_uploads_of
from firnline.s3.compare.cells import Cell, cells, regions
from firnline.s3.compare.difference import (
    Difference,
    MarkersAndUploads,
    facts,
    of_markers_and_uploads,
    of_objects,
)
from firnline.s3.compare.effect import Effect
from firnline.s3.compare.table import Atoms, Table, table_of
from firnline.s3.model import RuleSet
from firnline.s3.terms import Clock

_OF_DATA = (Clock.OBJECTS, Clock.NONCURRENT_VERSIONS)


class Unproved(Exception):
    """The rules of a program do something else than it requires: a fault of the compiler. `example`
    is an item, with what is required for it and what the rules do.
    """

    def __init__(self, bucket: str, example: str) -> None:
        super().__init__(
            f"the rules made for `{bucket}` do something else than the policies require;"
            f" nothing is written\n{example}"
        )


@dataclass(frozen=True, slots=True)
class Proof:
    """`cells` were compared; if there are no `differences`, the rules do what is required."""

    cells: int
    differences: tuple[Difference, ...]


def prove(program: Program, rules: RuleSet) -> Proof:
    """Compare what a program requires with what rules do, in every cell and from every start.

    `one` of a difference is what is required: what the rules of others that are kept do where no
    policy sets the clock, and elsewhere what the policies say. Raises `NotAnalysed`.
    """
    walk = _Walk(requirements(program), Applied(rules), program)
    found = tuple(walk.differences())
    return Proof(walk.cells, found)


def analyse_kept(program: Program) -> None:
    """Raises `NotAnalysed` where kept rules of others make too many cells beside the policies."""
    if not program.kept:
        return
    needs, kept = requirements(program), Applied(RuleSet(program.kept, program.minimum_size))
    for region in regions(needs.prefixes | kept.prefixes):
        owned = [each for clock in _OF_DATA for each in needs.on_clock(region, clock)]
        wanted = [atom.filter for each in owned for atom in needs.atoms(each)]
        filters = {*wanted, *kept.atoms(region).filters, *(each.filter for each in owned)}
        next(cells(region[-1], filters))


def proved(program: Program, rules: RuleSet) -> Proof:
    """The proof that the rules do what the program requires. Raises `Unproved`, `NotAnalysed`."""
    proof = prove(program, rules)
    if proof.differences:
        prefixes = requirements(program).prefixes | Applied(rules).prefixes
        raise Unproved(program.example, _example(program, proof.differences[0], prefixes))
    return proof


def _example(program: Program, difference: Difference, prefixes: Set[str]) -> str:
    # Only where a proof fails: they take 5 ms of every start.
    from firnline.s3.compare.witness import witness_of
    from firnline.s3.compare.witness_words import item_in_words, steps_in_words

    witness = witness_of(difference, prefixes)
    return (
        f"  for example s3://{program.example}/{item_in_words(witness)}\n"
        f"  required: {steps_in_words(witness.one)}\n"
        f"  the rules: {steps_in_words(witness.other)}"
    )


class _Walk:
    def __init__(self, requirements: Requirements, applied: Applied, program: Program) -> None:
        self._requirements, self._applied = requirements, applied
        bucket = program.buckets[0]
        self._facts = facts(bucket.versioning, object_lock=bucket.object_lock)
        self._holds = program.holds
        self._kept = Applied(RuleSet(program.kept, program.minimum_size))
        self.cells = 0

    def differences(self) -> Iterator[Difference]:
        under_hold = {prefix.value for hold in self._holds for prefix in hold.prefixes}
        for region in regions(
            self._requirements.prefixes
            | self._applied.prefixes
            | self._kept.prefixes
            | under_hold
            | {""}
        ):
            yield from self._in_region(region)

    def _in_region(self, region: tuple[str, ...]) -> Iterator[Difference]:
        prefix = region[-1]
        under_hold = any(hold.covers(prefix) for hold in self._holds)
        atoms = self._applied.atoms(region)
        objects = self._requirements.on_clock(region, Clock.OBJECTS)
        old = self._requirements.on_clock(region, Clock.NONCURRENT_VERSIONS)
        table = Table([*objects, *old])
        wanted_atoms = table_of(
            frozenset(atom for each in table.rows for atom in self._requirements.atoms(each))
        )
        kept = self._kept.atoms(region)
        nothing = Cell(prefix, (), 0)
        of_nothing = self._wanted(nothing, objects, old, kept)
        seen: set[tuple[int, int, int, int]] = set()
        every = table.filters | atoms.filters | wanted_atoms.filters | kept.filters
        for cell in cells(prefix, every):
            self.cells += 1
            got = atoms.first(atoms.matching(cell))
            theirs = kept.matching(cell) if kept.rows else 0
            sight = table.matching(cell), wanted_atoms.matching(cell), theirs, got
            if sight in seen:
                continue  # an equivalent cell was compared already
            seen.add(sight)
            wanted = of_nothing if cell == nothing else self._wanted(cell, objects, old, kept)
            if under_hold:
                # Whatever policies require, no rule may destroy what a hold covers.
                wanted = replace(
                    wanted, expirations=frozenset(), noncurrent_expirations=frozenset()
                )
            yield from of_objects(cell, wanted, atoms.effect(got), self._facts)
        rest = self._markers_and_uploads(region, of_nothing, markers_and_uploads_of(kept))
        yield from of_markers_and_uploads(prefix, rest, markers_and_uploads_of(atoms), self._facts)

    def _wanted(self, cell: Cell, objects: list[Owned], old: list[Owned], kept: Atoms) -> Effect:
        claims = claim(cell, Clock.OBJECTS, objects), claim(cell, Clock.NONCURRENT_VERSIONS, old)
        wanted = self._requirements.required(claims, cell)
        if not kept.rows:
            return wanted
        theirs = kept.effect(kept.first(kept.matching(cell)))
        if claims[0].owner is None:
            wanted = replace(wanted, transitions=theirs.transitions, expirations=theirs.expirations)
        if claims[1].owner is None:
            wanted = replace(
                wanted,
                noncurrent_transitions=theirs.noncurrent_transitions,
                noncurrent_expirations=theirs.noncurrent_expirations,
            )
        return wanted

    def _markers_and_uploads(
        self, region: tuple[str, ...], wanted: Effect, theirs: MarkersAndUploads
    ) -> MarkersAndUploads:
        """Where a policy keeps delete markers, the deletion of objects by a kept rule of others may
        not remove them either.
        """
        markers = self._owner(region, Clock.DELETE_MARKERS)
        said = markers.unit.clocks.delete_markers if markers else None
        are_kept = said is not None and said.value is Markers.KEEP
        objects_owned = self._owner(region, Clock.OBJECTS) is not None
        uploads = self._owner(region, Clock.MULTIPART_UPLOADS)
        return MarkersAndUploads(
            removes_markers=(
                markers.timeline.ends is not None if markers else theirs.removes_markers
            ),
            expirations=(frozenset() if are_kept and not objects_owned else wanted.expirations),
            old_markers=Effect(noncurrent_expirations=wanted.noncurrent_expirations),
            uploads=uploads.timeline.ends if uploads else theirs.uploads,
        )

    def _owner(self, region: tuple[str, ...], clock: Clock) -> Owned | None:
        units = self._requirements.on_clock(region, clock)
        return claim(Cell(region[-1], (), 0), clock, units).owner
