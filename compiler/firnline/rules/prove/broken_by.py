"""Which holds and promises of a program would other rules break than those made for it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf

from firnline.language.model import Hold, Promise
from firnline.language.units import FOREVER, Kept
from firnline.rules.program import Program
from firnline.rules.prove.interference import keeps_versions
from firnline.rules.prove.promised import gone_after, longest
from firnline.rules.prove.promised_cells import covered
from firnline.s3.compare.applied import Applied
from firnline.s3.compare.cells import Cell, cells, regions, with_bytes
from firnline.s3.compare.effect import Effect
from firnline.s3.compare.table import Atoms
from firnline.s3.model import Rule, RuleSet
from firnline.s3.terms import Clock, Days, When


@dataclass(frozen=True, slots=True)
class Breach:
    """`rule` is what destroys too soon, at `when`; without one, bytes stay too long: until that day
    of their life, or for ever where there is none.
    """

    said: Hold | Promise
    prefix: str
    rule: Rule | None = None
    when: When | None = None


def broken_by(program: Program, rules: RuleSet, new: Iterable[Rule]) -> Iterator[Breach]:
    """Of each hold and promise the first breach. Of all `rules`, only the `new` ones answer for
    what is deleted: others are there in any case. A hold counts for all that may share a key with
    it, as S3 has no exclusions. Raises `NotAnalysed`.
    """
    new = tuple(new)
    for hold in program.holds:
        yield from _first(_of_hold(hold, new))
    for promise in program.promises:
        yield from _first(_too_soon(promise, new))
        if promise.gone_within is not None:
            yield from _first(_too_long(program, promise, rules))


def _first(found: Iterator[Breach]) -> Iterable[Breach]:
    return (each,) if (each := next(found, None)) is not None else ()


def _of_hold(hold: Hold, rules: Iterable[Rule]) -> Iterator[Breach]:
    for rule in rules:
        old = rule.noncurrent_expires
        when = rule.expires if rule.expires is not None else (old.after if old else None)
        if rule.enabled and when is not None and hold.may_cover(rule.filter.prefix):
            yield Breach(hold, rule.filter.prefix, rule, when)


def shared_cell(promise: Promise, rule: Rule) -> Cell | None:
    """Objects that both speak of; None where there are none."""
    theirs = dict(rule.filter.tags)
    for tag in promise.tags:
        values = [value.value for value in tag.values]
        if theirs.setdefault(tag.key.value, values[0]) not in values:
            return None
    for prefix in promise.prefixes:
        both = sorted((prefix.value, rule.filter.prefix), key=len)
        if both[1].startswith(both[0]):
            return Cell(both[1], tuple(sorted(theirs.items())), rule.filter.at_least)
    return None


def too_soon(promise: Promise, rule: Rule) -> Iterator[tuple[Clock, When]]:
    """When the rule ends what the promise keeps for longer, if both speak of the same objects."""
    if not rule.enabled:
        return
    ends, old = rule.expires, rule.noncurrent_expires
    if promise.keep_at_least and ends is not None and _sooner(ends, promise.keep_at_least.value):
        yield Clock.OBJECTS, ends
    least = promise.old_versions_at_least
    if least is not None and old is not None and _sooner(old.after, least.value):
        yield Clock.NONCURRENT_VERSIONS, old.after


def _sooner(when: When, kept: Kept) -> bool:
    """On a date S3 deletes whatever is there, however young."""
    return kept is FOREVER or not isinstance(when, int) or when < kept


def _too_soon(promise: Promise, rules: Iterable[Rule]) -> Iterator[Breach]:
    for rule in rules:
        cell = shared_cell(promise, rule)
        if cell is not None:
            for _, when in too_soon(promise, rule):
                yield Breach(promise, cell.prefix, rule, when)


def _too_long(program: Program, promise: Promise, rules: RuleSet) -> Iterator[Breach]:
    assert promise.gone_within is not None
    applied = Applied(rules)
    every = {
        region
        for prefix in promise.prefixes
        for region in regions(applied.prefixes | {prefix.value})
        if region[-1].startswith(prefix.value)
    }
    for region in sorted(every):
        for end in _ends(program, promise, applied.atoms(region), region[-1]):
            if end is None or end > promise.gone_within.value:
                yield Breach(promise, region[-1], when=None if end is None else Days(end))


def _ends(program: Program, promise: Promise, atoms: Atoms, prefix: str) -> Iterator[int | None]:
    """How long bytes stay in each cell; None for ever. Noncurrent versions beside others of their
    key that end sooner may: AWS does not say what their age counts from then.
    """
    (keeps, *_) = keeps_versions(program.versioning)
    every = list(cells(prefix, atoms.filters))
    soonest = min(_old_end(_effect(atoms, cell)) for cell in every)
    for cell in covered(promise, with_bytes(every)):
        effect = _effect(atoms, cell)
        if keeps and soonest < _old_end(effect):
            yield None
            continue
        objects = longest(Clock.OBJECTS, effect, keeps_versions=keeps)
        old = longest(Clock.NONCURRENT_VERSIONS, effect, keeps_versions=True)
        yield gone_after(objects, old, keeps_versions=keeps)


def _effect(atoms: Atoms, cell: Cell) -> Effect:
    return atoms.effect(atoms.first(atoms.matching(cell)))


def _old_end(effect: Effect) -> float:
    return min((after for after, _ in effect.noncurrent_expirations), default=inf)
