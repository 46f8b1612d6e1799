"""A second policy on a saved summary of 4,800 groups, for 5 years; and a review of a change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from statistics import median

from benchmarks.figure import Figure, processor_seconds
from benchmarks.listings import RULES
from firnline.inventory.forecast.change import Changed, change
from firnline.inventory.forecast.months import starts
from firnline.inventory.forecast.outlook import StoredUnder, outlook
from firnline.inventory.prices.shipped import US_EAST_1
from firnline.inventory.radius.radius import radius
from firnline.inventory.radius.reached import BucketFacts
from firnline.inventory.summary.cut import cut_for
from firnline.inventory.summary.file import read_summary, to_parquet
from firnline.inventory.summary.grouped import contents
from firnline.inventory.summary.rows import AgesBy, Row, RowKind
from firnline.inventory.summary.summary import BucketSummary, Summary
from firnline.rules.diff.items import UNNAMED, compare
from firnline.rules.diff.owners import BucketConfig
from firnline.s3.model import RuleSet
from firnline.s3.read_shape import read_configuration
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.clock import midnight_from
from firnline.s3.simulate.stored import BucketState
from firnline.s3.terms import Clock, Days, Versioning

ROUNDS = 15
MADE = datetime(2026, 11, 28, 1, tzinfo=UTC)
PREFIXES = ("checkpoints/", "datasets/", "logs/", "models/")
SIZES = (1_000, 1 << 21, 1 << 28)
DAYS = 400


def measure() -> Iterator[Figure]:
    rules = read_configuration(RULES)
    content = to_parquet(Summary((bucket_of(rules),)))
    (bucket,) = read_summary(content, "summary.parquet").buckets
    second = RuleSet(rules.rules[1:])
    begins = starts(MADE, 60)
    for versioning, bound in ((Versioning.OFF, 50.0), (Versioning.ENABLED, 70.0)):
        state = BucketState(versioning)

        def forecast(state: BucketState = state) -> None:
            found = contents(bucket, (rules, second), state, MADE)
            assert not found.undecided
            outlook([StoredUnder(Batch(second, state), found.decided)], begins, US_EAST_1)

        spent = median(processor_seconds(forecast) for _ in range(ROUNDS))
        yield Figure(f"second policy, versioning {versioning.value}", spent * 1_000, "ms", bound)
    yield _reviewed(rules, bucket)
    yield Figure("its file", len(content) / 1_024, "KiB")


def _reviewed(rules: RuleSet, bucket: BucketSummary) -> Figure:
    """What `firnline diff` adds to a change of three rules: what goes because of it, and its cost
    within a year.
    """
    sooner = RuleSet(tuple(replace(rule, expires=Days(18)) for rule in rules.rules))
    state = BucketState(Versioning.ENABLED)
    pair = [BucketConfig(each, Versioning.ENABLED) for each in (rules, sooner)]
    items = compare({UNNAMED: pair[0]}, {UNNAMED: pair[1]}).items
    begins = starts(MADE, 12)

    def review() -> None:
        found = contents(bucket, (rules, sooner), state, MADE)
        changed = Changed(Batch(rules, state), Batch(sooner, state), found)
        reached = radius(items, [BucketFacts(UNNAMED, changed, frozenset(Clock))], begins)
        assert reached.total.deleted.objects.is_exact
        change([changed], begins, US_EAST_1)

    spent = median(processor_seconds(review) for _ in range(ROUNDS))
    return Figure("what a change deletes and costs", spent * 1_000, "ms", 1_000.0)


def bucket_of(rules: RuleSet) -> BucketSummary:
    cut = cut_for([rules], PREFIXES, is_suspended=False, all_versions=True, tags_known=False)
    stacks = tuple(
        (_row(prefix, days, size),) for prefix, days, size in product(PREFIXES, range(DAYS), SIZES)
    )
    return BucketSummary("lab", MADE, MADE, True, False, cut, AgesBy.DAY, stacks)


def _row(prefix: str, days: int, size: int) -> Row:
    return row_of(prefix, days, size, 20_000 + (7_919 * days) % 1_009)


def row_of(prefix: str, days: int, size: int, objects: int) -> Row:
    """Of objects that were made so many days ago, in STANDARD."""
    made = midnight_from(MADE - timedelta(days=days)).toordinal() - 719_163
    return Row(
        prefix=prefix,
        kind=RowKind.VERSION,
        storage_class="STANDARD",
        access_tier=None,
        is_latest=True,
        is_null=False,
        replication_status=None,
        tags=None,
        retained_until=None,
        is_held=False,
        made_first=made,
        made_last=made,
        since_first=None,
        since_last=None,
        hidden=0,
        newer_least=0,
        newer_most=0,
        size_least=size,
        size_most=2 * size,
        objects=objects,
        bytes=objects * size,
        padded=objects * max(size, 131_072),
    )
