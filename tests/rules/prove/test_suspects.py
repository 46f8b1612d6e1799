"""Policies and configurations that somebody would try who wants a false proof or verdict."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from firnline.language.checks.lock_examples import FLEET, lock_file, locked, policy_file
from firnline.pipeline import compile_files
from firnline.s3.compare.difference import facts
from firnline.s3.compare.same import same
from firnline.s3.law.judge import judge
from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.read_shape import read_configuration
from firnline.s3.shape import to_s3
from firnline.s3.terms import Days, Versioning
from firnline.s3.terraform_provider import as_sent
from tests.s3.compare import worlds

PREFIXES = ("", "a", "a/", "a/é", "a/😀/", "a/" + "x" * 1022)
DAYS = ("0d", "1d", "5d", "30d", "120d", "never", "2147483647d")
ENDS = ("1d", "5d", "30d", "400d", "never", "2147483647d")
SIZES = ("0B", "1B", "2B", "131071B", "128KiB", "131073B", "1000TiB")


@st.composite
def timelines(draw: st.DrawFn) -> dict[str, Any]:
    said: dict[str, Any] = {"delete_after": draw(st.sampled_from(ENDS))}
    for tier in draw(st.lists(st.sampled_from(("warm", "cold", "archive")), max_size=2)):
        said[f"{tier}_after"] = draw(st.sampled_from(DAYS))
    return said


@st.composite
def old_timelines(draw: st.DrawFn) -> dict[str, Any]:
    said = draw(timelines())
    kept = {
        "count": draw(st.sampled_from(("1", "100"))),
        "delete_after": draw(st.sampled_from(ENDS)),
    }
    return said | draw(st.sampled_from(({}, {}, {"keep_newest": kept}, {"keep_newest": "3"})))


@st.composite
def retentions(draw: st.DrawFn) -> dict[str, Any]:
    said = draw(timelines())
    prefixes = st.sampled_from(PREFIXES)
    said["prefix"] = draw(
        st.one_of(prefixes, st.lists(prefixes, min_size=1, max_size=3, unique=True))
    )
    for key, values in (
        ("old_versions", old_timelines()),
        ("smallest_move", st.sampled_from(SIZES)),
        ("delete_markers", st.sampled_from(("keep", "expire"))),
        ("uploads", st.sampled_from(("3d", "never")).map(lambda day: {"abort_after": day})),
        ("tags", _tags()),
        ("size", _sizes()),
    ):
        if draw(st.integers(0, 2)) == 0:
            said[key] = draw(values)
    return said


def _tags() -> st.SearchStrategy[dict[str, Any]]:
    values = st.sampled_from(("", "x", "X", ["x", "y"], ["y", ""]))
    return st.dictionaries(st.sampled_from(("t", "u", "é")), values, min_size=1, max_size=2)


def _sizes() -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(
        st.sampled_from(("over", "under")), st.sampled_from(SIZES), min_size=1, max_size=2
    )


@st.composite
def folders(draw: st.DrawFn) -> dict[str, bytes]:
    """One or two policies of one bucket, of which nobody may know whether it keeps versions."""
    files = {}
    versioning = draw(st.sampled_from(("enabled", "suspended", "off", None)))
    for name in draw(st.sampled_from((("one",), ("one", "two")))):
        policy: dict[str, Any] = {
            "firnline": "policy/v1",
            "policy": name,
            "owner": "lab",
            "why": "a suspicion",
            "applies_to": [{"account": "lab", "buckets": "lab-data"}],
            "retain": dict(zip("abc", draw(st.lists(retentions(), max_size=2)), strict=False)),
        }
        policy |= {"versioning": versioning} if versioning else {}
        if draw(st.booleans()):
            policy["old_versions"] = draw(old_timelines())
        if draw(st.booleans()):
            policy["delete_markers"] = draw(st.sampled_from(("keep", "expire")))
        files[f"{name}.yaml"] = json.dumps(policy).encode()
    return files


@settings(max_examples=150)
@given(folders())
def test_every_suspect_is_refused_or_arrives_at_s3_as_rules_it_accepts(
    files: dict[str, bytes],
) -> None:
    compilation = compile_files(files, with_remedies=False)  # and what compiles is proved
    while compilation.failed and (less := _with_less(files)) != files:
        files, compilation = less, compile_files(less, with_remedies=False)
    event("refused" if compilation.failed else "compiled")
    for bucket in compilation.buckets:
        shape = to_s3(bucket.rules)
        verdict = judge({"Rules": shape["Rules"]}, header=shape)
        assert not verdict.findings, verdict.findings[0]
        assert same(bucket.rules, as_sent(bucket.rules))
        assert read_configuration(to_s3(bucket.rules)) == bucket.rules


def _with_less(files: dict[str, bytes]) -> dict[str, bytes]:
    """One retention less, or one of the settings at the top level; the same where none is left."""
    for name, text in files.items():
        policy = json.loads(text)
        if policy["retain"]:
            policy["retain"].popitem()
        elif not any(policy.pop(key, None) for key in ("delete_markers", "old_versions")):
            continue
        return files | {name: json.dumps(policy).encode()}
    return files


@settings(max_examples=60)
@given(worlds.configurations(), st.randoms(use_true_random=False), st.sampled_from(Versioning))
def test_what_only_looks_different_is_the_same(
    rules: RuleSet, random: Any, versioning: Versioning
) -> None:
    single = [part for rule in rules.rules for part in _parts(rule)]
    single += [replace(rule, enabled=False) for rule in single]
    single += [
        replace(rule, filter=replace(rule.filter, prefix=rule.filter.prefix + "b"))
        for rule in single
    ]
    random.shuffle(single)
    other = tuple(replace(rule, id=f"other-{place}") for place, rule in enumerate(single))
    for locks in (False, True):
        assert same(rules, replace(rules, rules=other), facts(versioning, object_lock=locks))


def _parts(rule: Rule) -> list[Rule]:
    """A rule for each of its actions."""
    bare = Rule(rule.id, rule.filter, rule.enabled)
    return [
        *(replace(bare, transitions=(move,)) for move in rule.transitions),
        *(replace(bare, noncurrent_transitions=(move,)) for move in rule.noncurrent_transitions),
        replace(bare, expires=rule.expires),
        replace(bare, removes_sole_markers=rule.removes_sole_markers),
        replace(bare, noncurrent_expires=rule.noncurrent_expires),
        replace(bare, aborts_uploads_after=rule.aborts_uploads_after),
    ]


def test_no_key_is_longer_than_1024_bytes() -> None:
    """S3 may count the characters of a prefix, of which each is two bytes here."""
    never = Rule("a", Filter("é" * 513), expires=Days(1))
    ever = Rule("a", Filter("é" * 512), expires=Days(1))
    assert same(RuleSet((never,)), RuleSet(()))
    assert not same(RuleSet((ever,)), RuleSet(()))


def test_a_day_before_all_days_leaves_nothing_for_a_date() -> None:
    """S3 refuses zero days; a file that somebody wrote may say them."""
    at_once = Rule("a", Filter("x/"), expires=Days(0))
    dated = Rule("b", Filter("x/"), expires=worlds.DATES[0])
    assert same(RuleSet((at_once, dated)), RuleSet((at_once,)))


LOCKED_POLICY = """\
firnline: policy/v1
policy: lab
owner: lab
why: noncurrent versions that end before they would move, unless they are locked
applies_to: [{account: lab, buckets: "lab-*"}]
versioning: enabled
old_versions: {warm_after: 10d, delete_after: 30d}
retain:
  short: {prefix: a/, delete_after: never, old_versions: {delete_after: 5d}}
"""


def test_a_bucket_with_object_lock_is_tried_beside_one_without() -> None:
    """A locked noncurrent version outlives its end, and then follows a transition from above."""
    plain = locked("lab-data", versioning="enabled")
    with_lock = plain.replace("lab-data", "lab-legal").replace(
        "object_lock: off", "object_lock: enabled"
    )
    start = lock_file().partition("    lab-data")[0]
    for buckets, reported in ((plain, False), (plain + with_lock, True), (with_lock + plain, True)):
        files = {"fleet.yaml": FLEET, "fleet.lock.yaml": start + buckets, "p.yaml": LOCKED_POLICY}
        found = compile_files({name: text.encode() for name, text in files.items()}).diagnostics
        assert ("FL303" in {each.kind.code for each in found}) is reported


def test_a_directory_bucket_is_not_tried_with_tags() -> None:
    """S3 refuses a filter by tags there."""
    rest = "retain: {a: {prefix: a/, tags: {t: x}, delete_after: 30d}}\n"
    lock = lock_file().replace("general-purpose", "directory")
    files = {"fleet.yaml": FLEET, "fleet.lock.yaml": lock, "p.yaml": policy_file(rest=rest)}
    found = compile_files({name: text.encode() for name, text in files.items()}).diagnostics
    assert "FL211" in {each.kind.code for each in found}
