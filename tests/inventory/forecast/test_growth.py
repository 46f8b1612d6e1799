"""What was written on some days and is still there → what arrives on each day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from firnline.inventory.forecast.groups import Stored, groups
from firnline.inventory.forecast.growth import Window, Written, by_prefix, each_day, window, written
from firnline.inventory.forecast.undecided import Contents, Undecided
from firnline.inventory.forecast.volume import Volume
from firnline.s3.model import Filter, Rule, RuleSet, Transition
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState, ItemKind, StoredItem
from firnline.s3.terms import Days, StorageClass, Versioning

NOW = datetime(2026, 3, 31, 1, tzinfo=UTC)
UNTIL = datetime(2026, 3, 31, tzinfo=UTC)
BEGIN = datetime(2026, 4, 1, tzinfo=UTC)
MIB, GIB = 2**20, 2**30
NO_RULES = RuleSet(())
THIRTY = Window(UNTIL - timedelta(days=30), UNTIL)


def made(days: float, key: str = "a", size: int = GIB, **more: object) -> StoredItem:
    """So many days before the last midnight of the window."""
    return StoredItem(key, UNTIL - timedelta(days=days), size, **more)  # type: ignore[arg-type]


def daily(days: int, key: str = "a", size: int = GIB) -> list[StoredItem]:
    """One object a day for so long, an hour after midnight."""
    return [made(day - 1 / 24, f"{key}{day}", size) for day in range(1, days + 1)]


def grown(
    items: Sequence[StoredItem],
    rules: RuleSet = NO_RULES,
    after: RuleSet = NO_RULES,
    *,
    within: Window = THIRTY,
    versioning: Versioning = Versioning.OFF,
) -> list[Written]:
    state = BucketState(versioning)
    found = groups([Batch(each, state) for each in (rules, after)], items, NOW)
    return written(Contents(found), (rules, after), state, within, BEGIN)


def deletes(prefix: str, days: int) -> RuleSet:
    return RuleSet((Rule("r", Filter(prefix), expires=Days(days)),))


def test_a_window_is_of_whole_days() -> None:
    found = window(datetime(2026, 3, 1, 5, tzinfo=UTC), datetime(2026, 3, 31, 1, tzinfo=UTC))
    assert found == Window(datetime(2026, 3, 2, tzinfo=UTC), UNTIL)
    assert found.days == 29
    assert window(UNTIL - timedelta(hours=30), NOW) == Window(UNTIL - timedelta(days=1), UNTIL)
    assert window(UNTIL - timedelta(hours=23), NOW) is None


def test_what_was_written_in_the_window_arrives_on_each_day_on_the_average() -> None:
    (found,) = grown([*daily(60, "old"), *daily(10, "more", 3 * GIB)])
    assert found.volume == Volume(40, 60 * GIB, 60 * GIB)
    assert found.each_day == Volume(1, 2 * GIB, 2 * GIB)
    assert found.items[0].created == BEGIN
    assert by_prefix([found]) == {
        ("", "STANDARD"): Volume(30, 2 * GIB * 365 // 12, 60 * GIB * 365 // 360)
    }


def test_the_days_at_both_ends_of_the_window_count_whole() -> None:
    hour = timedelta(hours=1)
    at_ends = [THIRTY.since, THIRTY.since + hour, THIRTY.until, THIRTY.until + hour]
    (found,) = grown([StoredItem(str(moment), moment, 1) for moment in at_ends])
    # An object of a midnight is of the day before: its age begins there.
    assert found.volume.objects == 2


def test_small_objects_are_padded_as_they_were() -> None:
    (found,) = grown(daily(30, size=1_000))
    assert found.each_day == Volume(1, 1_000, 131_072)


def test_prefixes_of_rules_are_told_apart_before_and_after_a_change() -> None:
    found = grown(
        [*daily(30, "tmp/"), *daily(30, "logs/"), *daily(30, "else/")],
        deletes("tmp/", 99),
        deletes("logs/", 99),
    )
    assert sorted(each.prefix for each in found) == ["", "logs/", "tmp/"]
    assert {each.each_day for each in found} == {Volume(1, GIB, GIB)}


def test_only_the_days_count_on_which_rules_left_all_that_was_written() -> None:
    """With a tenth of the days, a tenth of the objects is there: as much arrives."""
    rules = deletes("", 3)
    (found,) = grown(daily(3), rules)
    assert (found.days, found.volume.objects) == (3, 3)
    assert found.each_day == Volume(1, GIB, GIB)
    late = made(9, "overdue")  # S3 removes some days later
    assert grown([*daily(3), late], rules) == [found]


def test_what_rules_moved_arrives_where_it_was_written() -> None:
    moves = RuleSet(
        (Rule("r", Filter(), transitions=(Transition(Days(5), StorageClass("GLACIER_IR")),)),)
    )
    moved = [
        made(day, f"{day}", storage_class="GLACIER_IR" if day > 5 else "STANDARD")
        for day in range(30)
    ]
    (found,) = grown(moved, moves)
    assert (found.items[0].storage_class, found.volume.objects) == ("STANDARD", 30)
    (ours, theirs) = sorted(grown(moved), key=lambda each: each.items[0].storage_class)
    assert (ours.items[0].storage_class, theirs.items[0].storage_class) == (
        "GLACIER_IR",
        "STANDARD",
    )


def test_an_old_version_arrives_as_one_that_was_replaced_after_as_many_days() -> None:
    old = made(10, current=False, noncurrent_since=UNTIL - timedelta(days=7), newer_noncurrent=1)
    (found,) = grown([old], versioning=Versioning.ENABLED)
    assert found.items[0].noncurrent_since == BEGIN + timedelta(days=3)
    assert not found.items[0].current


def test_locks_last_as_long_as_they_did() -> None:
    """The table engine counts them by one key for all between two bounds."""
    state = BucketState(Versioning.ENABLED)
    locked = [made(day, "", retain_until=UNTIL + timedelta(days=90 - day)) for day in range(30)]
    alone = [(Stored(each, Volume.of(GIB), each.created),) for each in locked]
    found = written(Contents(alone), (NO_RULES, NO_RULES), state, THIRTY, BEGIN)
    assert [each.items[0].retain_until for each in found] == [BEGIN + timedelta(days=90)]
    assert found[0].volume.objects == 30


def test_locked_objects_of_many_keys_are_no_more_than_were_written() -> None:
    lock = timedelta(days=90)
    items = [made(number % 30, f"{'tmp/' if number < 30 else ''}{number}") for number in range(90)]
    locked = [replace(each, retain_until=each.created + lock) for each in items]
    found = grown(locked, deletes("tmp/", 400), versioning=Versioning.ENABLED)
    assert {each.prefix: each.each_day.objects for each in found} == {"tmp/": 1, "": 2}


def test_delete_markers_take_no_space_and_uploads_do() -> None:
    marker = made(3, kind=ItemKind.DELETE_MARKER, size=0)
    upload = made(3, "b", kind=ItemKind.MULTIPART_UPLOAD, size=0)
    found = grown([marker, upload], versioning=Versioning.ENABLED)
    assert [each.items[0].kind for each in found] == [ItemKind.MULTIPART_UPLOAD]


def test_at_least_one_object_arrives() -> None:
    (found,) = grown([made(3, size=30 * MIB)])
    assert found.each_day == Volume(1, MIB, MIB)


def test_what_may_be_like_one_thing_or_another_arrives_so() -> None:
    tagged, plain = made(3, tags=(("t", "1"),)), made(3)
    rules = RuleSet((Rule("r", Filter(tags=(("t", "1"),)), expires=Days(60)),))
    possible = tuple((Stored(each, Volume.of(GIB), each.created),) for each in (tagged, plain))
    contents = Contents((), [Undecided(possible), Undecided(possible)])
    (found,) = written(contents, (rules, NO_RULES), BucketState(), THIRTY, BEGIN)
    assert [each.tags for each in found.items] == [(("t", "1"),), ()]
    assert found.volume == Volume(2, 2 * GIB, 2 * GIB)
    (arriving,) = each_day([found]).undecided
    assert [stored.example.created for (stored,) in arriving.possible] == [BEGIN, BEGIN]
