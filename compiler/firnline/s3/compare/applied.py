"""What do rules do to each cell? The effect of all that match, combined as S3 does."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from firnline.s3.compare.atoms import Atom, of_rule, sum_of
from firnline.s3.compare.cells import Cell
from firnline.s3.compare.difference import MarkersAndUploads
from firnline.s3.compare.effect import Effect
from firnline.s3.compare.table import Atoms, table_of
from firnline.s3.model import Rule, RuleSet
from firnline.s3.terms import Clock

UNTAGGED = Cell("", (), 0)
"""What matches a delete marker or an upload of a region, whatever its prefix: they have no tags and
no size.
"""


class Applied:
    """The rules of a bucket, or some of them, as single actions by prefix."""

    def __init__(self, rules: RuleSet, only: Iterable[Rule] | None = None) -> None:
        self._by_prefix: dict[str, list[Atom]] = {}
        for rule in rules.rules if only is None else only:
            found = self._by_prefix.setdefault(rule.filter.prefix, [])
            found.extend(of_rule(rule, rules.minimum_size))

    @property
    def prefixes(self) -> set[str]:
        return set(self._by_prefix)

    def atoms(self, region: Iterable[str]) -> Atoms:
        """The actions that match keys of a region; `region` holds every prefix that its keys begin
        with.
        """
        return table_of(
            frozenset(atom for prefix in region for atom in self._by_prefix.get(prefix, ()))
        )


@lru_cache(maxsize=64)  # as many as there are tables
def markers_and_uploads_of(atoms: Atoms) -> MarkersAndUploads:
    """What the atoms of a region do to its delete markers and uploads."""
    return sum_for_markers_and_uploads(atoms.those(atoms.matching(UNTAGGED)))


def sum_for_markers_and_uploads(matching: Iterable[Atom]) -> MarkersAndUploads:
    """The effect of several actions on the delete markers and uploads that all of them match."""
    matching = list(matching)
    effect = sum_of(matching)
    uploads = [atom.day for atom in matching if atom.clock is Clock.MULTIPART_UPLOADS]
    return MarkersAndUploads(
        removes_markers=any(atom.clock is Clock.DELETE_MARKERS for atom in matching),
        expirations=effect.expirations,
        old_markers=Effect(noncurrent_expirations=effect.noncurrent_expirations),
        uploads=min(uploads, default=None),
    )
