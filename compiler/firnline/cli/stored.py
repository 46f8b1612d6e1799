"""What is stored in which bucket, as far as options and files say it."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from firnline.cli.failed import CommandFailed
from firnline.cli.growth_from import since
from firnline.cli.ingest import EACH, ingest
from firnline.cli.inventory_source import Age, InventorySource, is_inventory
from firnline.cli.listing_file import called, read_listing_file
from firnline.cli.option_types import duration
from firnline.cli.stored_metrics import read_metrics_file
from firnline.cli.table_path import is_table
from firnline.diagnostics.visible import visible
from firnline.inventory.forecast.groups import groups
from firnline.inventory.forecast.undecided import Contents
from firnline.inventory.how_much import how_much
from firnline.inventory.not_a_listing import NotAListing
from firnline.inventory.radius.seen import Seen
from firnline.s3.model import RuleSet
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState, ItemKind, StoredItem
from firnline.s3.simulate.versioned_detail import versioned_detail

_PROBLEMS = 20
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class StoredIn(Protocol):
    """What is stored in one bucket: `bucket` is None where nothing names it, and `path` is how the
    user calls it.
    """

    @property
    def bucket(self) -> str | None: ...

    @property
    def path(self) -> str: ...

    @property
    def in_words(self) -> str: ...

    @property
    def as_of(self) -> datetime:
        """The moment of which it tells."""

    @property
    def shows_versions(self) -> bool:
        """Whether something is there that only a bucket with versions has."""

    @property
    def lists_versions(self) -> bool:
        """Whether noncurrent versions and delete markers are told of, if there are any."""

    @property
    def has_uploads(self) -> bool:
        """Whether incomplete uploads are listed, and the bytes of their parts."""

    def contents(
        self,
        rule_sets: Sequence[RuleSet],
        state: BucketState,
        at: datetime,
        days_since: datetime | None,
        /,
    ) -> Contents:
        """What each of the sets of rules treats alike, as far as is known what they see in it; the
        first is in force. What was created on different days since `days_since` is told apart, even
        where they treat it alike. Raises `CommandFailed`.
        """


@dataclass(frozen=True, slots=True)
class Listed:
    """`StoredIn` of a listing in one file."""

    bucket: str | None
    path: str
    items: tuple[StoredItem, ...]

    @property
    def in_words(self) -> str:
        versions = [item for item in self.items if item.kind is ItemKind.OBJECT_VERSION]
        of = f" of {visible(self.bucket)}" if self.bucket else ""
        much = how_much(len(versions), sum(item.size for item in versions), "object version")
        return f"{called(self.path)}{of}: {much}"

    @property
    def as_of(self) -> datetime:
        """A listing does not say when it was made: until its newest object was."""
        return max((item.created for item in self.items), default=_NEVER)

    @property
    def shows_versions(self) -> bool:
        return any(versioned_detail(item) is not None for item in self.items)

    @property
    def lists_versions(self) -> bool:
        return self.shows_versions  # without one it may be a list of the current ones

    @property
    def has_uploads(self) -> bool:
        return False  # of their parts no listing of a tool tells

    @property
    def has_tags(self) -> bool:
        return any(item.tags for item in self.items)

    def contents(
        self,
        rule_sets: Sequence[RuleSet],
        state: BucketState,
        at: datetime,
        _days_since: datetime | None,
        /,
    ) -> Contents:
        batches = [Batch(rules, state) for rules in rule_sets]
        return Contents(groups(batches, self.items, at, self.has_tags))

    def tag_values(self, key: str, most: int) -> Sequence[str]:
        """Those of most bytes. Raises `CommandFailed`."""
        if not self.has_tags:
            raise CommandFailed(f"{visible(called(self.path))} tells no tags")
        sizes: Counter[str] = Counter()
        for item in self.items:
            for name, value in item.tags:
                if name == key:
                    sizes[value] += item.size
        return [value for value, _ in sizes.most_common(most)]

    def sample(
        self,
        marks: Sequence[StoredItem],
        rule_sets: Sequence[RuleSet],
        state: BucketState,
        at: datetime,
        most: int,
        /,
    ) -> Seen | None:
        """Of what the sets of rules treat like one of `marks`, which are some of the items."""
        batches = [Batch(rules, state) for rules in rule_sets]

        def alike(item: StoredItem) -> object:
            found = tuple(batch.alike(item) for batch in batches)
            return id(item) if None in found else found

        wanted = set(map(alike, marks))
        same = [item for item in self.items if item.created <= at and alike(item) in wanted]
        if not same:
            return None
        keys = sorted({item.key for item in same})[:most]
        return Seen(min(item.created for item in same).date(), tuple(keys))


def add_stored(parser: argparse._ActionsContainer) -> None:
    parser.add_argument(
        "--inventory",
        metavar="PATH",
        action="append",
        default=[],
        help="what is stored: the manifest.json of S3 Inventory, on disk or s3://…; a folder that"
        " S3 Inventory writes to, s3://DESTINATION/PREFIX, where the newest is read; PATH@DATE, the"
        " Parquet files of an S3 Metadata live inventory table and when they were exported; or any"
        " listing that `firnline simulate` reads; repeatable, one for each bucket",
    )
    add_inventory_limits(parser)
    parser.add_argument(
        "--summary",
        metavar="PATH",
        action="append",
        default=[],
        dest="summaries",
        help="what is stored, as `firnline inventory summary` saved it; repeatable",
    )
    parser.add_argument(
        "--cloudwatch",
        metavar="FILE",
        action="append",
        default=[],
        help="how much is stored in each class, and nothing else: the storage metrics that `aws"
        " cloudwatch get-metric-data` printed; repeatable",
    )
    parser.add_argument(
        "--ingest",
        metavar="PREFIX=SIZE/month[@SIZE]",
        type=ingest,
        action="append",
        default=[],
        help="what is written every month below a prefix, in objects of the size behind the `@`"
        f" (default: {EACH}), such as checkpoints/=500GiB/month; repeatable",
    )
    parser.add_argument(
        "--growth-from",
        metavar="WHEN",
        type=since,
        action="append",
        default=[],
        help="what was written between WHEN and the inventory, and is still there, is written again"
        " in as many days: 30d, a date, or an older inventory of the bucket; repeatable for several"
        " buckets",
    )


def add_inventory_limits(parser: argparse._ActionsContainer) -> None:
    parser.add_argument(
        "--max-age",
        metavar="DURATION",
        type=duration,
        help="refuse an inventory that is older, such as 7d",
    )
    parser.add_argument(
        "--account",
        metavar="LABEL",
        help="the account in the fleet file whose role reads the bucket that is named (default: as"
        " the fleet lock says, else your own credentials)",
    )


def read_stored(
    arguments: argparse.Namespace, at: datetime, source: InventorySource
) -> Iterator[StoredIn]:
    """`--bucket` is that of listings that do not name theirs. Raises `CommandFailed`."""
    for named in arguments.inventory:
        if not is_of_many(named):
            yield read_listed(named, arguments.bucket)
    read: dict[str | None, str] = {}
    for each in (
        *_inventoried(arguments, at, source),
        *_summarised(arguments, at),
        *_measured(arguments, at),
    ):
        if other := read.get(each.bucket):
            raise CommandFailed(
                f"{visible(each.path)} is of bucket `{visible(each.bucket or '')}`, as is"
                f" {visible(other)}: its objects would count twice"
            )
        read[each.bucket] = each.path
        yield each


def refuse_other_bucket(stored: Sequence[StoredIn], wanted: str | None) -> None:
    """Raises `CommandFailed` where files name their bucket, and none is the one that is wanted."""
    if wanted and stored and all(each.bucket != wanted for each in stored):
        first = stored[0]
        raise CommandFailed(
            f"{visible(first.path)} is of bucket `{visible(first.bucket or '')}`, not of"
            f" `{visible(wanted)}`, which --bucket names"
        )


def files_in(arguments: argparse.Namespace) -> list[str]:
    """That tell what is stored, most of them also in which bucket."""
    return [*arguments.inventory, *arguments.summaries, *arguments.cloudwatch]


def is_of_many(named: str) -> bool:
    """Otherwise it is a listing in one file."""
    return is_table(named) or is_inventory(named)


def _inventoried(
    arguments: argparse.Namespace, at: datetime, source: InventorySource
) -> Iterator[StoredIn]:
    for named in arguments.inventory:
        if not is_of_many(named):
            continue
        # An extra, and slow to import.
        from firnline.cli.named_inventories import open_named

        age = Age(at, arguments.max_age)
        yield from open_named(named, source, age, arguments.color, arguments.bucket)


def _summarised(arguments: argparse.Namespace, at: datetime) -> Iterator[StoredIn]:
    for path in arguments.summaries:
        from firnline.cli.stored_summary import open_summary  # an extra, and slow to import

        limit = arguments.max_age
        not_before = None if limit is None else at - timedelta(days=limit)
        yield from open_summary(path, not_before, arguments.bucket, at)


def _measured(arguments: argparse.Namespace, at: datetime) -> Iterator[StoredIn]:
    for path in arguments.cloudwatch:
        age = Age(at, arguments.max_age)
        yield from read_metrics_file(path, age, arguments.months, arguments.bucket)


def read_listed(path: str, bucket: str | None) -> Listed:
    try:
        listing = read_listing_file(path, None)
    except NotAListing as problem:
        raise CommandFailed(str(problem)) from None
    if listing.problems:
        told = [f"{called(path)} cannot be read whole:"]
        told += map(visible, listing.problems[:_PROBLEMS])
        if len(listing.problems) > _PROBLEMS:
            told.append(f"… and {len(listing.problems) - _PROBLEMS} more")
        raise CommandFailed("\n".join(told))
    return Listed(bucket, path, listing.items)
