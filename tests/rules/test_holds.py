"""Whatever the policy: no rule destroys what a hold covers, and the rest goes on as before."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from firnline.diagnostics.kinds import Severity
from firnline.pipeline import Compilation, compile_files
from firnline.s3.compare.same import surely_same
from firnline.s3.model import Rule
from firnline.s3.shape import to_s3
from tests.policies import codes, compiled
from tests.rules.oracle import Stored, story
from tests.rules.strategies import KEYS, PREFIXES, crossing_policies, policies

HOLD = "{{prefix: {prefix}, ask_again: 2999-12-31, why: a request, approved_by: legal}}"
SIZES = (0, 1025, 2**21)
STARTS = (("STANDARD", 0), ("STANDARD_IA", 40), ("DEEP_ARCHIVE", 60))
OBJECTS = [
    Stored(key, tag, size, held, age)
    for key, tag, size, (held, age) in product(KEYS, (None, "x", "y"), SIZES, STARTS)
]
HELD = st.lists(st.sampled_from([*PREFIXES, "a/b/cx", "a"]), min_size=1, max_size=2, unique=True)


def tried(examples: int) -> settings:
    """Most random policies contradict themselves or each other, and are passed over."""
    slow = [HealthCheck.filter_too_much]
    return settings(max_examples=examples, deadline=None, suppress_health_check=slow)


def _with_hold(policy: dict[str, Any], prefixes: list[str]) -> dict[str, Any]:
    hold = {"ask_again": "2999-12-31", "why": "a request", "approved_by": "legal"}
    return policy | {"holds": {"lit-7": {**hold, "prefix": prefixes}}}


def _compiled(*policies: dict[str, Any]) -> Compilation:
    files = {f"{number}.yaml": json.dumps(each).encode() for number, each in enumerate(policies)}
    return compile_files(files, with_remedies=False)


def _errors(compilation: Compilation) -> set[str]:
    found = compilation.diagnostics
    return {each.kind.code for each in found if each.severity is Severity.ERROR}


@tried(40)
@given(policies(), st.one_of(st.none(), policies()), HELD)
def test_no_rule_of_any_policy_destroys_what_a_hold_covers(
    policy: dict[str, Any], other: dict[str, Any] | None, prefixes: list[str]
) -> None:
    more = [] if other is None else [other | {"policy": "other"}]
    compilation = _compiled(_with_hold(policy, prefixes), *more)
    assume(not compilation.failed)
    (bucket,) = compilation.buckets
    rules = to_s3(bucket.rules)["Rules"]
    for stored in OBJECTS:
        if not stored.key.startswith(tuple(prefixes)):
            continue
        told = [story(rules, stored, keeps_versions=keeps) for keeps in (True, False)]
        for newer in (0, 3, 100):
            version = replace(stored, newer=newer)
            told.append(story(rules, version, old=True, keeps_versions=True))
        assert not any(what == "deleted" for each in told for _, what in each), stored


@tried(40)
@given(policies(), HELD)
def test_a_hold_takes_nothing_but_ends_and_only_where_it_is_met(
    policy: dict[str, Any], prefixes: list[str]
) -> None:
    plain = _compiled(policy)
    assume(not plain.failed)
    held = _compiled(_with_hold(policy, prefixes))
    assert _errors(held) == set()
    before = {rule.id: rule for rule in plain.buckets[0].rules.rules}
    after = {rule.id: rule for rule in held.buckets[0].rules.rules}
    for rule_id, rule in before.items():
        if _meets(rule.filter.prefix, prefixes):
            moves = replace(rule, expires=None, noncurrent_expires=None)
            left = [each for each in after.values() if each.filter == rule.filter]
            assert _sum([*left, moves]) == _sum(left) or _is_empty(moves)
        else:
            # It may end noncurrent versions now, which a rule that is suspended ended before.
            assert rule in (after[rule_id], replace(after[rule_id], noncurrent_expires=None))
    for rule_id in after.keys() - before.keys():
        assert not _meets(after[rule_id].filter.prefix, prefixes) or not _destroys(after[rule_id])


@tried(60)
@given(policies(), policies(), HELD)
def test_a_hold_neither_makes_nor_hides_what_is_wrong_between_policies(
    policy: dict[str, Any], other: dict[str, Any], prefixes: list[str]
) -> None:
    other = other | {"policy": "other", "versioning": policy["versioning"]}
    without = _errors(_compiled(policy, other))
    assert _errors(_compiled(_with_hold(policy, prefixes), other)) == without


@tried(400)
@given(crossing_policies(), st.one_of(HELD, st.just(["c/"]), st.just(["d/"])))
def test_a_hold_stops_no_policy_from_compiling_whose_retentions_cross(
    policy: dict[str, Any], prefixes: list[str]
) -> None:
    assert _errors(_compiled(_with_hold(policy, prefixes))) == _errors(_compiled(policy))


@tried(40)
@given(policies(), st.sets(st.sampled_from(["r0", "r1", "r2", "old_versions", "uploads"])), HELD)
def test_the_names_of_policies_decide_nothing(
    policy: dict[str, Any], moved: set[str], prefixes: list[str]
) -> None:
    """Of one that is divided into two, and held."""
    retain = policy["retain"]
    one = _with_hold(policy, prefixes) | {
        "retain": {name: each for name, each in retain.items() if name not in moved}
    }
    two = policy | {"retain": {name: each for name, each in retain.items() if name in moved}}
    for clock in ("old_versions", "uploads"):
        (one if clock in moved else two).pop(clock, None)
    before, after = (
        _compiled(one | {"policy": name}, two | {"policy": other})
        for name, other in (("p1", "p0"), ("p0", "p1"))
    )
    assert before.failed == after.failed
    assume(not before.failed)
    assert surely_same(before.buckets[0].rules, after.buckets[0].rules)


@tried(40)
@given(policies(), HELD)
def test_what_a_wide_clock_serves_elsewhere_ends_as_before(
    policy: dict[str, Any], prefixes: list[str]
) -> None:
    for retention in policy["retain"].values():
        retention.pop("tags", None)
        retention.pop("size", None)
    plain, held = _compiled(policy), _compiled(_with_hold(policy, prefixes))
    assume(not plain.failed and not held.failed)
    entries = [prefix for each in policy["retain"].values() for prefix in each["prefix"]]
    free = tuple(prefix for prefix in entries if not _meets(prefix, prefixes))
    before, after = (to_s3(each.buckets[0].rules)["Rules"] for each in (plain, held))
    # A bucket that never had versioning has no noncurrent versions.
    clocks = (False,) if policy["versioning"] == "off" else (False, True)
    for stored in OBJECTS:
        if stored.key.startswith(free):
            for old in clocks:
                told = story(before, stored, old=old, keeps_versions=True)
                assert story(after, stored, old=old, keeps_versions=True) == told, stored


@tried(20)
@given(policies())
def test_a_hold_on_what_no_rule_destroys_changes_nothing(policy: dict[str, Any]) -> None:
    policy.pop("old_versions", None)
    for retention in policy["retain"].values():
        retention["prefix"] = [prefix or "c/" for prefix in retention["prefix"]]
    plain = _compiled(policy)
    assume(not plain.failed)
    (held,) = _compiled(_with_hold(policy, ["z/"])).buckets
    assert held.rules == plain.buckets[0].rules


def _meets(prefix: str, prefixes: list[str]) -> bool:
    return any(prefix.startswith(held) or held.startswith(prefix) for held in prefixes)


def _destroys(rule: Rule) -> bool:
    return rule.expires is not None or rule.noncurrent_expires is not None


def _is_empty(rule: Rule) -> bool:
    return rule == Rule(id=rule.id, filter=rule.filter)


def _sum(rules: list[Rule]) -> set[object]:
    """All that rules of one filter do but destroy."""
    found: set[object] = set()
    for rule in rules:
        found |= {*rule.transitions, *rule.noncurrent_transitions}
        found |= {("markers", rule.removes_sole_markers)} if rule.removes_sole_markers else set()
        found |= {("uploads", rule.aborts_uploads_after)} - {("uploads", None)}
    return found


def _held(prefix: str, rest: str) -> Compilation:
    return compiled(f"holds: {{lit-7: {HOLD.format(prefix=prefix)}}}\n{rest}")


def test_the_shadow_of_a_hold_is_a_note_for_each_retention() -> None:
    rest = "retain: {a: {prefix: a/, delete_after: 9d}, b: {prefix: a/b/, delete_after: 8d}}"
    found = _held("a/b/c/", rest).diagnostics
    assert [each.message for each in found] == [
        "this suspends `a` in all of `a/`",
        "this suspends `b` in all of `a/b/`",
    ]
    assert {each.severity for each in found} == {Severity.NOTE}
    assert _held("a/", rest).diagnostics == ()
    assert _held("b/", rest).diagnostics == ()


def test_a_hold_on_some_makes_no_complaint_of_others_that_said_the_same() -> None:
    same = (
        "retain: {b: {prefix: b/, delete_after: 9d},"
        ' tagged: {prefix: "", tags: {a: b}, delete_after: 9d}}'
    )
    assert codes(_held("c/", same).diagnostics) == ["FL701"]
    assert codes(_held("c/", same.replace("9d}}", "8d}}")).diagnostics) == ["FL302", "FL701"]


def test_a_hold_does_not_make_deleting_elsewhere_free_nothing() -> None:
    clocks = "versioning: enabled\nold_versions: {delete_after: 7d}\n"
    found = _held("c/", clocks + "retain: {b: {prefix: b/, delete_after: 9d}}")
    assert codes(found.diagnostics) == ["FL701"]
    text = clocks.replace("7d", "never") + "retain: {b: {prefix: b/, delete_after: 9d}}"
    assert codes(_held("c/", text).diagnostics) == ["FL310"]
    # What crosses the suspended clocks keeps its noncurrent versions, and that is the hold's doing.
    crossed = (
        "retain: {b: {prefix: b/, tags: {k: v}, delete_after: 9d},"
        ' c: {prefix: "", tags: {l: w}, delete_after: 9d, old_versions: {delete_after: 3d}}}'
    )
    assert codes(_held("c/", clocks + crossed).diagnostics) == ["FL701"]


def test_what_goes_on_of_a_suspended_clock_needs_no_more_rules() -> None:
    entries = ", ".join(
        f"r{number}: {{prefix: r{number}/, delete_after: 9d}}" for number in range(900)
    )
    clocks = "versioning: enabled\nold_versions: {delete_after: 7d}\n"
    compilation = _held("held/", f"{clocks}retain: {{{entries}}}")
    assert codes(compilation.diagnostics) == ["FL701"]
    assert len(compilation.buckets[0].rules.rules) == 901
    assert compilation.diagnostics[0].notes[1].endswith(" and 895 more")


WIDE = "versioning: enabled\nold_versions: {delete_after: 59d}\n"


@pytest.mark.parametrize("crossing", ["tags: {a: b}", "size: {over: 1MiB}"])
def test_what_crosses_the_rest_of_a_suspended_clock_keeps_its_own_end(crossing: str) -> None:
    """It was a fault of ours (FL901): the rest of the clock counted as the narrower one."""
    rest = (
        "retain: {u: {prefix: logs/, tags: {c: d}, delete_after: 9d},"
        f" n: {{prefix: logs/, {crossing}, delete_after: 9d, old_versions: {{delete_after: 5d}}}}}}"
    )
    assert not compiled(WIDE + rest).failed
    compilation = _held("models/", WIDE + rest)
    assert codes(compilation.diagnostics) == ["FL701"]
    rules = to_s3(compilation.buckets[0].rules)["Rules"]
    ends = {
        rule["NoncurrentVersionExpiration"]["NoncurrentDays"]
        for rule in rules
        if "NoncurrentVersionExpiration" in rule
    }
    assert ends == {5, 59}


def test_a_hold_never_takes_more_rules_than_s3_accepts() -> None:
    entries = ", ".join(f"r{n}: {{prefix: r{n}/, delete_after: never}}" for n in range(1001))
    compilation = _held("models/", f"{WIDE}retain: {{{entries}}}")
    assert codes(compilation.diagnostics) == ["FL701"]
    assert not any(_destroys(rule) for rule in compilation.buckets[0].rules.rules)


def test_a_hold_never_takes_a_longer_id_than_s3_accepts() -> None:
    rest = f"policy: {'p' * 128}\nretain: {{{'q' * 120}: {{prefix: logs/, delete_after: never}}}}"
    assert not compiled(WIDE + rest).failed
    compilation = _held("models/", WIDE + rest)
    assert codes(compilation.diagnostics) == ["FL701"]
    assert not any(_destroys(rule) for rule in compilation.buckets[0].rules.rules)


def test_a_hold_does_not_hide_that_s3_takes_fewer_rules() -> None:
    entries = ", ".join(f"r{n}: {{prefix: r{n}/, delete_after: 9d}}" for n in range(1001))
    compilation = _held('""', f'versioning: "off"\nretain: {{{entries}}}')
    assert "FL201" in codes(compilation.diagnostics)


def test_a_wider_move_that_comes_to_what_is_held_is_noted_and_stays_one_rule() -> None:
    late = (
        "versioning: enabled\nold_versions: {archive_after: 30d, delete_after: 90d}\n"
        "retain: {a: {prefix: a/, delete_after: 7d, old_versions: {delete_after: 7d}}}"
    )
    compilation = _held("a/", late)
    assert codes(compiled(late).diagnostics) == ["FL502"]
    assert codes(compilation.diagnostics) == ["FL502", "FL701", "FL723"]
    moving = [rule.filter.prefix for rule in compilation.buckets[0].rules.rules if rule.moves]
    assert moving == [""]


def test_a_hold_on_another_prefix_hides_no_contradiction() -> None:
    """The bytes under `logs/app/` went after 59 days, or stayed, as the policies were named."""
    head = "firnline: policy/v1\nowner: lab\nwhy: an example\nversioning: enabled\n"
    head += "applies_to: [{account: lab, buckets: lab-data}]\nuploads: {abort_after: 7d}\n"
    ends = (
        'retain: {all: {prefix: "", delete_after: never, old_versions: {delete_after: 59d}},'
        " app: {prefix: logs/app/, delete_after: never}}\n"
    )
    stays = (
        f"old_versions: {{delete_after: never}}\nholds: {{L-1: {HOLD.format(prefix='models/')}}}\n"
    )
    for names in (("p0", "p1"), ("p1", "p0")):
        said = zip(names, (ends, stays), strict=True)
        compilation = compiled({f"{name}.yaml": f"{head}policy: {name}\n{it}" for name, it in said})
        assert codes(compilation.diagnostics) == ["FL701", "FL702"]


def test_what_a_hold_keeps_follows_a_wider_move_and_a_note_says_so() -> None:
    moves = (
        'versioning: "off"\nretain: {data: {prefix: data/, cold_after: 14d, delete_after: never},'
        " big: {prefix: data/q3/, smallest_move: 1MiB, delete_after: 7d}}"
    )
    compilation = _held("data/q3/", moves)
    assert codes(compilation.diagnostics) == ["FL723"]
    assert compilation.diagnostics[0].message == (
        "objects that `lit-7` keeps here move to GLACIER_IR at 14d"
    )


def test_a_wider_move_that_is_refused_without_the_hold_is_told_once() -> None:
    moves = (
        "versioning: enabled\nold_versions: {delete_after: 7d}\n"
        "retain: {data: {prefix: data/, cold_after: 14d, delete_after: never},"
        " q3: {prefix: data/q3/, delete_after: 9d}}"
    )
    assert codes(compiled(moves).diagnostics) == ["FL303"]
    assert codes(_held("data/q3/", moves).diagnostics) == ["FL303", "FL701"]


def test_holds_bind_the_buckets_of_their_policy_alone() -> None:
    head = "firnline: policy/v1\nowner: lab\nwhy: an example\nversioning: off\n"
    head += "uploads: {abort_after: 7d}\n"
    where = "applies_to: [{{account: lab, buckets: {}}}]\n"
    hold = HOLD.format(prefix='""')
    compilation = compiled(
        {
            "a.yaml": head + "policy: a\n" + where.format("one") + f"holds: {{lit-7: {hold}}}\n",
            "b.yaml": head
            + "policy: b\n"
            + where.format("[one, two]")
            + "retain: {x: {prefix: x/, delete_after: 9d}}\n",
        }
    )
    assert compilation.diagnostics == ()
    one, two = (each.rules.rules for each in compilation.buckets)
    assert not any(_destroys(rule) for rule in one)
    assert any(_destroys(rule) for rule in two)
