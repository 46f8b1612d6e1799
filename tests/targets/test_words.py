from datetime import date

import pytest

from firnline.s3.model import (
    Filter,
    MinimumSize,
    NoncurrentExpiration,
    NoncurrentTransition,
    Rule,
    RuleSet,
    Transition,
)
from firnline.s3.terms import Days, StorageClass, Versioning, When
from firnline.targets.words import describe, notes, packed, subject_of, to_text

IA, IR = StorageClass("STANDARD_IA"), StorageClass("GLACIER_IR")
ENABLED, SUSPENDED, OFF = Versioning.ENABLED, Versioning.SUSPENDED, Versioning.OFF


def rule(
    prefix: str = "",
    *,
    id: str = "r",
    tags: tuple[tuple[str, str], ...] = (),
    enabled: bool = True,
    moves: tuple[tuple[When, StorageClass], ...] = (),
    expires: When | None = None,
    lone_markers: bool = False,
    old_moves: tuple[NoncurrentTransition, ...] = (),
    old_end: int | None = None,
    keeps: int | None = None,
    uploads: int | None = None,
) -> Rule:
    return Rule(
        id=id,
        filter=Filter(prefix, tags),
        enabled=enabled,
        transitions=tuple(Transition(when, to) for when, to in moves),
        expires=expires,
        removes_sole_markers=lone_markers,
        noncurrent_transitions=old_moves,
        noncurrent_expires=NoncurrentExpiration(Days(old_end), keeps) if old_end else None,
        aborts_uploads_after=Days(uploads) if uploads else None,
    )


def said(versioning: Versioning | None, *rules: Rule) -> dict[str, str]:
    return {line.subject: line.text for line in describe(RuleSet(rules), versioning)}


CHECKPOINTS = rule(
    "checkpoints/", id="c", moves=((Days(60), IR), (Days(14), IA)), expires=Days(180)
)
CLEAN_UP = rule(id="u", old_end=7)


def test_without_versions_an_object_moves_and_is_deleted() -> None:
    assert said(OFF, CHECKPOINTS) == {
        "checkpoints/": "STANDARD_IA after 14d · GLACIER_IR after 60d · deleted after 180d"
    }


def test_on_a_versioned_bucket_both_days_are_said() -> None:
    assert said(ENABLED, CHECKPOINTS, CLEAN_UP)["checkpoints/"].endswith(
        "unreadable after 180d, bytes gone after 187d (noncurrent versions expire 7d later)"
    )


def test_where_old_versions_never_end_the_bytes_stay() -> None:
    assert said(ENABLED, CHECKPOINTS)["checkpoints/"].endswith(
        "unreadable after 180d, bytes stay: noncurrent versions never expire"
    )


def test_a_deleted_object_keeps_the_versions_that_are_kept_by_their_count() -> None:
    kept = rule(id="k", old_end=7, keeps=3)
    assert said(ENABLED, CHECKPOINTS, kept)["checkpoints/"].endswith(
        "bytes stay: the 3 newest noncurrent versions never expire"
    )


def test_while_versioning_is_suspended_null_versions_go_at_once() -> None:
    assert said(SUSPENDED, CHECKPOINTS, CLEAN_UP)["checkpoints/"].endswith(
        "unreadable after 180d, bytes gone after 187d"
        " (noncurrent versions expire 7d later; null versions are gone at 180d)"
    )
    assert said(SUSPENDED, CHECKPOINTS)["checkpoints/"].endswith(
        "bytes stay: noncurrent versions never expire (null versions are gone at 180d)"
    )


def test_where_versioning_is_not_known_both_are_said() -> None:
    assert said(None, CHECKPOINTS, CLEAN_UP)["checkpoints/"].endswith(
        "deleted after 180d; where versions are kept, bytes gone after 187d"
        " (noncurrent versions expire 7d later)"
    )


def test_of_several_ends_of_old_versions_the_earliest_that_covers_all_counts() -> None:
    wide, exact = rule(id="w", old_end=30), rule("checkpoints/", id="e", old_end=90)
    other, part = rule("other/", id="o", old_end=1), rule("checkpoints/a/", id="p", old_end=2)
    tagged = rule("checkpoints/", id="t", tags=(("a", "b"),), old_end=3)
    line = said(ENABLED, CHECKPOINTS, wide, exact, other, part, tagged)["checkpoints/"]
    assert "bytes gone after 210d (noncurrent versions expire 30d later)" in line


def test_a_disabled_rule_ends_nothing() -> None:
    asleep = rule(id="w", old_end=30, enabled=False)
    found = said(ENABLED, CHECKPOINTS, asleep)
    assert "bytes stay" in found["checkpoints/"]
    assert found["(everything)"] == (
        "disabled, does nothing (would be: noncurrent versions expire 30d"
        " after they are replaced or deleted)"
    )


def test_rules_of_one_filter_are_one_line() -> None:
    markers = rule("checkpoints/", id="m", lone_markers=True, old_end=7)
    (line,) = describe(RuleSet((CHECKPOINTS, markers)), ENABLED)
    assert line.rule_ids == ("c", "m")
    assert line.text.endswith(
        "(noncurrent versions expire 7d later) · expired object delete markers are removed"
    )


def test_foreign_rules_stand_apart_from_ours() -> None:
    theirs = rule("checkpoints/", id="theirs", expires=Days(1))
    lines = describe(RuleSet((theirs, CHECKPOINTS)), OFF, lambda rule_id: rule_id == "c")
    assert [(line.ours, line.rule_ids) for line in lines] == [(True, ("c",)), (False, ("theirs",))]


def test_a_wider_rule_that_deletes_sooner_is_named() -> None:
    wide = rule(id="wide", expires=Days(20))
    audit = rule("audit/", id="a", moves=((Days(90), IA),))
    found = said(OFF, CHECKPOINTS, audit, wide)
    assert found["checkpoints/"].endswith(
        "deleted after 180d · but `wide` matches too: deleted after 20d"
    )
    assert found["audit/"] == ("STANDARD_IA after 90d · but `wide` matches too: deleted after 20d")
    assert found["(everything)"] == "deleted after 20d"


def test_old_versions_move_and_end() -> None:
    old = rule(
        "models/",
        old_moves=(NoncurrentTransition(Days(30), IR, 2),),
        old_end=120,
        keeps=5,
        uploads=7,
    )
    assert said(ENABLED, old)["models/"] == (
        "noncurrent versions to GLACIER_IR 30d after they are replaced, except the newest 2"
        " · noncurrent versions expire 120d after they are replaced or deleted, except the newest 5"
        " · incomplete multipart uploads aborted after 7d"
    )


def test_a_bucket_that_was_never_versioned_has_no_old_versions() -> None:
    rules = RuleSet((rule("models/", old_end=7, lone_markers=True, expires=Days(9)),))
    (line,) = describe(rules, OFF)
    assert line.text == "deleted after 9d"
    assert notes(rules, OFF) == (
        "noncurrent-version rules have no effect: the bucket was never versioned",
    )


def test_dates_are_said() -> None:
    day = date(2027, 1, 31)
    line = said(ENABLED, rule("a/", moves=((day, IA),), expires=day, old_end=7))["a/"]
    assert line == (
        "STANDARD_IA from 2027-01-31 on"
        " · unreadable from 2027-01-31 on,"
        " bytes gone 7d later (noncurrent versions expire 7d later)"
    )


@pytest.mark.parametrize(
    ("filter", "subject"),
    [
        (Filter(), "(everything)"),
        (Filter("a/"), "a/"),
        (Filter("a/ "), '"a/ "'),
        (Filter("a\u202e"), "a\\u202e"),
        (Filter(tags=(("class", "x"), ("team", ""))), "(everything) where class=x, team="),
        (Filter("a/", larger_than=0), "a/ where not empty"),
        (Filter("a/", larger_than=131_071), "a/ where 128KiB or larger"),
        (Filter("a/", larger_than=5 << 30), "a/ where over 5GiB"),
        (Filter("a/", smaller_than=1_000), "a/ where under 1,000 bytes"),
    ],
)
def test_a_filter_is_said_whole(filter: Filter, subject: str) -> None:
    assert subject_of(filter) == subject


def test_what_is_too_small_to_move_is_noted_where_something_moves() -> None:
    assert notes(RuleSet((CHECKPOINTS,)), OFF) == ("objects under 128KiB do not move",)
    assert notes(RuleSet((CHECKPOINTS,), MinimumSize.VARIES), OFF) == (
        "objects under 128KiB move to GLACIER and DEEP_ARCHIVE only",
    )
    assert notes(RuleSet((CLEAN_UP,)), ENABLED) == ()


def test_where_no_rule_is_enabled_nothing_happens_and_that_is_said() -> None:
    rules = RuleSet((rule(uploads=365, enabled=False),))
    assert notes(rules, OFF) == ("no rule is enabled: nothing is moved or deleted",)


def test_a_rule_without_effect_says_so() -> None:
    assert said(OFF, rule("a/")) == {"a/": "nothing happens"}


@pytest.mark.parametrize("columns", [80, 100, 120])
def test_text_keeps_its_columns(columns: int) -> None:
    rules = RuleSet((CHECKPOINTS, CLEAN_UP, rule("x" * 200, id="x", expires=Days(1))))
    rows = to_text(describe(rules, ENABLED), columns, indent="  ").split("\n")
    assert all(len(row) <= columns for row in rows if "x" * 200 not in row)
    assert all(row == row.rstrip() for row in rows)
    assert rows[0].startswith("  (everything)   noncurrent versions expire 7d")


def test_phrases_are_broken_only_where_one_is_longer_than_a_row() -> None:
    assert packed(["a" * 20, "b" * 20, "c " * 30], 42) == [
        "a" * 20 + " ·",
        "b" * 20 + " ·",
        ("c " * 20).rstrip(),
        ("c " * 10).rstrip(),
    ]
