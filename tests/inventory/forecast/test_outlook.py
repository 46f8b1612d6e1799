"""What is stored and what it costs, month by month: worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import accumulate

import pytest

from firnline.inventory.forecast.arrivals import Ingest, arriving
from firnline.inventory.forecast.change import break_even
from firnline.inventory.forecast.first_run import Happens
from firnline.inventory.forecast.groups import Group, Stored, groups
from firnline.inventory.forecast.months import starts
from firnline.inventory.forecast.outlook import Outlook, StoredUnder, outlook
from firnline.inventory.forecast.stays import StoredAs, by_class
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.prices.shipped import US_EAST_1
from firnline.s3.model import Filter, MinimumSize, NoncurrentExpiration, Rule, RuleSet, Transition
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState, ItemKind, StoredItem
from firnline.s3.terms import AccessTier, Days, StorageClass, Versioning

AS_OF = datetime(2026, 3, 31, 12, tzinfo=UTC)
BEGIN = datetime(2026, 4, 1, tzinfo=UTC)
"""April, with 30 days, is the first month."""

KIB, MIB, GIB, TIB = 2**10, 2**20, 2**30, 2**40


def old(days: int, size: int = GIB, storage_class: str = "STANDARD", **more: object) -> StoredItem:
    """An item whose age will be so many days at the first midnight."""
    made = BEGIN - timedelta(days=days, hours=1)
    return StoredItem(f"k/{days}/{size}", made, size, storage_class, **more)  # type: ignore[arg-type]


def rule(*moves: tuple[int, str], expires: int | None = None) -> Rule:
    transitions = tuple(Transition(Days(days), StorageClass(into)) for days, into in moves)
    return Rule("r", Filter(), transitions=transitions, expires=_days(expires))


def _days(days: int | None) -> Days | None:
    return None if days is None else Days(days)


def under(
    rules: Sequence[Rule],
    found: Sequence[StoredItem] | Sequence[Group],
    *,
    months: int = 1,
    versioning: Versioning = Versioning.OFF,
    minimum: MinimumSize = MinimumSize.ALL_128K,
    arriving: Sequence[Group] = (),
) -> Outlook:
    batch = Batch(RuleSet(tuple(rules), minimum), BucketState(versioning))
    items = [each for each in found if isinstance(each, StoredItem)]
    many = [each for each in found if not isinstance(each, StoredItem)]
    stored = groups([batch], items, AS_OF) + many
    return outlook([StoredUnder(batch, stored, arriving)], starts(AS_OF, months), US_EAST_1)


def many(item: StoredItem, objects: int) -> Group:
    each = Volume.of(item.size)
    return (Stored(item, Volume().plus(each, objects), item.created),)


def pays(before: Outlook, after: Outlook) -> int | None:
    pairs = zip(before.costs, after.costs, strict=True)
    return break_even(list(accumulate(old.total - new.total for old, new in pairs)))


def usd(amount: str) -> Fraction:
    return Fraction(amount)


def test_a_month_of_a_gibibyte_costs_what_the_price_list_says() -> None:
    found = under((), [old(1)])
    assert found.costs[0].storage == found.costs[0].total == usd("0.023")
    assert by_class(found.months[0].at_end) == {"STANDARD": Volume(1, GIB, GIB)}


def test_each_price_band_holds_for_what_lies_in_it() -> None:
    stored = [many(old(1, TIB), 600)]  # 50 TB at 0.023, 450 TB at 0.022, 100 TB at 0.021
    expected = 50 * 1024 * usd("0.023") + 450 * 1024 * usd("0.022") + 100 * 1024 * usd("0.021")
    assert under((), stored).costs[0].total == expected


def test_what_expires_is_billed_until_its_midnight() -> None:
    # It is 20 days old when April begins: ten days of thirty are left.
    found = under([rule(expires=30)], [old(20)], months=2)
    assert found.costs[0].total == usd("0.023") * 10 / 30
    assert found.costs[1].total == 0
    assert by_class(found.months[0].at_end) == {}


def test_a_transition_is_paid_once_and_bills_the_new_class_from_its_midnight() -> None:
    found = under([rule((30, "STANDARD_IA"))], [old(20)], months=2)
    first = found.costs[0]
    assert first.storage == usd("0.023") * 10 / 30 + usd("0.0125") * 20 / 30
    assert first.transitions == usd("0.00001")
    assert found.costs[1].total == usd("0.0125")


def test_ten_million_small_objects_cost_five_hundred_dollars_to_archive_and_never_pay() -> None:
    stored = [many(old(200, 10 * KIB), 10_000_000)]
    archived = under([rule((180, "DEEP_ARCHIVE"))], stored, months=12, minimum=MinimumSize.VARIES)
    assert archived.first_run.transitions == {
        "DEEP_ARCHIVE": Volume(10_000_000, 10_000_000 * 10 * KIB, 10_000_000 * 128 * KIB)
    }
    assert archived.paid_on_first_run == {"DEEP_ARCHIVE": 500}
    assert pays(under((), stored, months=12), archived) is None


def test_a_million_archived_kibibytes_weigh_forty_more() -> None:
    found = under((), [many(old(1, KIB, "GLACIER"), 1_000_000)])
    gb = usd("1000000") * KIB / GIB
    assert found.costs[0].storage == gb * usd("0.0036")
    assert found.costs[0].overhead == gb * (32 * usd("0.0036") + 8 * usd("0.023"))


def test_small_objects_are_billed_as_128_kibibytes_where_their_class_has_a_minimum() -> None:
    found = under((), [many(old(1, KIB, "STANDARD_IA"), 1_024)])
    assert found.costs[0].storage == usd("0.0125") / 1024
    assert found.costs[0].small_objects == usd("0.0125") * 127 / 1024


def test_what_leaves_a_class_before_its_minimum_pays_for_the_days_that_are_missing() -> None:
    # In GLACIER_IR since day 30 by the rules in force: 20 days at the first midnight, of 90.
    moved = rule((30, "GLACIER_IR"), expires=50)
    found = under([moved], [old(50, storage_class="GLACIER_IR")])
    assert found.costs[0].early_deletion == usd("0.004") * 70 / 30
    assert found.costs[0].total == found.costs[0].early_deletion


def test_an_old_object_in_a_versioned_bucket_moves_before_it_gets_its_marker() -> None:
    rules = [rule((30, "STANDARD_IA"), expires=365)]
    rules.append(Rule("old", Filter(), noncurrent_expires=NoncurrentExpiration(Days(10))))
    found = under(rules, [old(400)], versioning=Versioning.ENABLED)
    assert found.first_run.transitions == {"STANDARD_IA": Volume(1, GIB, GIB)}
    assert found.first_run.happens == {}
    # Hidden on day 1, noncurrent for ten days, deleted on day 11 of 30: 19 too early.
    assert found.costs[0].storage == usd("0.0125") * 11 / 30
    assert found.costs[0].early_deletion == usd("0.0125") * 19 / 30


def test_a_hidden_version_is_stored_and_billed_on() -> None:
    found = under([rule(expires=30)], [old(40)], versioning=Versioning.ENABLED)
    assert found.first_run.happens == {Happens.DELETE_MARKERS: Volume(1, GIB, GIB)}
    assert found.costs[0].total == usd("0.023")


def test_a_null_version_under_a_null_marker_is_gone() -> None:
    found = under([rule(expires=30)], [old(40, null_version=True)], versioning=Versioning.SUSPENDED)
    assert found.first_run.happens == {Happens.DELETED: Volume(1, GIB, GIB)}
    assert found.costs[0].total == 0


def test_intelligent_tiering_moves_what_nobody_reads_and_bills_a_fee_for_each_object() -> None:
    # Moved on the first day: thirty days frequent, sixty infrequent, then archive instant.
    found = under([rule((0, "INTELLIGENT_TIERING"))], [old(5)], months=4)
    assert found.months[3].at_end == {
        StoredAs("INTELLIGENT_TIERING", AccessTier.ARCHIVE_INSTANT, True): Volume(1, GIB, GIB)
    }
    assert [each.storage for each in found.costs] == [
        usd("0.023"),
        usd("0.0125"),
        (usd("0.0125") * 29 + usd("0.004")) / 30,  # May has 31 days, so June ends with day 91
        usd("0.004"),
    ]
    assert {each.monitoring for each in found.costs} == {usd("0.0000025")}


def test_small_objects_in_intelligent_tiering_stay_frequent_without_a_fee() -> None:
    found = under((), [old(500, KIB, "INTELLIGENT_TIERING")])
    assert found.costs[0].total == usd("0.023") / MIB


def test_what_is_written_every_day_grows_until_it_expires() -> None:
    daily = arriving(Ingest("k/", 365 * GIB, GIB), BEGIN)  # 12 GiB a day
    found = under([rule(expires=30)], (), months=3, arriving=[daily])
    stored = [sum(each.bytes for each in month.at_end.values()) for month in found.months]
    assert stored == [30 * 12 * GIB] * 3
    # 1 + 2 + … + 30 days of 12 GiB, of 30 days of a month.
    assert found.costs[0].total == 12 * usd("0.023") * 465 / 30
    assert found.costs[1].total == 12 * 30 * usd("0.023")


def test_objects_of_which_less_than_one_is_written_a_day_are_of_the_size_that_is_stated() -> None:
    daily = arriving(Ingest("k/", 365 * GIB, 100 * GIB), BEGIN)  # 12 GiB a day
    large = Rule("r", Filter("k/", larger_than=50 * GIB), expires=Days(30))
    found = under([large], (), months=2, arriving=[daily])
    stored = [sum(each.bytes for each in month.at_end.values()) for month in found.months]
    assert stored == [30 * 12 * GIB] * 2


def test_a_change_has_paid_when_its_requests_are_saved_for_good() -> None:
    # 1 MiB: to move costs 0.00002, and saves 0.019 / 1024 a month.
    stored = [many(old(10, MIB), 1_000)]
    before, after = (
        under((), stored, months=6),
        under([rule((0, "GLACIER_IR"))], stored, months=6),
    )
    assert pays(before, after) == 2
    assert pays(before, before) == 1


@pytest.mark.parametrize(
    ("as_of", "days"),
    [
        (datetime(2026, 1, 30, 12, tzinfo=UTC), ["2026-01-31", "2026-02-28", "2026-03-31"]),
        (datetime(2026, 12, 1, tzinfo=UTC), ["2026-12-01", "2027-01-01", "2027-02-01"]),
    ],
)
def test_a_month_ends_on_the_same_day_or_the_last_of_a_shorter_one(
    as_of: datetime, days: Sequence[str]
) -> None:
    assert [f"{each:%Y-%m-%d}" for each in starts(as_of, 2)] == days


def test_markers_and_uploads_are_counted_where_they_end() -> None:
    aborts = Rule("a", Filter(), aborts_uploads_after=Days(7), expires=Days(5))
    upload = StoredItem("k/u", BEGIN - timedelta(days=9), kind=ItemKind.MULTIPART_UPLOAD)
    marker = StoredItem("k/m", BEGIN - timedelta(days=9), kind=ItemKind.DELETE_MARKER)
    found = under([aborts], [upload, marker], versioning=Versioning.ENABLED)
    assert {name: volume.objects for name, volume in found.first_run.happens.items()} == {
        Happens.ABORTED: 1,
        Happens.MARKERS_REMOVED: 1,
    }
