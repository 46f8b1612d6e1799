"""What `firnline forecast` finds: where it points, what it says, and what it leaves out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from firnline.diagnostics.kinds import Diagnostic, Kind
from firnline.diagnostics.position import BucketPlace
from firnline.diagnostics.remedy import Drop
from firnline.examples import drawn, facts_of
from firnline.inventory.checks.examples import FACTS, found_in_example
from firnline.inventory.forecast.undecided import Undecided, Unfollowed
from firnline.inventory.prices.price_list import Band
from firnline.inventory.prices.shipped import US_EAST_1
from firnline.language.check import Known
from firnline.pipeline import compile_files
from tests.inventory.checks.judged import (
    KIB,
    MANY,
    MIB,
    NOW,
    Lab,
    codes,
    group,
    key,
    only,
    size_that_pays,
)
from tests.inventory.forecast.ledger.stored import Key, Upload, Version
from tests.places import span_of
from tests.policies import TODAY, compiled, files_of

ARCHIVE = "retain: {runs: {prefix: runs/, archive_after: 30d, delete_after: never}}"
OLD = key(40, 150 * KIB)


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.name)
def test_the_wrong_example_of_a_kind_reports_it_and_the_right_one_nothing(kind: Kind) -> None:
    for example, found in ((kind.wrong, [kind.code]), (kind.right, [])):
        told = compiled(example)
        assert told.diagnostics == ()
        assert codes(found_in_example(kind, told.buckets, TODAY)) == found


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.name)
def test_it_is_explained_with_what_is_said_of_the_example(kind: Kind) -> None:
    assert f"warning[{kind.code}]: {kind.title}" in drawn(kind)
    assert facts_of(kind).startswith(f"{FACTS[kind].objects:,} objects of ")


def test_it_points_at_the_step_of_the_retention() -> None:
    found = only(Lab(ARCHIVE).found(OLD), "FL501")
    span = span_of(found)
    assert span.source.text[span.start : span.end] == "30d"
    assert span.source.text[: span.start].endswith("archive_after: ")
    assert found.message == (
        "moving 10,000,000 objects (1.4TiB) to DEEP_ARCHIVE costs $500.00, and storing them there"
        " saves $353.14 within 12 months"
    )
    assert found.help == (
        "let smaller objects stay where they are: `smallest_move: 209KiB`, or drop `archive_after`"
    )


def test_rules_without_a_policy_are_called_by_their_name() -> None:
    lab = Lab(ARCHIVE)
    found = only(lab.found_of(replace(lab.config, program=None), OLD), "FL501")
    assert found.place == BucketPlace("lab-data")
    assert found.message.startswith("rule `firnline/default/example/runs`: moving 10,000,000")
    assert found.help == (
        "let the rule match objects of 209KiB and more only, or remove its transition into"
        " DEEP_ARCHIVE"
    )


def test_old_versions_have_their_own_step() -> None:
    text = (
        "versioning: enabled\nretain: {runs: {prefix: runs/, delete_after: never,"
        " old_versions: {archive_after: 30d, delete_after: 400d}}}"
    )
    versions = tuple(Version(NOW - timedelta(days=days), 150 * KIB) for days in (90, 60))
    found = only(Lab(text).found(Key("runs/x", versions, MANY)), "FL501")
    span = span_of(found)
    assert span.source.text[: span.start].endswith("old_versions: {archive_after: ")


def test_a_retention_that_ends_below_the_size_that_pays_can_only_drop_the_step() -> None:
    text = (
        "retain: {runs: {prefix: runs/, size: {under: 200KiB}, archive_after: 30d,"
        " delete_after: never}}"
    )
    found = only(Lab(text).found(OLD), "FL501")
    assert found.remedy == (Drop("archive_after"),)


def test_where_a_class_is_dearer_at_any_size_it_is_not_the_size_that_is_blamed() -> None:
    dear = tuple(
        each._replace(bands=(Band(None, Decimal("0.05")),))
        if each.storage_class == "DEEP_ARCHIVE"
        else each
        for each in US_EAST_1.storage_prices
    )
    lab = Lab(ARCHIVE, prices=replace(US_EAST_1, storage_prices=dear))
    (found,) = lab.found(OLD)
    assert found.kind.code == "FL501"
    assert "storing them there costs $" in found.message
    assert found.notes == ("a larger object does not save what its move costs either",)


def test_less_than_a_dollar_is_not_worth_telling() -> None:
    assert Lab(ARCHIVE).found(key(40, 150 * KIB, times=70_000)) != []
    assert Lab(ARCHIVE).found(key(40, 150 * KIB, times=60_000)) == []


def test_a_waiver_accepts_them_as_any_warning() -> None:
    waiver = (
        "{code: FL501, retention: %s, why: the archive is not about money, expires: 2027-01-31}"
    )
    assert Lab(f"{ARCHIVE}\nwaivers: [{waiver % 'runs'}]").found(OLD) == []
    other = ARCHIVE.replace("}}", "}, other: {prefix: other/, delete_after: 7d}}")
    assert codes(Lab(f"{other}\nwaivers: [{waiver % 'other'}]").found(OLD)) == ["FL501"]


def test_what_moves_later_is_given_as_many_months_to_pay_as_are_forecast() -> None:
    """It moves on the last day of the only month: its own month begins then."""
    young = key(0, 5 * MIB)
    assert Lab(ARCHIVE, months=1).found(young) == []


def test_a_transition_that_pays_is_nothing_to_tell() -> None:
    assert Lab(ARCHIVE).found(key(40, 100 * MIB)) == []
    assert Lab("retain: {runs: {prefix: runs/, delete_after: 30d}}").found(OLD) == []


def test_nothing_is_said_of_objects_of_which_it_is_open_what_happens_to_them() -> None:
    lab = Lab(ARCHIVE)
    kept = group(key(40, 150 * KIB, name="other/x"))
    open_one = Undecided((group(OLD), kept))
    assert lab.found_of(lab.config, undecided=[open_one]) == []
    found = only(lab.found_of(lab.config, OLD, undecided=[open_one]), "FL501")
    assert found.message.startswith("moving 10,000,000 objects (1.4TiB) to DEEP_ARCHIVE")


def test_they_may_let_the_others_reach_a_cheaper_band() -> None:
    """Of 1 TiB a byte in STANDARD costs 0.023; beside 400 TiB it may cost 0.022."""
    lab = Lab("retain: {runs: {prefix: runs/, warm_after: 30d, delete_after: never}}", months=1)
    config = lab.config
    stored = key(40, 977 * KIB, times=2**20)  # at 0.023 and more it pays within the month
    assert lab.found(stored) == []
    open_one = Undecided((group(key(40, 400 * MIB, times=2**20)),))
    assert lab.found_of(config, stored, undecided=[open_one]) == []
    unfollowed = Unfollowed(open_one.possible)
    small = key(40, 900 * KIB, times=2**21)
    (found,) = lab.found_of(config, small, undecided=[open_one])
    assert [found] == lab.found_of(config, small, unfollowed=[unfollowed])
    assert size_that_pays(found) == 1104 * KIB
    assert "storing them there saves at most $18.90 within 1 month" in found.message
    (found,) = lab.found(small)
    assert size_that_pays(found) == 999 * KIB


def test_objects_that_are_there_already_have_paid() -> None:
    there = key(40, 150 * KIB, storage_class="DEEP_ARCHIVE")
    assert Lab(ARCHIVE).found(there) == []


EARLY = "retain: {runs: {prefix: runs/, cold_after: 30d, delete_after: 90d}}"


def test_what_check_says_of_an_early_end_gets_the_number_of_dollars() -> None:
    compiled = compile_files(files_of(EARLY), Known())
    assert codes(compiled.diagnostics) == ["FL502"]
    lab = Lab(EARLY)
    config = replace(lab.config, program=compiled.buckets[0].program)
    found = lab.found_of(config, key(20, 40 * MIB), told=compiled.diagnostics)
    early = only(found, "FL502")
    assert early.message == "60 days in GLACIER_IR, and 90 are billed"
    assert early.notes[-1] == (
        "for the days that are missing $1,562.50 is billed within 12 months, of 10,000,000 objects"
        " (381TiB)"
    )


def test_without_facts_that_matter_it_is_left_to_check() -> None:
    compiled = compile_files(files_of(EARLY), Known())
    lab = Lab(EARLY)
    config = replace(lab.config, program=compiled.buckets[0].program)
    assert lab.found_of(config, key(20, KIB, times=1), told=compiled.diagnostics) == []


FOREVER = "versioning: enabled\nretain: {runs: {prefix: runs/, delete_after: never}}"
LEAK = """\
firnline: policy/v1
policy: runs
owner: lab
why: what training leaves behind
applies_to: [{account: lab, buckets: lab-data}]
versioning: off
retain: {tmp: {prefix: tmp/, delete_after: 7d}}
"""


def told_with_facts(text: str, *stored: Key | Upload) -> tuple[list[Diagnostic], tuple[str, ...]]:
    """What `firnline check` says, and the notes that facts add to it."""
    compiled = compile_files(files_of(text), Known())
    lab = Lab(text)
    config = replace(lab.config, program=compiled.buckets[0].program)
    found = lab.found_of(config, *stored, told=compiled.diagnostics)
    told = list(compiled.diagnostics)
    assert len(told) == 1
    return found, found[0].notes[len(told[0].notes) :] if found else ()


def test_versions_that_no_rule_ends_are_counted() -> None:
    versions = tuple(Version(NOW - timedelta(days=days), MIB) for days in (90, 60, 30))
    found, notes = told_with_facts(
        FOREVER,
        Key("runs/x", versions, 100_000),
        Key("other/x", versions, 100_000),  # not of that retention
    )
    assert codes(found) == ["FL507"]
    assert notes == (
        "`lab-data` stores 200,000 noncurrent versions (195GiB) now, for $4.49 a month",
    )


def test_parts_of_uploads_that_nothing_aborts_are_counted() -> None:
    found, notes = told_with_facts(LEAK, Upload("tmp/x", NOW - timedelta(days=9), MIB, 100_000))
    assert codes(found) == ["FL506"]
    assert notes == (
        "`lab-data` stores 100,000 incomplete uploads (97.7GiB) now, for $2.25 a month",
    )


def test_of_little_that_no_rule_ends_nothing_is_said() -> None:
    versions = tuple(Version(NOW - timedelta(days=days), MIB) for days in (90, 60))
    assert told_with_facts(FOREVER, Key("runs/x", versions)) == ([], ())
    assert told_with_facts(LEAK, Upload("tmp/x", NOW - timedelta(days=9), MIB)) == ([], ())
    assert told_with_facts(LEAK) == ([], ())


def test_what_is_deleted_early_after_rules_that_are_gone_is_found_by_facts_alone() -> None:
    """The policy has no transition: an earlier one moved them."""
    lab = Lab("retain: {runs: {prefix: runs/, delete_after: 60d}}")
    moved = key(50, 40 * MIB, storage_class="GLACIER_IR", in_class_since=NOW - timedelta(days=20))
    found = only(lab.found(moved), "FL502")
    span = span_of(found)
    assert span.source.text[: span.start].endswith("delete_after: ")
    assert found.message == (
        "10,000,000 objects (381TiB) are deleted after 30 days in GLACIER_IR, and 90 are billed:"
        " $3,125.00 for the rest, within 12 months"
    )
    assert found.notes == ("what is written from now on is not concerned",)
    assert found.help == (
        "write 120d or more, which costs nothing for those objects, or accept it, since it is"
        " billed once"
    )


def test_an_early_end_as_a_noncurrent_version_is_told_where_check_tells_it() -> None:
    text = (
        "versioning: enabled\nretain: {runs: {prefix: runs/, cold_after: 30d, delete_after: 60d,"
        " old_versions: {delete_after: 10d}}}"
    )
    found, notes = told_with_facts(text, key(20, 40 * MIB))
    assert codes(found) == ["FL502"]
    assert notes == (
        "for the days that are missing $2,604.17 is billed within 12 months, of 10,000,000 objects"
        " (381TiB)",
    )


LATE = "retain: {runs: {prefix: runs/, cold_after: 30d, delete_after: 180d}}"


def test_a_move_that_pays_but_for_an_early_end_is_told_once_by_that() -> None:
    """Of the first run: what is old already moves late, and is soon deleted."""
    lab, old = Lab(LATE), [key(days, 40 * MIB, name=f"runs/{days}") for days in (140, 150)]
    (found,) = lab.found(*old)
    assert found.kind.code == "FL502"
    assert found.message == (
        "20,000,000 objects (763TiB) are deleted after 30 to 40 days in GLACIER_IR, and 90 are"
        " billed: $5,729.17 for the rest, within 12 months"
    )
    days = 180 + 60
    assert found.help.startswith(f"write {days}d or more, which costs nothing for those objects")

    def billed(delete_after: int) -> Fraction:
        text = LATE.replace("180d", f"{delete_after}d")
        early = Lab(text).paid(*old, but=[]) - Lab(text).paid(*old, but=["early_deletion"])
        return early

    assert round(billed(180), 2) == Fraction("5729.17")
    assert billed(days) == 0
    assert billed(days - 1) > 0


def test_rules_are_told_how_much_later_they_would_have_to_delete() -> None:
    lab = Lab(LATE)
    config = replace(lab.config, program=None)
    (found,) = lab.found_of(config, key(150, 40 * MIB))
    assert found.message.startswith("rule `firnline/default/example/runs`: 10,000,000 objects")
    assert found.help == "delete 60 days later, which costs nothing for those objects"
    assert found.notes == ()


def test_of_versions_that_somebody_replaced_it_is_not_said_that_they_came_late() -> None:
    """More of them may be replaced as soon."""
    text = (
        "versioning: enabled\nretain: {runs: {prefix: runs/, cold_after: 30d, delete_after: 180d,"
        " old_versions: {delete_after: 10d}}}"
    )
    old = Version(NOW - timedelta(days=40), 40 * MIB, "GLACIER_IR")
    new = Version(NOW - timedelta(days=5), KIB)
    found = only(Lab(text).found(Key("runs/x", (old, new), MANY)), "FL502")
    assert found.notes == ()
    assert found.message.startswith("10,000,000 objects (381TiB) are deleted after 45 days in")
