"""Which buckets a policy is for."""

from __future__ import annotations

import json
from dataclasses import replace
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.diagnostics.position import Source
from firnline.fleet.resolve import question_of
from firnline.language.coverage_index import CoverageIndex
from firnline.language.digest import lock_digest
from firnline.language.model import Buckets, Policy, matches
from firnline.language.read_files import read_files
from firnline.language.said import Said
from firnline.pipeline import compile_files
from firnline.rules.coverage import programs_of
from tests.policies import codes, compiled, whole


def _policy(applies_to: str, rest: str = "") -> str:
    return (
        "firnline: policy/v1\npolicy: p\nowner: lab\nwhy: an example\n"
        f"applies_to: {applies_to}\nuploads: {{abort_after: 3d}}\n{rest}"
    )


@pytest.mark.parametrize(
    ("applies_to", "covered"),
    [
        ('[{account: lab, buckets: "logs-*"}]', ["logs-a", "logs-tmp"]),
        ('[{account: lab, buckets: ["logs-*", "!logs-tmp"]}]', ["logs-a"]),
        (
            '[{account: lab, buckets: "logs-*"}, {account: lab, buckets: "!logs-tmp"}]',
            ["data", "logs-a", "payroll"],
        ),
        ('[{account: lab, buckets: "!logs-*"}]', ["data", "payroll"]),
        ('[{account: lab, buckets: "*"}]', ["data", "logs-a", "logs-tmp", "payroll"]),
        ('[{account: lab, buckets: "l*-a"}]', ["logs-a"]),
        ('[{account: other, buckets: "*"}]', []),
        (
            '[{account: "*", buckets: "!logs-*"}, {account: lab, buckets: data}]',
            ["data", "payroll"],
        ),
        (
            '[{account: lab, regions: eu-west-1, buckets: ["*", "!data"]},'
            ' {account: lab, buckets: "*a*"}]',
            ["logs-a", "payroll"],
        ),
        (
            '[{account: lab, regions: eu-west-1, buckets: "!data"}, {account: lab, buckets: data}]',
            [],
        ),
    ],
)
def test_names_patterns_and_exclusions(applies_to: str, covered: list[str]) -> None:
    (policy,) = compiled(_policy(applies_to)).folder.policies
    there = ["data", "logs-a", "logs-tmp", "payroll"]
    assert [bucket for bucket in there if policy.covers("lab", bucket, "us-east-1")] == covered


def test_a_name_that_is_excluded_again_is_an_error_and_the_rest_is_still_checked() -> None:
    found = compiled(
        _policy(
            '[{account: lab, buckets: [lab-data, "!lab-*"]}]',
            "versioning: off\nretain: {a: {prefix: a/, delete_after: 7d},"
            " b: {prefix: a/b/, delete_after: 9d}}",
        )
    ).diagnostics
    assert codes(found) == ["FL301", "FL703"]


def test_without_a_lock_the_names_of_files_do_not_decide_what_is_found() -> None:
    silent = _policy("[{account: lab, buckets: b}]", "retain: {x: {prefix: x/, delete_after: 7d}}")
    enabled = silent.replace("policy: p", "policy: q").split("retain")[0] + "versioning: enabled\n"
    one = compiled({"a.yaml": silent, "b.yaml": enabled})
    other = compiled({"a.yaml": enabled, "b.yaml": silent})
    assert codes(one.diagnostics) == codes(other.diagnostics) == ["FL310"]
    assert one.failed
    assert other.failed


def test_without_a_lock_two_expectations_of_one_bucket_contradict_each_other() -> None:
    found = compiled(
        {
            "a.yaml": _policy("[{account: lab, buckets: b}]", "versioning: off\n"),
            "b.yaml": _policy("[{account: lab, buckets: b}]", "versioning: enabled\n").replace(
                "policy: p", "policy: q"
            ),
        }
    ).diagnostics
    assert codes(found) == ["FL702"]


def test_one_mistake_on_many_buckets_is_reported_once() -> None:
    files = {
        f"{name}.yaml": whole(
            f"policy: {name}\napplies_to: [{{account: lab, buckets: lab-{name}}}]"
        )
        for name in "abcde"
    }
    files["all.yaml"] = whole(
        "policy: all\napplies_to: [{account: lab, buckets: [lab-a, lab-b, lab-c, lab-d, lab-e]}]\n"
        "retain: {x: {prefix: x/, delete_after: 7d}, y: {prefix: x/y/, delete_after: 9d}}"
    )
    found = compile_files({name: text.encode() for name, text in files.items()}).diagnostics
    assert [diagnostic.kind.code for diagnostic in found] == ["FL301"]


def test_a_rule_keeps_its_id_when_a_prefix_joins_its_list() -> None:
    one = compiled("retain: {x: {prefix: [a/], delete_after: 7d}}").buckets[0].rules.rules
    two = compiled("retain: {x: {prefix: [a/, b/], delete_after: 7d}}").buckets[0].rules.rules
    assert set(one) < set(two)


@given(st.text("ab*", max_size=7), st.text("ab", max_size=9))
def test_a_pattern_is_read_as_the_shell_reads_it(pattern: str, bucket: str) -> None:
    assert matches(bucket, pattern) == fnmatchcase(bucket, pattern)


@pytest.mark.timeout(20)  # it takes no time; what tried every way of matching took centuries
def test_no_pattern_takes_long() -> None:
    assert not matches("a" * 62 + "b", "*a" * 30 + "*c")
    assert matches("lab-data", "*" * 60)


_PATTERNS = st.text("ab*", min_size=1, max_size=4)
_ENTRIES = st.tuples(_PATTERNS, st.lists(st.tuples(st.sampled_from(["", "!"]), _PATTERNS)))


@given(
    st.lists(st.lists(_ENTRIES, min_size=1, max_size=3), max_size=4),
    _PATTERNS,
    st.text("ab*", max_size=4),
)
def test_the_index_finds_the_same_policies_as_asking_each_of_them(
    applies_to: list[list[tuple[str, list[tuple[str, str]]]]], account: str, bucket: str
) -> None:
    policies = [
        replace(_EXAMPLE, applies_to=tuple(_entry(*each) for each in entries))
        for entries in applies_to
    ]
    found = list(CoverageIndex(policies).covering(account, bucket, None))
    assert found == [policy for policy in policies if policy.covers(account, bucket)]


def _entry(account: str, names: list[tuple[str, str]]) -> Buckets:
    there = Source("p.yaml", "").whole()
    return Buckets(
        accounts=(Said(account, there),),
        regions=(),
        included=tuple(Said(name, there) for sign, name in names if not sign),
        excluded=tuple(Said(name, there) for sign, name in names if sign),
    )


_LABELS, _REGIONS = ("lab", "dev"), ("us-east-1", "eu-west-1")
_NAMES = ("aaa", "aab", "abb", "bbb")
_ENTRY = st.fixed_dictionaries(
    {
        "account": st.lists(st.sampled_from([*_LABELS, "l*", "*"]), min_size=1, unique=True),
        "buckets": st.lists(
            st.sampled_from([*_NAMES, "*", "a*", "*b", "!aaa", "!abb", "!a*", "!*b"]),
            min_size=1,
            max_size=3,
            unique=True,
        ),
    },
    optional={"regions": st.lists(st.sampled_from(_REGIONS), min_size=1, unique=True)},
)
_APPLIES_TO = st.lists(_ENTRY, min_size=1, max_size=4)
_PLACES = [(label, name) for label in _LABELS for name in _NAMES]


@given(_APPLIES_TO, st.lists(st.sampled_from(_REGIONS), min_size=8, max_size=8))
def test_resolve_and_compile_cover_what_some_entry_includes_and_none_excludes(
    applies_to: list[dict[str, list[str]]], regions: list[str]
) -> None:
    buckets = dict(zip(_PLACES, regions, strict=True))
    expected = {place for place, region in buckets.items() if _covered(applies_to, *place, region)}
    files = {"fleet.yaml": _FLEET.encode(), "p.yaml": _policy(json.dumps(applies_to)).encode()}
    asked = question_of(".", files)
    assert {p for p, region in buckets.items() if asked.wanted.covers(*p, region)} == expected
    digest = lock_digest(asked.fleet, asked.folder.policies)
    folder, found = read_files(files | {"lock.yaml": _lock(digest, buckets).encode()})
    assert not found
    compiled_for = [bucket for program in programs_of(folder) for bucket in program.buckets]
    # A policy that covers no bucket is checked on the names it has.
    known = {(bucket.account, bucket.name) for bucket in compiled_for if bucket.locked}
    assert known == expected


@given(_APPLIES_TO, _ENTRY)
def test_one_more_entry_that_only_names_buckets_removes_none(
    applies_to: list[dict[str, list[str]]], more: dict[str, list[str]]
) -> None:
    names = [name for name in more["buckets"] if not name.startswith("!")] or ["aaa"]
    (before,) = _read(applies_to)
    (after,) = _read([*applies_to, {**more, "buckets": names}])
    for place in _PLACES:
        for region in _REGIONS:
            excluded = any(
                entry.names(place[0]) and entry.excludes(place[1]) for entry in after.applies_to
            )
            named = _covered([{**more, "buckets": names}], *place, region)
            assert after.covers(*place, region) == (
                before.covers(*place, region) or (named and not excluded)
            )


def _covered(
    applies_to: list[dict[str, list[str]]], account: str, bucket: str, region: str
) -> bool:
    """As the documentation of `applies_to` says it, entry by entry."""
    covered = False
    for entry in applies_to:
        if not any(fnmatchcase(account, label) for label in entry["account"]):
            continue
        excluded = [name[1:] for name in entry["buckets"] if name.startswith("!")]
        if any(fnmatchcase(bucket, name) for name in excluded):
            return False
        included = [name for name in entry["buckets"] if not name.startswith("!")] or ["*"]
        here = region in entry.get("regions", [region])
        covered = covered or (here and any(fnmatchcase(bucket, name) for name in included))
    return covered


def _read(applies_to: list[dict[str, list[str]]]) -> tuple[Policy, ...]:
    return read_files({"p.yaml": _policy(json.dumps(applies_to)).encode()})[0].policies


_FLEET = """\
firnline: fleet/v1
namespace: acme
accounts:
  lab: {id: "111122223333", regions: [us-east-1, eu-west-1]}
  dev: {id: "444455556666", regions: [us-east-1, eu-west-1]}
"""
_IDS = {"lab": "111122223333", "dev": "444455556666"}


def _lock(digest: str, buckets: dict[tuple[str, str], str]) -> str:
    facts = "partition: aws, kind: general-purpose, versioning: off, object_lock: off, ours: policy"
    accounts = "".join(
        f'  "{_IDS[label]}":\n'
        + "".join(
            f"    {name}: {{region: {region}, {facts}}}\n"
            for (account, name), region in buckets.items()
            if account == label
        )
        for label in _LABELS
    )
    return f"firnline: fleet-lock/v1\ndigest: {digest}\naccounts:\n{accounts}"


(_EXAMPLE,) = compiled(_policy("[{account: lab, buckets: b}]")).folder.policies
