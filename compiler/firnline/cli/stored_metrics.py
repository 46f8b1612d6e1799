"""Storage metrics of CloudWatch → what is stored, as far as sizes and a number tell."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time

from firnline.cli.failed import CommandFailed
from firnline.cli.inventory_source import Age, old_in_words
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.inventory.forecast.cuts import cuts
from firnline.inventory.forecast.growth import Window
from firnline.inventory.forecast.measured import grown_by, measured
from firnline.inventory.forecast.sizes_alone import TooManyTags, may_arrive, may_be
from firnline.inventory.forecast.undecided import Contents
from firnline.inventory.storage_metrics import NotMetrics, StorageMetrics, read_metric_data
from firnline.s3.model import RuleSet
from firnline.s3.simulate.clock import midnight_from
from firnline.s3.simulate.stored import BucketState
from firnline.s3.terms import Bytes


@dataclass(frozen=True, slots=True)
class Measured:
    """`StoredIn` of storage metrics, for a forecast of so many months as of `at`."""

    path: str
    metrics: StorageMetrics
    months: int
    at: datetime | None = None

    @property
    def bucket(self) -> str:
        return self.metrics.bucket

    @property
    def as_of(self) -> datetime:
        return datetime.combine(self.metrics.day, time(), UTC)

    @property
    def in_words(self) -> str:
        day = self.metrics.day
        by_class: dict[str, int] = defaultdict(int)
        for place, found in measured(self.metrics, day).places.items():
            by_class[place.storage_class] += found.bytes
        sizes = ", ".join(f"{name} {Bytes(size).rounded}" for name, size in by_class.items())
        objects = how_many(self.metrics.objects[day], "object")
        return (
            f"{visible(self.path)}: {visible(self.bucket)} on {day}: {sizes or 'nothing'} in"
            f" {objects}, each version, delete marker and part of an upload counted"
            f"{old_in_words(self.as_of, self.at)}"
        )

    @property
    def shows_versions(self) -> bool:
        return False

    @property
    def lists_versions(self) -> bool:
        return True  # any byte may be one

    @property
    def has_uploads(self) -> bool:
        return True  # their parts are in the sizes

    def contents(
        self,
        rule_sets: Sequence[RuleSet],
        state: BucketState,
        at: datetime,
        _days_since: datetime | None,
        /,
    ) -> Contents:
        """Raises `CommandFailed`."""
        days_ago = (midnight_from(at) - self.as_of).days
        sizes = measured(self.metrics, self.metrics.day).later(days_ago)
        with _told(self.path):
            found = may_be(sizes, rule_sets, state, at, self.months)
        if not (found.undecided or found.unfollowed):
            return found
        return found._replace(because=tuple(self._because(rule_sets)))

    def _because(self, rule_sets: Sequence[RuleSet]) -> Iterator[str]:
        yield (
            f"of {visible(self.bucket)} ages, prefixes, tags and what is noncurrent are not known,"
            " so what rules do lies between two bounds: an inventory would tell, such as that of"
            " `firnline inventory list`"
        )
        if cuts(rule_sets, is_suspended=False).counts:
            yield (
                "how many newer versions a version has no size tells either: rules with"
                " `NewerNoncurrentVersions` may act on all of them at once, or on none"
            )

    def arriving(
        self, within: Window, rule_sets: Sequence[RuleSet], state: BucketState, begin: datetime
    ) -> tuple[Contents, int]:
        """What it grew by in the window comes again in as many days; and its bytes a month. Raises
        `CommandFailed`.
        """
        more = grown_by(self.metrics, within.since.date(), within.until.date())
        if more is None:
            raise CommandFailed(
                f"{visible(self.path)} has no sizes of {within.since:%Y-%m-%d}: the first are of"
                f" {min(self.metrics.objects)}"
            )
        a_day = max(more, 0) // within.days
        if not a_day:
            return Contents(()), 0
        with _told(self.path):
            return may_arrive(a_day, rule_sets, state, begin), a_day * 365 // 12


@contextmanager
def _told(path: str) -> Iterator[None]:
    try:
        yield
    except TooManyTags:
        raise CommandFailed(
            f"{visible(path)} tells no tags, and the rules filter by too many: list the bucket with"
            " `firnline inventory list --tags`"
        ) from None


def read_metrics_file(
    path: str, age: Age, months: int, bucket: str | None = None
) -> list[Measured]:
    """Of each bucket in it, or of `bucket` alone. Raises `CommandFailed`."""
    try:
        with open(path, encoding="utf-8") as file:
            whole = read_metric_data(json.load(file))
        wanted = [each for each in whole if bucket in (None, each.bucket)]
        found = [each.until(age.at.astimezone(UTC).date()) for each in wanted]
    except OSError as problem:
        raise CommandFailed(f"{visible(path)} cannot be read: {problem.strerror}") from None
    except NotMetrics as problem:
        raise CommandFailed(f"{visible(path)} {visible(str(problem))}") from None
    except ValueError as problem:
        raise CommandFailed(f"{visible(path)} is not JSON: {problem}") from None
    if not found:
        names = ", ".join(visible(each.bucket) for each in whole)
        raise CommandFailed(
            f"{visible(path)} has no bucket `{visible(bucket or '')}`: it is of {names}"
        )
    return [usable(Measured(path, each, months, age.at), age) for each in found]


def usable(found: Measured, age: Age) -> Measured:
    """Raises `CommandFailed` where it is too old."""
    if age.not_before is not None and found.as_of < age.not_before:
        raise CommandFailed(
            f"{visible(found.path)}: its last sizes of {visible(found.bucket)} are of"
            f" {found.metrics.day}, before the limit of {age.not_before:%Y-%m-%d %H:%M} UTC"
        )
    return found
