"""The table of an inventory → what checks need to know of it, counted by the table engine."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from firnline.inventory.coverage.population import MOST_FOLDERS, Spelt
from firnline.inventory.coverage.tally import Match, Scopes, Tally
from firnline.inventory.facts.branch import Branch
from firnline.inventory.facts.by_prefix import tree
from firnline.inventory.facts.by_scope import Apart, by_scope
from firnline.inventory.facts.frame import Column, quoted
from firnline.inventory.facts.in_scope import InScope
from firnline.inventory.facts.table import Facts
from firnline.s3.scope import Scope, Tags


@dataclass(frozen=True, slots=True)
class FactsPopulation:
    """`Population` of the facts of one bucket, which stay open. Each method scans them, and raises
    what a query of them raises.
    """

    facts: Facts

    @property
    def tells_tags(self) -> bool:
        return Column.TAGS in self.facts.known

    def tallies(self, scopes: Collection[Scope], /) -> Sequence[Tally]:
        return [_tally(each) for each in by_scope(self.facts, scopes)]

    def unmatched(self, scopes: Collection[Scope], depth: int, /) -> Branch:
        known = Scopes(scopes)
        apart = Apart(self.facts, scopes)
        found = [place for place, each in apart.places() if known.match(_tally(each)) is Match.NO]
        return tree(self.facts, depth, apart.only(found))

    def folders_in(self, parent: str, /) -> Mapping[str, int]:
        begins = len(parent) + 1
        folder = f"left(key, {len(parent)} + instr(substr(key, {begins}), '/'))"
        sql = f"""
            select folder, count(*)::bigint as objects from objects
            where starts_with(folder, {quoted(parent)}) and length(folder) > {len(parent)}
                and not is_delete_marker
            group by folder order by objects desc, folder limit {MOST_FOLDERS}
        """
        found: dict[str, int] = {}
        for batch in self.facts.query(sql, [Column.IS_DELETE_MARKER], {"folder": folder}):
            found |= dict(zip(*batch.to_pydict().values(), strict=True))
        return found

    def spellings(self, prefix: str, tags: Tags, /) -> Spelt:
        alike = ", ".join(
            f"({quoted(key.lower())}, {quoted(value.lower())})" for key, value in tags
        )
        sql = f"""
            select tag.key as name, tag.value as value, count(*)::bigint as objects
            from (
                select unnest(map_entries(tags)) as tag from objects
                where is_below and not is_delete_marker
            )
            where (lower(tag.key), lower(tag.value)) in ({alike})
            group by all
        """
        below = {"is_below": f"starts_with(key, {quoted(prefix)})"}
        columns = (Column.TAGS, Column.IS_DELETE_MARKER)
        found: dict[tuple[str, str], int] = {}
        for batch in self.facts.query(sql, columns, below):
            for name, value, objects in zip(*batch.to_pydict().values(), strict=True):
                found[name, value] = objects
        return found


def _tally(each: InScope) -> Tally:
    example = each.example
    told = None if each.tags_known else frozenset[str]()
    return Tally(
        example.prefix,
        example.tags,
        told,
        example.at_least,
        example.at_least,
        each.current,
        each.stored,
    )
