"""The ledger's answers, worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.inventory.forecast.ledger.bill import US_EAST_1
from tests.inventory.forecast.ledger.ledger import Amount, Ledger, after_months, keep_ledger
from tests.inventory.forecast.ledger.stored import Key, Rule, Upload, Version, World
from tests.inventory.forecast.ledger.walk import What, walk

GIB = 1 << 30
TIB = 1 << 40
KIB_128 = 131_072
# Month 1 of these buckets is the 30 days from here to 22 December.
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
BEGIN = datetime(2026, 11, 22, tzinfo=UTC)
CHARGES = ("storage", "transitions", "early_deletion", "small_objects", "overhead", "monitoring")


def old(days: int, **known: Any) -> Version:
    """A version that is so many days old at the first midnight."""
    return Version(BEGIN - timedelta(days=days), **known)


def one(size: int, storage_class: str = "STANDARD", days: int = 0, times: int = 1) -> Key:
    return Key("k", (old(days, size=size, storage_class=storage_class),), times)


def rule(size_over: int | None = None, **actions: Any) -> Rule:
    scope = {"Prefix": ""} if size_over is None else {"ObjectSizeGreaterThan": size_over}
    return {"Filter": scope, "Status": "Enabled", **actions}


def into(storage_class: str, days: int = 0) -> dict[str, Any]:
    return {"Transitions": [{"Days": days, "StorageClass": storage_class}]}


def kept(*keys: Key, months: int = 1, rules: tuple[Rule, ...] = (), **world: Any) -> Ledger:
    return keep_ledger(World(NOW, keys, rules=rules, **world), US_EAST_1, months)


def assert_usd(found: Mapping[str, Fraction], **expected: Fraction) -> None:
    """What is not expected is zero; the total is the sum."""
    assert found == {
        **{charge: expected.get(charge, 0) for charge in CHARGES},
        "total": sum(expected.values()),
    }


def usd(text: str) -> Fraction:
    return Fraction(Decimal(text))


# What a month costs.


def test_a_gibibyte_for_a_month_costs_the_price() -> None:
    (month,) = kept(one(GIB)).months
    assert month.bytes == {"STANDARD": GIB}
    assert_usd(month.usd, storage=usd("0.023"))


def test_standard_has_a_price_for_each_band_of_what_is_stored_together() -> None:
    found = kept(one(400 * TIB), Key("other", (old(0, size=200 * TIB),)))
    # 50 x 1024 x 0.023 + 450 x 1024 x 0.022 + 100 x 1024 x 0.021
    assert_usd(found.months[0].usd, storage=usd("13465.6"))


def test_a_band_is_of_the_average_of_a_month() -> None:
    gone_half_way = rule(Expiration={"Days": 15})
    found = kept(one(100 * TIB), rules=(gone_half_way,))
    assert_usd(found.months[0].usd, storage=usd("1177.6"))  # 50 TB on average
    assert found.months[0].bytes == {}


def test_a_million_archived_objects_of_a_kilobyte_weigh_40_gigabytes_more() -> None:
    (month,) = kept(one(1_000, "GLACIER", 400, times=1_000_000)).months
    in_class, in_standard = Fraction(32_768_000_000, GIB), Fraction(8_192_000_000, GIB)
    assert_usd(
        month.usd,
        storage=Fraction(1_000_000_000, GIB) * usd("0.0036"),
        overhead=in_class * usd("0.0036") + in_standard * usd("0.023"),
    )


def test_the_overhead_in_standard_fills_its_bands() -> None:
    found = kept(one(50 * TIB), Key("a", (old(400, storage_class="DEEP_ARCHIVE"),), 1 << 17))
    gib_in_class, gib_in_standard = 4, 1  # of 131,072 objects
    assert_usd(
        found.months[0].usd,
        storage=usd("1177.6"),
        overhead=gib_in_class * usd("0.00099") + gib_in_standard * usd("0.022"),
    )


@pytest.mark.parametrize("storage_class", ["STANDARD_IA", "ONEZONE_IA", "GLACIER_IR"])
@pytest.mark.parametrize(("size", "padding"), [(0, 131_072), (131_071, 1), (131_072, 0)])
def test_objects_are_billed_as_128_kib_at_least(
    storage_class: str, size: int, padding: int
) -> None:
    (month,) = kept(one(size, storage_class, 400, times=1_000_000)).months
    price = Fraction(US_EAST_1[storage_class])
    assert_usd(
        month.usd,
        storage=Fraction(size * 1_000_000, GIB) * price,
        small_objects=Fraction(padding * 1_000_000, GIB) * price,
    )


def test_an_unread_object_gets_cheaper_in_intelligent_tiering() -> None:
    months = kept(one(GIB, "INTELLIGENT_TIERING"), months=4).months
    monitoring = usd("0.0000025")
    assert_usd(months[0].usd, storage=usd("0.023"), monitoring=monitoring)
    assert_usd(months[1].usd, storage=usd("0.0125"), monitoring=monitoring)
    # 22 January to 22 February: days 61 to 91, of which the last two after 90 days.
    third = Fraction(29, 31) * usd("0.0125") + Fraction(2, 31) * usd("0.004")
    assert_usd(months[2].usd, storage=third, monitoring=monitoring)
    assert_usd(months[3].usd, storage=usd("0.004"), monitoring=monitoring)


def test_objects_below_128_kib_stay_frequent_and_are_not_monitored() -> None:
    (month,) = kept(one(131_071, "INTELLIGENT_TIERING", 400, times=1_000_000)).months
    assert_usd(month.usd, storage=Fraction(131_071_000_000, GIB) * usd("0.023"))


def test_the_frequent_tier_has_bands_for_all_that_is_in_it() -> None:
    monitored = one(30 * TIB, "INTELLIGENT_TIERING")
    small = Key("small", (old(0, size=1 << 16, storage_class="INTELLIGENT_TIERING"),), 30 << 24)
    (month,) = kept(monitored, small).months
    # 50 x 1024 x 0.023 + 10 x 1024 x 0.022
    assert_usd(month.usd, storage=usd("1402.88"), monitoring=usd("0.0000025"))


def test_parts_of_an_upload_are_billed_as_standard_until_it_is_aborted() -> None:
    abort = rule(AbortIncompleteMultipartUpload={"DaysAfterInitiation": 7})
    upload = Upload("k", BEGIN - timedelta(days=1), GIB, times=10)
    months = kept(uploads=(upload,), rules=(abort,), months=2).months
    assert_usd(months[0].usd, storage=Fraction(6, 30) * usd("0.23"))
    assert months[0].bytes == months[1].bytes == {}


def test_a_month_ends_on_the_day_on_which_the_first_one_began_or_the_last_day() -> None:
    begin = datetime(2027, 1, 31, tzinfo=UTC)
    ends = [after_months(begin, number) for number in (1, 2, 11, 13)]
    assert [(end.year, end.month, end.day) for end in ends] == [
        *((2027, 2, 28), (2027, 3, 31), (2027, 12, 31), (2028, 2, 29)),
    ]


# What a move costs.


def test_ten_million_objects_of_10_kib_never_pay_for_their_move() -> None:
    moved = rule(size_over=0, **into("DEEP_ARCHIVE", 30))
    objects = one(10_240, days=400, times=10_000_000)
    found = kept(objects, rules=(moved,), months=2)
    assert found.first_run.transitions == {
        "DEEP_ARCHIVE": Amount(10_000_000, 102_400_000_000, usd("500"))
    }
    stored = {
        "storage": usd("95.367431640625") * usd("0.00099"),
        "overhead": usd("305.17578125") * usd("0.00099") + usd("76.2939453125") * usd("0.023"),
    }
    assert_usd(found.months[0].usd, transitions=usd("500"), **stored)
    assert_usd(found.months[1].usd, **stored)
    saved = kept(objects, months=2).months[1].usd["total"] - found.months[1].usd["total"]
    assert 0 < saved < 1


def test_500_gib_go_down_the_classes() -> None:
    """From a midnight: 30 days after 1 December is the 31st, and 90 days after it 1 March."""
    first = datetime(2026, 12, 1, tzinfo=UTC)
    steps = [{"Days": 30, "StorageClass": "STANDARD_IA"}, {"Days": 90, "StorageClass": "GLACIER"}]
    rules = (rule(Transitions=steps, Expiration={"Days": 365}),)
    key = Key("k", (Version(first, 500 * GIB),))
    months = keep_ledger(World(first, (key,), rules=rules), US_EAST_1, 13).months
    december = Fraction(30, 31) * usd("11.5") + Fraction(1, 31) * usd("6.25")
    assert_usd(months[0].usd, storage=december, transitions=usd("0.00001"))
    assert_usd(months[1].usd, storage=usd("6.25"))
    assert_usd(months[2].usd, storage=usd("6.25"))
    overhead = Fraction(1, 32_768) * usd("0.0036") + Fraction(1, 131_072) * usd("0.023")
    march = {"storage": usd("1.8"), "overhead": overhead}
    assert_usd(months[3].usd, transitions=usd("0.00003"), **march)
    assert_usd(months[11].usd, **march)
    assert_usd(months[12].usd)  # gone on 1 December, after 275 days in GLACIER
    assert [month.bytes for month in months[2:4]] == [
        {"STANDARD_IA": 500 * GIB},
        {"GLACIER": 500 * GIB},
    ]


@pytest.mark.parametrize(
    ("storage_class", "stayed", "missing", "price"),
    [
        ("STANDARD", 1, 0, "0.023"),
        ("INTELLIGENT_TIERING", 1, 0, "0.023"),
        ("STANDARD_IA", 29, 1, "0.0125"),
        ("STANDARD_IA", 30, 0, "0.0125"),
        ("ONEZONE_IA", 10, 20, "0.01"),
        ("GLACIER_IR", 60, 30, "0.004"),
        ("GLACIER", 20, 70, "0.0036"),
        ("GLACIER", 90, 0, "0.0036"),
        ("DEEP_ARCHIVE", 120, 60, "0.00099"),
        ("DEEP_ARCHIVE", 180, 0, "0.00099"),
    ],
)
def test_deletion_before_the_minimum_duration_costs_what_is_left_of_it(
    storage_class: str, stayed: int, missing: int, price: str
) -> None:
    at_once = rule(Expiration={"Days": 1})
    found = kept(one(GIB, storage_class, stayed), rules=(at_once,))
    assert_usd(found.months[0].usd, early_deletion=Fraction(missing, 30) * usd(price))
    assert found.first_run.deleted == Amount(1, GIB)


def test_early_deletion_of_a_small_object_is_billed_as_of_128_kib() -> None:
    at_once = rule(Expiration={"Days": 1})
    found = kept(one(1_000, "STANDARD_IA", 15, times=1 << 13), rules=(at_once,))
    assert_usd(found.months[0].usd, early_deletion=usd("0.00625"))  # half a month of 1 GiB


def test_leaving_a_class_early_for_another_costs_the_same() -> None:
    found = kept(one(GIB, "GLACIER_IR", 10), rules=(rule(**into("DEEP_ARCHIVE")),))
    overhead = Fraction(1, 32_768) * usd("0.00099") + Fraction(1, 131_072) * usd("0.023")
    assert_usd(
        found.months[0].usd,
        storage=usd("0.00099"),
        transitions=usd("0.00005"),
        early_deletion=Fraction(80, 30) * usd("0.004"),
        overhead=overhead,
    )


def test_a_class_is_stayed_in_from_the_midnight_after_it_was_entered() -> None:
    entered = BEGIN - timedelta(days=20, hours=3)
    version = old(400, size=GIB, storage_class="GLACIER", in_class_since=entered)
    found = kept(Key("k", (version,)), rules=(rule(Expiration={"Days": 1}),))
    assert_usd(found.months[0].usd, early_deletion=usd("0.0084"))  # 70 days of 90


def test_a_version_that_a_marker_hides_is_still_stored_and_not_deleted_early() -> None:
    at_once = rule(Expiration={"Days": 1})
    found = kept(one(GIB, "STANDARD_IA", 1), rules=(at_once,), versioning="Enabled")
    assert_usd(found.months[0].usd, storage=usd("0.0125"))
    assert found.first_run.delete_markers == Amount(1, GIB)


# When it happens, and to what.


def happens(world: World, days: int = 200) -> list[tuple[str, What]]:
    """In order: the day of the year and what happens."""
    begin = world.as_of.replace(hour=0, minute=0, second=0)
    begin += timedelta(days=begin != world.as_of)
    return [
        (f"{begin + timedelta(days=event.day):%m-%d}", event.what)
        for event in sorted(walk(world, days).events, key=lambda each: each.day)
    ]


@pytest.mark.parametrize(
    ("created", "days", "due"),
    [
        (datetime(2014, 1, 15, 10, 30, tzinfo=UTC), 3, "01-19"),
        (datetime(2014, 1, 2, 0, 5, tzinfo=UTC), 1, "01-04"),
        (datetime(2014, 1, 2, 0, 0, tzinfo=UTC), 1, "01-03"),
    ],
)
def test_an_age_is_rounded_up_to_a_midnight(created: datetime, days: int, due: str) -> None:
    """The first two are examples of the S3 User Guide; an exact midnight is its own."""
    world = World(
        created, (Key("k", (Version(created),)),), rules=(rule(Expiration={"Days": days}),)
    )
    assert happens(world) == [(due, What.DELETED)]


def test_noncurrent_since_its_successor_and_rounded_up_likewise() -> None:
    """An example of the S3 User Guide."""
    since = datetime(2014, 1, 2, 11, 30, tzinfo=UTC)
    key = Key("k", (Version(since - timedelta(days=300)), Version(since)))
    ends = rule(NoncurrentVersionExpiration={"NoncurrentDays": 5})
    world = World(since, (key,), rules=(ends,), versioning="Enabled")
    assert happens(world) == [("01-08", What.DELETED)]


def test_a_transition_after_no_days_is_at_the_next_midnight() -> None:
    world = World(NOW, (Key("k", (Version(NOW, GIB),)),), rules=(rule(**into("GLACIER")),))
    assert happens(world) == [("11-22", What.MOVED)]


def test_a_date_holds_for_all_from_that_midnight_on() -> None:
    date = datetime(2026, 12, 1, tzinfo=UTC)
    world = World(NOW, (one(GIB),), rules=(rule(Expiration={"Date": date}),))
    assert happens(world) == [("12-01", What.DELETED)]


def test_a_versioned_object_moves_before_it_gets_its_marker() -> None:
    both = rule(**into("GLACIER", 90), Expiration={"Days": 365})
    world = World(NOW, (one(GIB, days=400),), rules=(both,), versioning="Enabled")
    assert happens(world) == [("11-22", What.MOVED), ("11-23", What.MARKER_ADDED)]
    found = keep_ledger(world, US_EAST_1, 1)
    assert found.first_run.transitions == {"GLACIER": Amount(1, GIB, usd("0.00003"))}
    assert found.first_run.delete_markers == Amount()


def test_an_unversioned_object_is_deleted_instead() -> None:
    both = rule(**into("GLACIER", 90), Expiration={"Days": 365})
    world = World(NOW, (one(GIB, days=400),), rules=(both,))
    assert happens(world) == [("11-22", What.DELETED)]


def test_the_data_goes_after_90_days_and_its_marker_when_it_is_60_days_old_itself() -> None:
    chain = rule(Expiration={"Days": 60}, NoncurrentVersionExpiration={"NoncurrentDays": 30})
    created = datetime(2027, 1, 1, tzinfo=UTC)
    world = World(created, (Key("k", (Version(created),)),), rules=(chain,), versioning="Enabled")
    assert happens(world) == [
        ("03-02", What.MARKER_ADDED),
        ("04-01", What.DELETED),
        ("05-01", What.MARKER_REMOVED),
    ]


def test_an_expired_marker_is_removed_the_day_after_it_hides_nothing() -> None:
    ends = rule(NoncurrentVersionExpiration={"NoncurrentDays": 30})
    cleans = rule(Expiration={"ExpiredObjectDeleteMarker": True})
    key = Key("k", (old(300, size=GIB), old(20, marker=True)))
    world = World(NOW, (key,), rules=(ends, cleans), versioning="Enabled")
    assert happens(world) == [("12-02", What.DELETED), ("12-03", What.MARKER_REMOVED)]


def test_newer_noncurrent_versions_are_kept() -> None:
    """Of ten versions one is current, and five are kept."""
    key = Key("k", tuple(old(100 - place, size=1) for place in range(10)))
    ends = rule(NoncurrentVersionExpiration={"NoncurrentDays": 1, "NewerNoncurrentVersions": 5})
    found = kept(key, rules=(ends,), versioning="Enabled")
    assert found.first_run.deleted == Amount(4, 4)
    assert found.months[0].bytes == {"STANDARD": 6}


def test_a_null_marker_destroys_the_null_version() -> None:
    key = Key("k", (old(100, size=1), old(50, size=GIB, null=True)))
    found = kept(key, rules=(rule(Expiration={"Days": 30}),), versioning="Suspended")
    assert found.first_run.deleted == Amount(1, GIB)
    assert found.first_run.delete_markers == Amount()
    assert found.months[0].bytes == {"STANDARD": 1}


def test_a_version_with_an_id_is_hidden_by_the_null_marker_which_destroys_an_old_null() -> None:
    key = Key("k", (old(100, size=1, null=True), old(50, size=GIB)))
    found = kept(key, rules=(rule(Expiration={"Days": 30}),), versioning="Suspended")
    assert found.first_run.deleted == Amount(1, 1)
    assert found.first_run.delete_markers == Amount(1, GIB)


@pytest.mark.parametrize(
    ("minimum_size", "size_over", "moved"),
    [
        ("all_storage_classes_128K", None, set()),
        ("varies_by_storage_class", None, {"GLACIER", "DEEP_ARCHIVE"}),
        ("all_storage_classes_128K", 0, {"STANDARD_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"}),
    ],
)
def test_small_objects_move_where_the_header_or_a_size_filter_lets_them(
    minimum_size: str, size_over: int | None, moved: set[str]
) -> None:
    classes = ("STANDARD_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE")
    found = {
        each: kept(
            one(KIB_128 - 1), rules=(rule(size_over, **into(each)),), minimum_size=minimum_size
        )
        for each in classes
    }
    assert {each for each in classes if found[each].first_run.transitions} == moved
    for each in classes:
        assert kept(one(KIB_128), rules=(rule(**into(each)),)).first_run.transitions


@pytest.mark.parametrize(
    ("found_in", "target", "days", "moves"),
    [
        ("GLACIER", "STANDARD_IA", 10, False),
        ("ONEZONE_IA", "GLACIER_IR", 10, False),
        ("GLACIER_IR", "INTELLIGENT_TIERING", 10, False),
        ("REDUCED_REDUNDANCY", "STANDARD_IA", 10, True),
        ("INTELLIGENT_TIERING", "ONEZONE_IA", 89, True),
        ("INTELLIGENT_TIERING", "ONEZONE_IA", 90, False),
        ("INTELLIGENT_TIERING", "GLACIER_IR", 90, True),
    ],
)
def test_objects_move_only_down_the_supported_ways(
    found_in: str, target: str, days: int, moves: bool
) -> None:
    found = kept(one(GIB, found_in, days), rules=(rule(**into(target)),))
    assert bool(found.first_run.transitions) is moves


def test_of_two_classes_that_are_due_the_cheaper_wins_but_intelligent_tiering_most() -> None:
    def first(*classes: str) -> set[str]:
        rules = tuple(rule(**into(each)) for each in classes)
        return set(kept(one(GIB, days=1), rules=rules).first_run.transitions)

    assert first("STANDARD_IA", "GLACIER_IR") == {"GLACIER_IR"}
    assert first("GLACIER_IR", "INTELLIGENT_TIERING") == {"INTELLIGENT_TIERING"}
    assert first("INTELLIGENT_TIERING", "GLACIER") == {"GLACIER"}


def test_locks_and_replication_keep_a_version() -> None:
    ends = rule(NoncurrentVersionExpiration={"NoncurrentDays": 1})
    locked = old(50, size=GIB, locked_until=datetime(2026, 12, 4, 12, tzinfo=UTC))
    waiting = old(40, size=GIB, awaits_replication=True)
    key = Key("k", (locked, waiting, old(30)))
    world = World(NOW, (key,), rules=(ends,), versioning="Enabled")
    assert happens(world) == [("12-05", What.DELETED)]
