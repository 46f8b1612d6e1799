"""A saved summary → what is stored in each of its buckets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from firnline.cli.failed import CommandFailed
from firnline.cli.inventory_source import old_in_words
from firnline.cli.summary_file import read_summary_file
from firnline.diagnostics.visible import visible
from firnline.inventory.ages import AgesByClass, ages_by_class
from firnline.inventory.forecast.undecided import Contents
from firnline.inventory.radius.seen import Seen
from firnline.inventory.summary.cut_through import Unknown, cut_through
from firnline.inventory.summary.grouped import contents
from firnline.inventory.summary.rows import AgesBy, RowKind
from firnline.inventory.summary.summary import BucketSummary
from firnline.inventory.summary.words import in_words, why_not
from firnline.s3.model import RuleSet
from firnline.s3.simulate.clock import midnight_from
from firnline.s3.simulate.stored import BucketState, StoredItem
from firnline.s3.terms import Versioning

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Summarised:
    """`StoredIn` of one bucket of a summary, for a forecast as of `at`."""

    path: str
    summary: BucketSummary
    at: datetime | None = None

    @property
    def bucket(self) -> str:
        return self.summary.bucket

    @property
    def in_words(self) -> str:
        return f"{visible(self.path)}: {in_words(self.summary)}{old_in_words(self.as_of, self.at)}"

    @property
    def as_of(self) -> datetime:
        return self.summary.as_of

    @property
    def shows_versions(self) -> bool:
        return False  # as of its inventory, which may list all versions where none are kept

    @property
    def lists_versions(self) -> bool:
        return self.summary.all_versions

    @property
    def has_uploads(self) -> bool:
        return self.summary.lists_uploads

    def contents(
        self,
        rule_sets: Sequence[RuleSet],
        state: BucketState,
        at: datetime,
        days_since: datetime | None,
        /,
    ) -> Contents:
        """Raises `CommandFailed`."""
        known_from = self.summary.known_from
        if at < known_from:
            raise CommandFailed(
                f"{visible(self.path)} sums up what {visible(self.bucket)} stored on"
                f" {known_from:%Y-%m-%d %H:%M:%S}Z, so it cannot say what was there before: let"
                " --as-of be later, or take the inventory"
            )
        is_suspended = state.versioning is Versioning.SUSPENDED
        through = cut_through(self.summary, rule_sets, is_suspended)
        because = f"{visible(self.path)} {why_not(self.summary, through)}"
        found = contents(self.summary, rule_sets, state, at, keep_days=days_since is not None)
        acting = any(each.unknown is Unknown.VERSIONS for each in through)
        by_day = self.summary.ages_by is AgesBy.DAY
        if days_since is not None and (acting or found.unfollowed or not by_day):
            raise CommandFailed(f"it cannot tell what is written every day: {because}")
        return found._replace(because=(because,)) if through else found

    def folders(self, _depth: int) -> Sequence[str]:
        """Those that it tells apart."""
        return self.summary.cut.prefixes

    @property
    def sizes(self) -> Sequence[int]:
        return self.summary.cut.sizes

    def ages(self, at: datetime) -> AgesByClass:
        """On that day, or where days are not told apart on that of the summary."""
        summary = self.summary
        day = (midnight_from(at) - _EPOCH).days if summary.ages_by is AgesBy.DAY else summary.day
        return ages_by_class(
            (row.storage_class or "STANDARD", day - row.made_last, row.volume)
            for row in summary.rows
            if row.is_latest and row.kind is RowKind.VERSION
        )

    def tag_values(self, key: str, most: int) -> Sequence[str]:
        """Those of most bytes. Raises `CommandFailed`."""
        keys = self.summary.cut.tag_keys
        if key not in keys:
            raise CommandFailed(
                f"{visible(self.path)} does not tell `{visible(key)}` apart: `firnline inventory"
                f" summary --tag {visible(key)}` does, of an inventory with tags"
            )
        place, sizes = keys.index(key), Counter[str]()
        for row in self.summary.rows:
            value = row.tags[place] if row.tags else None
            if value is not None:
                sizes[value] += row.bytes
        return [value for value, _ in sizes.most_common(most)]

    def sample(
        self,
        marks: Sequence[StoredItem],
        _rule_sets: Sequence[RuleSet],
        _state: BucketState,
        _at: datetime,
        _most: int,
        /,
    ) -> Seen | None:
        """A summary has no keys, and of days only the midnight behind them."""
        if self.summary.ages_by is not AgesBy.DAY or not marks:
            return None
        oldest = min(item.created for item in marks)
        return Seen((oldest - timedelta(microseconds=1)).date(), ())


def open_summary(
    path: str,
    not_before: datetime | None,
    bucket: str | None = None,
    at: datetime | None = None,
) -> Iterator[Summarised]:
    """One for each of its buckets, or of `bucket` alone. `not_before` is the oldest that it may be.
    Raises `CommandFailed`.
    """
    buckets = read_summary_file(path).buckets
    wanted = [each for each in buckets if bucket in (None, each.bucket)]
    if not wanted:
        names = ", ".join(visible(each.bucket) for each in buckets)
        raise CommandFailed(
            f"{visible(path)} has no bucket `{visible(bucket or '')}`: it is of {names}"
        )
    for each in wanted:
        if not_before is not None and each.as_of < not_before:
            raise CommandFailed(
                f"{visible(path)} is of {each.as_of:%Y-%m-%d %H:%M} UTC, before the limit of"
                f" {not_before:%Y-%m-%d %H:%M}: what was stored since is not in it"
            )
        yield Summarised(path, each, at)
