"""A summary of a bucket → what checks need to know of it, as far as it was cut for that."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from firnline.inventory.coverage.folders import told_folder_of, tree_of
from firnline.inventory.coverage.population import MOST_FOLDERS, Spelt
from firnline.inventory.coverage.tally import Match, Scopes, Tally
from firnline.inventory.facts.branch import Branch
from firnline.inventory.forecast.stays import INTELLIGENT_TIERING, StoredAs
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.summary.rows import Row, RowKind
from firnline.inventory.summary.summary import BucketSummary
from firnline.s3.billing import MONITORED_FROM
from firnline.s3.scope import Scope, Tags
from firnline.s3.terms import AccessTier


@dataclass(frozen=True, slots=True)
class SummaryPopulation:
    """`Population` of a summary: exact for scopes whose prefixes, sizes and tag keys it was cut
    for; elsewhere it leaves open what a scope matches.
    """

    summary: BucketSummary

    @property
    def tells_tags(self) -> bool:
        return bool(self.summary.cut.tag_keys)

    def tallies(self, scopes: Collection[Scope], /) -> Sequence[Tally]:
        longer = self._longer(scopes)
        told = frozenset(self.summary.cut.tag_keys)
        return [
            Tally(
                like.prefix,
                _tags(self.summary, like.tags),
                told if like.tags is not None else frozenset(),
                stored.least,
                stored.most,
                like.current,
                stored.by,
                longer.get(like.prefix, frozenset()),
            )
            for like, stored in self._alike().items()
        ]

    def unmatched(self, scopes: Collection[Scope], depth: int, /) -> Branch:
        known = Scopes(scopes)
        found = (tally for tally in self.tallies(scopes) if known.match(tally) is Match.NO)
        told = told_folder_of(frozenset(self.summary.cut.prefixes))
        return tree_of(((tally.prefix, tally.stored) for tally in found), depth, told)

    def folders_in(self, parent: str, /) -> Mapping[str, int]:
        """Those that it was cut at: of another one it may tell a part."""
        folder_of = told_folder_of(frozenset(self.summary.cut.prefixes))
        found: dict[str, int] = defaultdict(int)
        for row in self._versions:
            folder = folder_of([parent], row.prefix)
            if folder is not None and folder != parent:
                found[folder] += row.objects
        most = sorted(found.items(), key=lambda each: -each[1])[:MOST_FOLDERS]
        return dict(most)

    def spellings(self, prefix: str, tags: Tags, /) -> Spelt:
        """Of the tag keys alone that it tells."""
        found: dict[tuple[str, str], int] = defaultdict(int)
        alike = {(key.lower(), value.lower()) for key, value in tags}
        for row in self._versions:
            if row.tags is None or not row.prefix.startswith(prefix):
                continue
            for key, value in zip(self.summary.cut.tag_keys, row.tags, strict=True):
                if value is not None and (key.lower(), value.lower()) in alike:
                    found[key, value] += row.objects
        return found

    @property
    def _versions(self) -> Iterator[Row]:
        return (row for row in self.summary.rows if row.kind is RowKind.VERSION)

    def _alike(self) -> Mapping[_Like, _Stored]:
        found: dict[_Like, _Stored] = {}
        cuts = self.summary.cut.sizes
        for row in self._versions:
            places = bisect_right(cuts, row.size_least), bisect_right(cuts, row.size_most)
            like = _Like(row.prefix, row.tags, places, row.is_latest)
            before = found.get(like) or _Stored(row.size_least, row.size_most, {})
            least = min(before.least, row.size_least)
            found[like] = _Stored(least, max(before.most, row.size_most), before.by)
            priced = _priced(row)
            before.by[priced] = before.by.get(priced, Volume()).plus(row.volume)
        return found

    def _longer(self, scopes: Collection[Scope]) -> Mapping[str, frozenset[str]]:
        """The prefixes of scopes that the summary was not cut at, by the one that they count to."""
        cut = set(self.summary.cut.prefixes)
        found: dict[str, set[str]] = defaultdict(set)
        for prefix in {each.prefix for each in scopes} - cut:
            counts_to = next(
                prefix[:length]
                for length in range(len(prefix), -1, -1)
                if prefix[:length] in cut or not length
            )
            found[counts_to].add(prefix)
        return {prefix: frozenset(each) for prefix, each in found.items()}


class _Like(NamedTuple):
    prefix: str
    tags: tuple[str | None, ...] | None
    sizes: tuple[int, int]
    current: bool


class _Stored(NamedTuple):
    least: int
    most: int
    by: dict[StoredAs, Volume]


def _tags(summary: BucketSummary, values: tuple[str | None, ...] | None) -> Tags:
    if values is None:
        return ()
    pairs = zip(summary.cut.tag_keys, values, strict=True)
    return tuple((key, value) for key, value in pairs if value is not None)


def _priced(row: Row) -> StoredAs:
    """As the access tier says it, or else as just read."""
    if row.storage_class != INTELLIGENT_TIERING:
        return StoredAs(row.storage_class or "STANDARD")
    tier = AccessTier.of(row.access_tier) if row.access_tier else AccessTier.FREQUENT
    return StoredAs(row.storage_class, tier, row.size_least >= MONITORED_FROM.value)
