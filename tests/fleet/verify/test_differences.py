"""What differs is told by meaning: what S3 orders or spells another way is the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from firnline.fleet.live import Live
from firnline.fleet.verify.answer import mean_the_same
from firnline.fleet.verify.expected import ExpectedBucket
from firnline.fleet.verify.verified import State
from tests.fleet.verify.buckets import TODAY, answers, expects, judged, ours, rule, rules

TMP, LOGS = ours(), ours("logs/", 90, "logs")
BY_HAND = rule("by-hand", "old/", 400)


def codes(live: Live, expected: ExpectedBucket) -> list[str]:
    return [each.kind.code for each in judged(live, expected).findings]


def test_another_order_and_another_spelling_are_no_drift() -> None:
    by_prefix = {key: value for key, value in LOGS.items() if key != "Filter"} | {"Prefix": "logs/"}
    for live in (answers(LOGS, TMP), answers(by_prefix, TMP), answers(TMP | {"ID": "x"}, LOGS)):
        found = judged(live, expects(TMP, LOGS))
        assert found.state is State.AGREES
    assert mean_the_same(answers(TMP, LOGS), answers(by_prefix, TMP))


def test_a_rule_of_ours_that_deletes_later_is_a_difference_and_no_short_expiry() -> None:
    (found,) = judged(answers(ours(days=90)), expects(TMP)).findings
    assert found.kind.code == "FL735"
    assert (
        "objects in tmp/: delete 30d (bytes stay) by the policies, delete 90d (bytes stay) live"
        in (found.notes)
    )
    assert any(note.startswith("for example tmp/x") for note in found.notes)


def test_a_rule_of_ours_that_deletes_sooner_is_one_finding_short_within_a_week() -> None:
    (found,) = judged(answers(ours(days=3)), expects(TMP)).findings
    assert found.kind.code == "FL734"
    assert found.help.startswith("run `pulumi refresh")
    (found,) = judged(answers(ours(days=20)), expects(TMP)).findings
    assert found.kind.code == "FL735"
    assert "delete sooner than the policies say" in found.message


def test_a_date_that_comes_soon_is_told_in_days() -> None:
    day = (TODAY + timedelta(days=2)).isoformat()
    on_a_date = rule("by-hand", "", 1) | {"Expiration": {"Date": f"{day}T00:00:00Z"}}
    first = judged(answers(TMP, on_a_date), expects(TMP)).findings[0]
    assert first.kind.code == "FL734"
    assert "after 2 days" in first.message


def test_a_short_expiry_is_told_by_its_rule_where_rules_are_too_many_to_compare() -> None:
    tagged = [
        rule(f"firnline/acme/ml/k{n}", "x/", 90 + n)
        | {"Filter": {"And": {"Prefix": "x/", "Tags": [{"Key": f"k{n}", "Value": "v"}]}}}
        for n in range(20)
    ]
    past = rule("past", "", 1) | {"Expiration": {"Date": "2026-01-01T00:00:00Z"}}
    first, *_ = judged(answers(*tagged, rule("cleanup", "", 1)), expects(*tagged)).findings
    assert first.kind.code == "FL734"
    assert first.message == "`cleanup` of `acme-models` deletes after 1 day, which no policy says"
    assert first.help.startswith("remove `cleanup` from `acme-models`")
    assert codes(answers(*tagged, past), expects(*tagged)) == ["FL734"]
    sooner = tagged[0] | {"Expiration": {"Days": 2}}
    assert codes(answers(sooner, *tagged[1:]), expects(*tagged)) == ["FL734", "FL735"]
    later = tagged[0] | {"Expiration": {"Days": 89}}
    assert codes(answers(later, *tagged[1:]), expects(*tagged)) == ["FL735"]
    off = rule("cleanup", "", 1) | {"Status": "Disabled"}
    assert "FL734" not in codes(answers(*tagged, off), expects(*tagged))


def test_a_header_that_changes_what_moves_is_named() -> None:
    moving = {key: value for key, value in TMP.items() if key != "Expiration"}
    moving["Transitions"] = [{"Days": 10, "StorageClass": "GLACIER"}]
    live = answers(moving)
    assert live.shape is not None
    live.shape["TransitionDefaultMinimumObjectSize"] = "varies_by_storage_class"
    (found,) = judged(live, expects(moving)).findings
    assert found.kind.code == "FL735"
    assert "is `varies_by_storage_class`, and the policies say" in found.notes[0]


def test_rules_of_others_are_compared_with_the_lock() -> None:
    kept = expects(TMP, BY_HAND)
    assert codes(answers(TMP, BY_HAND), kept) == []
    assert codes(answers(TMP), kept) == ["FL737"]
    assert codes(answers(TMP, rule("by-hand", "old/", 500)), kept) == ["FL737"]
    assert codes(answers(TMP, rule("by-hand", "old/", 2)), kept) == ["FL734", "FL737"]
    going = expects(TMP, going=rules(BY_HAND).rules)
    assert codes(answers(TMP, BY_HAND), going)[-1] == "FL737"


def test_a_rule_of_others_without_effect_is_a_warning_and_no_drift() -> None:
    found = judged(answers(TMP, BY_HAND | {"Status": "Disabled"}), expects(TMP))
    assert [each.severity.value for each in found.findings] == ["warning"]
    assert found.state is State.AGREES


def test_no_rules_at_all_are_missing_whatever_others_are_live() -> None:
    assert codes(answers(), expects(TMP)) == ["FL736"]
    assert "FL736" in codes(answers(BY_HAND), expects(TMP))


DAYS = st.integers(1, 9)
SOME = st.lists(
    st.builds(rule, st.sampled_from(["a", "firnline/acme/x"]), st.sampled_from(["", "a/"]), DAYS),
    max_size=2,
    unique_by=lambda each: each["ID"],
)


@given(SOME, SOME)
def test_a_short_expiry_is_told_exactly_where_some_key_ends_within_a_week_or_by_another_rule(
    said: list[dict[str, Any]], live: list[dict[str, Any]]
) -> None:
    """Against a plain reading of the rules: the first day on which a key of each prefix ends."""

    def ends(of: list[dict[str, Any]], key: str) -> float:
        fitting = [r for r in of if key.startswith(r["Filter"]["Prefix"])]
        return min((r["Expiration"]["Days"] for r in fitting), default=float("inf"))

    known = {r["ID"] for r in said}
    beside = [*said, *(r for r in live if r["ID"] not in known)]
    sooner = any(ends(live, key) < ends(said, key) for key in ("a/x", "x"))
    by_unknown = any(ends(beside, key) < ends(said, key) for key in ("a/x", "x"))
    soonest = min(
        (ends(live, key) for key in ("a/x", "x") if ends(live, key) < ends(said, key)), default=99
    )
    short = sooner and (soonest <= 7 or by_unknown)
    same = all(ends(live, key) == ends(said, key) for key in ("a/x", "x"))
    found = judged(answers(*live), expects(*said))
    assert ("FL734" in [each.kind.code for each in found.findings]) is short
    assert (found.state is State.AGREES) is same
