"""Inventories → what is stored in their buckets, counted by the table engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from firnline.cli.failed import CommandFailed
from firnline.cli.inventory_source import old_in_words
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.inventory.ages import AgesByClass
from firnline.inventory.forecast.cuts import cuts
from firnline.inventory.forecast.reads import ReadCell
from firnline.inventory.forecast.undecided import Contents
from firnline.inventory.radius.seen import Seen
from firnline.inventory.summary.cut import Detail
from firnline.inventory.summary.summary import BucketSummary
from firnline.s3.model import RuleSet
from firnline.s3.scope import Scope
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.clock import midnight_from
from firnline.s3.simulate.stored import BucketState, ItemKind, StoredItem
from firnline.s3.terms import Versioning

try:
    from firnline.inventory.facts.alike import NEEDED, groups_in, uploads_in
    from firnline.inventory.facts.branch import Branch, prefixes_of
    from firnline.inventory.facts.by_age import NEEDED as AGES_NEED
    from firnline.inventory.facts.by_age import by_age
    from firnline.inventory.facts.by_prefix import tree
    from firnline.inventory.facts.by_scope import by_scope
    from firnline.inventory.facts.by_tag import by_tag
    from firnline.inventory.facts.engine import Batch as Rows
    from firnline.inventory.facts.frame import Column
    from firnline.inventory.facts.in_scope import InScope
    from firnline.inventory.facts.objects import CheckedTable
    from firnline.inventory.facts.problems import NotEnoughRoom, UnusableInventory
    from firnline.inventory.facts.read_alike import read_cells
    from firnline.inventory.facts.sample import oldest_of
    from firnline.inventory.facts.summarised import summarised
    from firnline.inventory.facts.table import Facts
    from firnline.inventory.facts.tag_values import Tagged, TagValues
except ModuleNotFoundError as missing:
    raise CommandFailed(
        f"an inventory is read by {missing.name}: pip install 'firnline[inventory]'"
    ) from None

_LONGEST_PATH = 50


class Inventoried:
    """`StoredIn` of an inventory."""

    def __init__(self, path: str, facts: Facts, at: datetime) -> None:
        self.path = path
        self._facts = facts
        self._is_kept_open = False
        self._at = at
        (self._inventory,) = facts.inventories

    @property
    def as_of(self) -> datetime:
        return self._facts.as_of

    @property
    def bucket(self) -> str:
        return self._inventory.bucket

    @property
    def in_words(self) -> str:
        if self._inventory.table:
            return self._table_in_words(self._inventory.table)
        versions = "all versions" if self._facts.all_versions else "current versions only"
        files = how_many(len(self._inventory.files), "file")
        return (
            f"{visible(end_of(self.path))}: the inventory of {visible(self.bucket)} of"
            f" {self._facts.as_of:%Y-%m-%d %H:%M}Z, {files}, {versions}{self._old}"
        )

    def _table_in_words(self, table: CheckedTable) -> str:
        untold = f"; of {how_many(table.untold_tags, 'object')} it does not tell the tags"
        files = how_many(len(self._inventory.files), "file")
        return (
            f"{visible(end_of(self.path))}: S3 Metadata's table of {visible(self.bucket)}, said to"
            f" be of {self._facts.as_of:%Y-%m-%d %H:%M}Z, {files},"
            f" all versions; nothing proves that no file is missing"
            f"{untold if table.untold_tags else ''}{self._old}"
        )

    @property
    def _old(self) -> str:
        return old_in_words(self.as_of, self._at)

    @property
    def shows_versions(self) -> bool:
        return False  # a list of all versions is also made of a bucket that keeps none

    @property
    def lists_versions(self) -> bool:
        return self._facts.all_versions

    @property
    def has_uploads(self) -> bool:
        return self._facts.lists_uploads

    def stored_by(
        self, depth: int, tags: Sequence[str], scopes: Sequence[Scope] | None
    ) -> tuple[Branch, list[TagValues], list[InScope]]:
        """What is stored, by prefix, by each of the tags, and by what scopes tell apart. Raises
        `CommandFailed`.
        """
        if tags and Column.TAGS not in self._facts.known:
            raise CommandFailed(self._without_tags)
        with self._reading("inventory report", (Column.SIZE, Column.STORAGE_CLASS)):
            whole = tree(self._facts, depth)
            values = [by_tag(self._facts, tag) for tag in tags]
            owned = [] if scopes is None else list(by_scope(self._facts, scopes))
            return whole, values, owned

    def folders(self, depth: int) -> Sequence[str]:
        """The large ones. Raises `CommandFailed`."""
        with self._reading("advise", NEEDED):
            return list(prefixes_of(tree(self._facts, depth)))

    def ages(self, at: datetime) -> AgesByClass:
        """Raises `CommandFailed`."""
        with self._reading("report", AGES_NEED):
            return by_age(self._facts, at)

    @property
    def _without_tags(self) -> str:
        if self._inventory.table:
            return (
                f"{visible(self.path)} tells no tags: export it with the column `object_tags` too"
            )
        return (
            f"{visible(self.path)} tells no tags, as S3 Inventory never does: list them with"
            f" `firnline inventory list {visible(self.bucket)} --tags` (and --versions), or export"
            " S3 Metadata's live inventory table"
        )

    def summary(self, detail: Detail) -> BucketSummary:
        """Raises `CommandFailed`."""
        facts = self._facts
        with self._reading("inventory summary", NEEDED):
            cut = detail.cut(
                prefixes_of(tree(facts, detail.depth)),
                all_versions=facts.all_versions,
                tags_known=Column.TAGS in facts.known,
            )
            return summarised(facts, cut, detail.groups)

    def contents(
        self,
        rule_sets: Sequence[RuleSet],
        state: BucketState,
        at: datetime,
        days_since: datetime | None,
        /,
    ) -> Contents:
        """Raises `CommandFailed`."""
        found = cuts(rule_sets, state.versioning is Versioning.SUSPENDED)
        if days_since is not None:
            found = found.with_days((midnight_from(at) - midnight_from(days_since)).days)
        with self._reading("forecast", NEEDED):
            live = Batch(rule_sets[0], state)
            stored = groups_in(self._facts, found, live, at)
            return Contents([*stored, *uploads_in(self._facts, found, at)])

    def read_cells(
        self, rule_sets: Sequence[RuleSet], state: BucketState, reads: Iterable[Rows], days: float
    ) -> Sequence[ReadCell]:
        """Raises `CommandFailed`."""
        found = cuts(rule_sets, state.versioning is Versioning.SUSPENDED)
        with self._reading("forecast --reads", NEEDED):
            return list(read_cells(self._facts, found, reads, days))

    def tag_values(self, key: str, most: int) -> Sequence[str]:
        """Those of most bytes. Raises `CommandFailed`."""
        if Column.TAGS not in self._facts.known:
            raise CommandFailed(self._without_tags)
        with self._reading("diff", NEEDED):
            shares = by_tag(self._facts, key, most).shares
        return [share.value for share in shares if share.tagged is Tagged.WITH_VALUE]

    @contextmanager
    def kept_open(self) -> Iterator[None]:
        """So that `sample` can look into it after `contents`."""
        outer, self._is_kept_open = self._is_kept_open, True
        try:
            yield
        finally:
            self._is_kept_open = outer
            if not outer:
                self._facts.close()

    def sample(
        self,
        marks: Sequence[StoredItem],
        rule_sets: Sequence[RuleSet],
        state: BucketState,
        at: datetime,
        most: int,
        /,
    ) -> Seen | None:
        """Raises `CommandFailed`."""
        objects = [item for item in marks if item.kind is ItemKind.OBJECT_VERSION]
        if not objects:
            return None
        found = cuts(rule_sets, state.versioning is Versioning.SUSPENDED)
        with self._reading("diff", NEEDED):
            seen = oldest_of(self._facts, found, objects, at, most)
        return seen and Seen(seen[0].date(), tuple(seen[1]))

    @contextmanager
    def reading(self, what: str, needed: Iterable[Column]) -> Iterator[Facts]:
        """The facts, which know what is needed, for a command of that name. Raises
        `CommandFailed`.
        """
        with self._reading(what, needed):
            yield self._facts

    @contextmanager
    def _reading(self, what: str, needed: Iterable[Column]) -> Iterator[None]:
        """Closes the files at the end. Raises `CommandFailed`."""
        lacking = [column for column in needed if column not in self._facts.known]
        if lacking:
            raise CommandFailed(
                f"{visible(self.path)} lacks what `firnline {what}` needs: let S3 Inventory list"
                f" {' and '.join(map(_field, lacking))}"
            )
        try:
            yield
        except (UnusableInventory, NotEnoughRoom) as problem:
            raise CommandFailed(str(problem)) from None
        finally:
            if not self._is_kept_open:
                self._facts.close()


def end_of(path: str) -> str:
    """Short enough for a line of text; what stands before it is known to who named the path."""
    if len(path) <= _LONGEST_PATH:
        return path
    kept = path[-_LONGEST_PATH:].partition("/")[2]
    return f"…/{kept or path.rpartition('/')[2]}"


def _field(column: Column) -> str:
    """How S3 calls it: `LastModifiedDate` has no column of that name."""
    name = "".join(part.capitalize() for part in column.split("_"))
    return f"{name}Date" if column is Column.LAST_MODIFIED else name
