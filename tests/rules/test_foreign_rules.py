"""What happens to live rules that Firnline did not write: refused, kept and proved, or gone."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from firnline.language.checks.lock_examples import FLEET, lock_file, policy_file
from firnline.language.digest import lock_digest
from firnline.pipeline import Compilation, compile_files
from firnline.s3.model import MinimumSize, Rule
from firnline.s3.read_shape import read_rule
from firnline.s3.shape import to_s3
from tests.places import span_of
from tests.policies import codes
from tests.rules.oracle import Stored, story
from tests.rules.strategies import policies
from tests.rules.test_rules_do_what_is_required import OBJECTS, alone, owner_of

TMP: Final = {
    "ID": "by-hand",
    "Status": "Enabled",
    "Filter": {"Prefix": "tmp/"},
    "Expiration": {"Days": 3},
}
KEEPING: Final[dict[str, Any]] = {
    "firnline": "policy/v1",
    "policy": "lab",
    "owner": "lab",
    "why": "an example",
    "applies_to": [{"account": "lab", "buckets": "lab-data"}],
    "versioning": "enabled",
    "foreign_rules": "keep",
}
"""The head of a policy that keeps rules of others."""
COLD: Final = {
    "ID": "old",
    "Status": "Enabled",
    "Filter": {"Prefix": "old/"},
    "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}],
}


def compile_beside(
    rest: str | dict[str, Any], foreign: list[dict[str, Any]], facts: str = "", **lines: str
) -> Compilation:
    """A policy of lab-data, on which these rules are live, as `firnline resolve` would find it."""
    policy = policy_file(rest=rest) if isinstance(rest, str) else json.dumps(rest)
    files = {"fleet.yaml": FLEET, "policy.yaml": policy}
    versioning = "off" if isinstance(rest, str) else str(rest["versioning"])
    files |= {f"{name}.yaml": text for name, text in lines.items()}
    folder = compile_files({path: text.encode() for path, text in files.items()}).folder
    assert folder.fleet is not None
    listed = "".join(f"        - '{json.dumps(each)}'\n" for each in foreign)
    facts = (f"      foreign_rules:\n{listed}" if listed else "") + facts
    lock = lock_file(lock_digest(folder.fleet, folder.policies), facts)
    files["fleet.lock.yaml"] = lock.replace("versioning: off", f"versioning: {versioning}")
    return compile_files(
        {path: text.encode() for path, text in files.items()}, with_remedies=isinstance(rest, str)
    )


def rules_of(compilation: Compilation) -> tuple[Rule, ...]:
    assert codes(compilation.diagnostics) == [], compilation.diagnostics
    (bucket,) = compilation.buckets
    return bucket.rules.rules


def test_foreign_rules_are_refused_where_no_policy_says_what_happens_to_them() -> None:
    (found,) = compile_beside("versioning: off\n", [TMP, COLD]).diagnostics
    assert found.kind.code == "FL409"
    assert found.notes == ("applying would remove: `by-hand`, `old`",)
    assert "firnline import" in found.help


def test_nothing_is_told_of_foreign_rules_while_what_is_said_of_them_cannot_be_read() -> None:
    assert codes(compile_beside("versioning: off\nforeign_rules: kepe\n", [TMP]).diagnostics) == [
        "FL104"
    ]


def test_a_kept_rule_is_written_verbatim_beside_the_rules_of_policies() -> None:
    rules = rules_of(compile_beside("versioning: off\nforeign_rules: keep\n", [TMP, COLD]))
    assert read_rule(TMP) in rules
    assert read_rule(COLD) in rules
    assert len(rules) == 3


def test_a_rule_that_goes_is_not_written_and_is_known_to_go() -> None:
    compilation = compile_beside("versioning: off\nforeign_rules: replace\n", [TMP])
    assert read_rule(TMP) not in rules_of(compilation)
    (bucket,) = compilation.buckets
    assert bucket.program is not None
    assert bucket.program.going == (read_rule(TMP),)


def test_an_adopted_rule_goes_while_the_others_are_kept() -> None:
    said = "versioning: off\nforeign_rules: keep\nadopts: by-hand\n"
    rules = rules_of(compile_beside(said, [TMP, COLD]))
    assert (read_rule(TMP) in rules, read_rule(COLD) in rules) == (False, True)


def test_an_adopted_rule_leaves_the_others_refused() -> None:
    (found,) = compile_beside("versioning: off\nadopts: [by-hand]\n", [TMP, COLD]).diagnostics
    assert found.notes == ("applying would remove: `old`",)


@pytest.mark.parametrize("bucket", ["lab-data", "lab-*"])
def test_a_bucket_may_keep_what_others_refuse(bucket: str) -> None:
    said = f"versioning: off\nper_bucket: {{{bucket}: {{foreign_rules: keep}}}}\n"
    assert read_rule(TMP) in rules_of(compile_beside(said, [TMP]))


def test_two_policies_may_not_say_it_differently() -> None:
    other = policy_file(rest="versioning: off\nforeign_rules: replace\n").replace(
        "policy: lab", "policy: other"
    )
    compilation = compile_beside("versioning: off\nforeign_rules: keep\n", [TMP], other=other)
    assert "FL702" in codes(compilation.diagnostics)


def test_a_kept_rule_that_deletes_sooner_than_a_retention_is_named_with_a_witness() -> None:
    said = "versioning: off\nforeign_rules: keep\nretain: {t: {prefix: tmp/, delete_after: 7d}}\n"
    (found,) = compile_beside(said, [TMP]).diagnostics
    assert found.kind.code == "FL408"
    assert span_of(found).path == "fleet.lock.yaml"
    assert "`by-hand` does something else to objects than `t` says" in found.message
    assert found.notes[0].startswith("for example s3://lab-data/tmp/x")
    assert found.notes[1:] == (
        "required: deleted for good at 7d",
        "with the kept rule: deleted for good at 3d",
    )
    assert "adopts: [by-hand]" in found.help


def test_a_kept_rule_that_does_the_same_as_a_retention_is_no_interference() -> None:
    said = "versioning: off\nforeign_rules: keep\nretain: {t: {prefix: tmp/, delete_after: 9d}}\n"
    theirs = TMP | {"Expiration": {"Days": 9}}
    assert len(rules_of(compile_beside(said, [theirs]))) == 3


def test_a_kept_rule_that_aborts_uploads_sooner_than_the_policy_is_named() -> None:
    abort = {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2}}
    theirs = {"ID": "abort", "Status": "Enabled", "Filter": {"Prefix": ""}, **abort}
    (found,) = compile_beside("versioning: off\nforeign_rules: keep\n", [theirs]).diagnostics
    assert "incomplete multipart uploads than policy `lab` says" in found.message


def test_uploads_that_a_kept_rule_aborts_are_no_leak() -> None:
    aborts = {
        "ID": "MPU cleanup",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }
    keeping = {
        "firnline": "policy/v1",
        "policy": "lab",
        "owner": "lab",
        "why": "an example",
        "applies_to": [{"account": "lab", "buckets": "lab-data"}],
        "versioning": "off",
        "foreign_rules": "keep",
        "retain": {"tmp": {"prefix": "tmp/", "delete_after": "7d"}},
    }
    assert codes(compile_beside(keeping, [COLD]).diagnostics) == ["FL506"]
    assert codes(compile_beside(keeping, [COLD, aborts]).diagnostics) == []
    off = aborts | {"Status": "Disabled"}
    assert codes(compile_beside(keeping, [COLD, off]).diagnostics) == ["FL506"]


def test_a_kept_rule_under_a_hold_is_named_with_the_hold() -> None:
    hold = "holds: {lit-1: {prefix: tmp/a/, ask_again: 2999-01-01, why: x, approved_by: legal}}\n"
    found = compile_beside(f"versioning: off\nforeign_rules: keep\n{hold}", [TMP]).diagnostics
    assert [each.kind.code for each in found if each.kind.code == "FL408"] == ["FL408"]
    (broken,) = (each for each in found if each.kind.code == "FL408")
    assert "than hold `lit-1` allows" in broken.message
    assert broken.also[0][1] == "nothing may be deleted here"


def test_a_kept_rule_that_breaks_nothing_is_not_accused_beside_one_that_does() -> None:
    late = TMP | {"ID": "late", "Expiration": {"Days": 40}}
    soon = TMP | {"ID": "soon", "Filter": {"Prefix": "tmp/a"}, "Expiration": {"Days": 29}}
    said = "versioning: off\nforeign_rules: keep\nretain: {t: {prefix: tmp/, delete_after: 30d}}\n"
    (found,) = compile_beside(said, [late, soon]).diagnostics
    assert "`soon` does something else" in found.message


def test_a_kept_rule_that_only_moves_breaks_the_retention_and_not_the_hold() -> None:
    said = (
        "versioning: off\nforeign_rules: keep\nretain: {o: {prefix: old/, delete_after: never}}\n"
        "holds: {lit-1: {prefix: old/, ask_again: 2999-01-01, why: x, approved_by: legal}}\n"
    )
    (found,) = (
        each for each in compile_beside(said, [COLD]).diagnostics if each.kind.code == "FL408"
    )
    assert "than `o` says" in found.message


def test_a_kept_rule_may_not_remove_delete_markers_that_a_policy_keeps() -> None:
    policy = {
        **KEEPING,
        "uploads": {"abort_after": "7d"},
        "delete_markers": "keep",
    }
    (found,) = compile_beside(policy, [TMP]).diagnostics
    assert "`by-hand` does something else to delete markers" in found.message
    implied = policy | {"delete_markers": "with_objects"}
    assert codes(compile_beside(implied, [TMP]).diagnostics) == []


@pytest.mark.parametrize(
    ("promise", "code"),
    [
        ('{prefix: "", keep_at_least: 4d}', ["FL408"]),
        ('{prefix: "", keep_at_least: 3d}', []),
        ("{prefix: tmp/deep/, keep_at_least: forever}", ["FL408"]),
        ("{prefix: other/, keep_at_least: forever}", []),
        ("{prefix: tmp/, tags: {class: x}, keep_at_least: forever}", ["FL408"]),
    ],
)
def test_a_kept_rule_that_breaks_a_promise_is_named(promise: str, code: list[str]) -> None:
    said = f"versioning: off\nforeign_rules: keep\npromises: {{stay: {promise}}}\n"
    assert codes(compile_beside(said, [TMP]).diagnostics) == code


def test_a_kept_rule_with_a_date_breaks_every_promise_to_keep() -> None:
    dated = TMP | {"Expiration": {"Date": "2027-01-01T00:00:00Z"}}
    said = 'versioning: off\nforeign_rules: keep\npromises: {p: {prefix: "", keep_at_least: 1d}}\n'
    (found,) = compile_beside(said, [dated]).diagnostics
    assert "deletes objects on 2027-01-01, however young they are" in found.message


def test_a_kept_rule_whose_meaning_depends_on_the_header_needs_that_header() -> None:
    varies = "      minimum_size: varies_by_storage_class\n"
    keep = "versioning: off\nforeign_rules: keep\n"
    assert codes(compile_beside(keep, [COLD], varies).diagnostics) == ["FL420"]
    compilation = compile_beside(f"{keep}minimum_size_default: varies\n", [COLD], varies)
    (bucket,) = compilation.buckets
    assert bucket.rules.minimum_size is MinimumSize.VARIES
    back = compile_beside(f"{keep}minimum_size_default: varies\n", [COLD])
    assert codes(back.diagnostics) == ["FL420"]


def test_with_the_older_header_a_retention_moves_what_s3_moves_by_default() -> None:
    said = (
        "versioning: off\nminimum_size_default: varies\nstorage_classes: {cold: GLACIER}\n"
        "retain:\n  plain: {prefix: a/, warm_after: 30d, cold_after: 90d, delete_after: never}\n"
        "  tagged: {prefix: b/, tags: {t: x}, warm_after: 30d, cold_after: 90d,"
        " delete_after: never}\n"
    )
    by_id = {rule.id.rpartition("/")[2]: rule for rule in rules_of(compile_beside(said, []))}
    assert not by_id["plain"].filter.sized
    assert [len(by_id[name].transitions) for name in ("plain", "tagged+moves", "tagged")] == [
        2,
        1,
        1,
    ]
    assert by_id["tagged+moves"].filter.larger_than == 131_071
    assert by_id["tagged"].filter.larger_than == 0


def test_a_kept_rule_that_frees_noncurrent_versions_or_aborts_uploads_is_counted() -> None:
    frees = {"NoncurrentVersionExpiration": {"NoncurrentDays": 30}}
    aborts = {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}
    whole = {"ID": "tidy", "Status": "Enabled", "Filter": {"Prefix": ""}} | frees | aborts
    policy = {
        **KEEPING,
        "retain": {"t": {"prefix": "t/", "delete_after": "9d"}},
    }
    assert codes(compile_beside(policy, [whole]).diagnostics) == []
    elsewhere = whole | {"Filter": {"Prefix": "t/a/"}}
    assert codes(compile_beside(policy, [elsewhere]).diagnostics) == ["FL310"]
    newest = {"NoncurrentVersionExpiration": {"NoncurrentDays": 3, "NewerNoncurrentVersions": 2}}
    assert codes(compile_beside(policy, [whole | newest]).diagnostics) == ["FL310"]


def test_the_older_header_changes_nothing_for_policies_that_do_not_say_it() -> None:
    other = policy_file(
        rest="versioning: off\nstorage_classes: {cold: GLACIER}\n"
        "retain: {t: {prefix: t/, warm_after: 30d, cold_after: 90d, delete_after: never}}\n"
    ).replace("policy: lab", "policy: other")
    compilation = compile_beside("versioning: off\nminimum_size_default: varies\n", [], other=other)
    by_id = {rule.id: rule for rule in rules_of(compilation)}
    moves = by_id["firnline/acme/other/t+moves"]
    assert moves.filter.larger_than == 131_071
    assert len(moves.transitions) == 2


def test_kept_rules_that_make_too_many_cells_are_not_proved_but_told() -> None:
    tagged = [
        TMP
        | {
            "ID": f"r{number}",
            "Filter": {
                "And": {
                    "Prefix": "tmp/",
                    "ObjectSizeGreaterThan": 0,
                    "Tags": [{"Key": f"k{number}", "Value": "x"}],
                }
            },
        }
        for number in range(16)
    ]
    (found,) = compile_beside("versioning: off\nforeign_rules: keep\n", tagged).diagnostics
    assert found.kind.code == "FL906"
    assert span_of(found).path == "fleet.lock.yaml"


UNKNOWN: Final = [
    {"Filter": {"And": {"Prefix": "models/", "Owner": "tmp-bot"}}},
    {"Filter": {"Prefix": "models/", "Unless": "pinned"}},
    {"NewAction": {"Days": 3}},
    {"Filter": {"And": {"Prefix": "models/", "StorageClass": "GLACIER"}}},
    {"Filter": {"Prefix": "models/", "And": {"Prefix": "m", "ObjectSizeGreaterThan": 9}}},
    {"Transitions": [{"Days": 3, "StorageClass": "GLACIER", "NewerNoncurrentVersions": 2}]},
    {"Expiration": {"Days": 3, "Only": "half"}},
]


@pytest.mark.parametrize("unknown", UNKNOWN)
def test_a_rule_with_a_member_that_is_not_known_is_never_written_without_it(
    unknown: dict[str, Any],
) -> None:
    found = compile_beside("versioning: off\nforeign_rules: keep\n", [TMP | unknown])
    assert codes(found.diagnostics) == ["FL409"]
    assert "a member that this version of Firnline does not know" in found.diagnostics[0].help


@pytest.mark.parametrize(
    ("ids", "why"),
    [
        (("firnline/acme/lab/t", "x"), "begins with `firnline/acme/`"),
        (("x", "x"), "is that of another rule, too"),
    ],
)
def test_a_kept_rule_with_an_id_that_cannot_be_its_own_is_refused(
    ids: tuple[str, str], why: str
) -> None:
    theirs = [COLD | {"ID": each} for each in ids]
    found = compile_beside("versioning: off\nforeign_rules: keep\n", theirs).diagnostics
    assert codes(found) == ["FL421"]
    assert why in found[0].message


def test_a_kept_rule_into_a_class_that_is_new_is_not_said_to_be_refused_by_s3() -> None:
    moving = COLD | {"Transitions": [{"Days": 30, "StorageClass": "GLACIER_NEXT"}]}
    (found,) = compile_beside("versioning: off\nforeign_rules: keep\n", [moving]).diagnostics
    assert found.kind.code == "FL421"
    assert found.message == (
        "`old` moves objects to `GLACIER_NEXT`, a storage class that this version of Firnline does"
        " not know"
    )


@pytest.mark.parametrize(
    ("adopts", "told"),
    [("by-hand", []), ("[by-hand, odl]", ["FL615"]), ("[by-hand, old]", [])],
)
def test_an_adopted_rule_that_no_bucket_has_is_told(adopts: str, told: list[str]) -> None:
    said = f"versioning: off\nforeign_rules: keep\nadopts: {adopts}\n"
    assert codes(compile_beside(said, [TMP, COLD]).diagnostics) == told


@st.composite
def foreign_rules(draw: st.DrawFn) -> list[dict[str, Any]]:
    rules = []
    for number in range(draw(st.integers(1, 3))):
        filter: dict[str, Any] = {
            "Prefix": draw(st.sampled_from(["x", "b/", "b/x", "a/bx", "a/bc", "a/"]))
        }
        if filter["Prefix"] and draw(st.integers(0, 3)) == 0:
            tags = [{"Key": "t", "Value": "x"}]
            filter = {"And": filter | {"Tags": tags, "ObjectSizeGreaterThan": 0}}
        day = draw(st.integers(1, 9))
        action: dict[str, Any] = draw(
            st.sampled_from(
                [
                    {"Expiration": {"Days": day}},
                    {"NoncurrentVersionExpiration": {"NoncurrentDays": day}},
                    {"Transitions": [{"Days": 30 + day, "StorageClass": "GLACIER"}]},
                ]
            )
        )
        rules.append({"ID": f"f{number}", "Status": "Enabled", "Filter": filter, **action})
    return rules


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(policies(), foreign_rules())
def test_kept_rules_act_where_no_retention_owns_the_clock_and_change_nothing_elsewhere(
    policy: dict[str, Any], foreign: list[dict[str, Any]]
) -> None:
    compilation = compile_beside(policy | {"foreign_rules": "keep"}, foreign)
    event("compiles" if not compilation.failed else "is refused")
    assume(not compilation.failed)
    (bucket,) = compilation.buckets
    rules = to_s3(bucket.rules)["Rules"]
    assert all(read_rule(each) in bucket.rules.rules for each in foreign)
    keeps = policy["versioning"] != "off"
    # Our filters of several predicates leave out empty objects; none is here.
    for stored in OBJECTS[::3]:
        assert story(rules, stored, keeps_versions=keeps) == story(
            _required(policy, foreign, stored, None), stored, keeps_versions=keeps
        ), stored
        if keeps:
            old = _required(policy, foreign, stored, "old_versions")
            got = story(rules, stored, old=True, keeps_versions=keeps)
            assert got == story(old, stored, old=True, keeps_versions=keeps), stored


def _required(
    policy: dict[str, Any], foreign: list[dict[str, Any]], stored: Stored, clock: str | None
) -> list[dict[str, Any]]:
    return alone(policy, stored, clock) if owner_of(policy, stored, clock) else foreign
