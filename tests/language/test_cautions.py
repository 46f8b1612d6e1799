"""Warnings about one policy: when they speak, and above all when they are silent."""

from __future__ import annotations

import pytest

from firnline.language.check import Known
from firnline.language.checks.lock_examples import FLEET, lock_file, locked
from firnline.language.project import Project, owners_in
from firnline.pipeline import compile_files
from tests.policies import codes, compiled, whole


def _retain(prefix: str, more: str = "") -> str:
    return f"retain:\n  x:\n    prefix: {prefix}\n    delete_after: 30d\n{more}"


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("team #1/", ["FL007"]),
        ("team/  #1/", ["FL007"]),  # `fmt` makes two spaces of one
        ("team/ # one", []),
        ("team/ #all of it", []),
        ("team/  # one", []),
        ('"team/" #1', []),
        ("'team #1/'", []),
        ("team#1/", []),
        ("[team/, more/] #1", []),
        ("\n      - team #1/\n      - more/", ["FL007"]),
    ],
)
def test_a_prefix_that_is_cut_by_what_looks_like_the_rest_of_a_key(
    prefix: str, expected: list[str]
) -> None:
    assert codes(compiled(_retain(prefix)).diagnostics) == expected


@pytest.mark.parametrize(
    "closed",
    ["logs/", "logs/app-", "logs/app_", "dt=", "logs/2026", "a/b/run1", "state/app.json", '""'],
)
def test_a_prefix_that_ends_where_it_is_meant_to_is_left_alone(closed: str) -> None:
    assert compiled(_retain(closed)).diagnostics == ()


@pytest.mark.parametrize("open", ["logs", "a/logs", "_temporary", "dt=latest", "größe"])
def test_a_prefix_that_ends_in_a_word_is_open(open: str) -> None:
    (found,) = compiled(_retain(open)).diagnostics
    assert found.kind.code == "FL314"
    assert found.fix is not None
    assert not found.fix.safe


def test_a_prefix_is_not_closed_where_the_closed_one_stands_too() -> None:
    (found,) = compiled(
        "retain: {a: {prefix: tmp, delete_after: 30d}, b: {prefix: tmp/, delete_after: 9d}}"
    ).diagnostics
    assert found.kind.code == "FL314"
    assert found.fix is None


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ("365d", []),
        ("730d", []),
        ("1095d", ["FL609"]),
        ("1096d", []),
        ("2554d", []),
        ("2555d", ["FL609"]),
        ("2556d", ["FL609"]),
        ("2557d", []),
        ("365w", ["FL609"]),
        ("3650d", ["FL609"]),
        ("1000d", []),
        ("99999d", []),
    ],
)
def test_days_are_compared_with_years_from_three_years_on(days: str, expected: list[str]) -> None:
    found = compiled(_retain("x/").replace("30d", days)).diagnostics
    assert codes(found) == expected


def test_years_of_old_versions_count_too_and_moves_do_not() -> None:
    found = compiled(
        "versioning: enabled\nretain: {x: {prefix: x/, archive_after: 1095d, delete_after: never,"
        " old_versions: {delete_after: 2555d}}}"
    ).diagnostics
    assert [each.message for each in found] == ["2,555 days can be 2 short of 7 years"]


@pytest.mark.parametrize(
    ("why", "empty"),
    [
        ("failed experiments", True),
        ("Failed-Experiments!", True),
        ("the experiments", True),
        ("data", True),
        ("experiments that crashed", False),
        ("a post-mortem takes two weeks", False),
    ],
)
def test_a_reason_that_repeats_the_name_is_none(why: str, empty: bool) -> None:
    found = compiled(
        f"retain: {{failed-experiments: {{why: {why}, prefix: x/, delete_after: 30d}}}}"
    ).diagnostics
    assert codes(found) == (["FL611"] if empty else [])


def test_the_reason_of_a_policy_is_read_too() -> None:
    assert codes(compiled("policy: backups\nwhy: our backup").diagnostics) == ["FL611"]


CODEOWNERS = """\
# who is asked
*                   @acme/platform   # by default
/policies/ml/*.yaml @acme/ML-Platform ada@acme.example @grace
/docs/ #@acme/writers
"""


@pytest.mark.parametrize(
    "owner",
    ["ml-platform", '"@acme/ml-platform"', "acme/ml-platform", "ada@acme.example", '"@grace"'],
)
def test_an_owner_may_be_written_in_any_way_that_code_owners_are(owner: str) -> None:
    assert compiled({"CODEOWNERS": CODEOWNERS, "p.yaml": f"owner: {owner}"}).diagnostics == ()


@pytest.mark.parametrize(
    ("owner", "help"),
    [
        ("ml-plattform", "did you mean `ML-Platform`?"),
        ("writers", "CODEOWNERS names platform, ML-Platform, ada@acme.example, grace"),
    ],
)
def test_an_owner_who_does_not_stand_there_is_told_who_does(owner: str, help: str) -> None:
    (found,) = compiled({"CODEOWNERS": CODEOWNERS, "p.yaml": f"owner: {owner}"}).diagnostics
    assert (found.kind.code, found.help) == ("FL602", help)


@pytest.mark.parametrize("owners", [None, (), owners_in("# nobody yet\n*.txt\n")])
def test_without_code_owners_any_owner_will_do(owners: tuple[str, ...] | None) -> None:
    files = {"p.yaml": whole("owner: anybody").encode()}
    assert compile_files(files, Known(Project(code_owners=owners))).diagnostics == ()


VERSIONS = "retain: {t: {prefix: t/, delete_after: 30d, old_versions: {delete_after: 7d}}}\n"


def _with_lock(buckets: str, lock: str) -> list[str]:
    policy = (
        "firnline: policy/v1\npolicy: lab\nowner: lab\nwhy: an example\n"
        f"uploads: {{abort_after: 7d}}\n{VERSIONS}"
        f"applies_to: [{{account: lab, buckets: {buckets}}}]\n"
    )
    files = {"fleet.yaml": FLEET, "fleet.lock.yaml": lock, "policy.yaml": policy}
    return [code for code in codes(compiled(files).diagnostics) if code != "FL708"]


def test_old_versions_do_nothing_where_every_bucket_never_had_any() -> None:
    assert _with_lock("[lab-data]", lock_file()) == ["FL311"]
    two = lock_file(more=locked("lab-more"))
    assert _with_lock("[lab-data, lab-more]", two) == ["FL311"]


def test_old_versions_are_not_in_vain_where_one_bucket_keeps_them_or_the_next_may() -> None:
    mixed = lock_file(more=locked("lab-more", versioning="enabled"))
    assert _with_lock("[lab-data, lab-more]", mixed) == []
    assert _with_lock('"lab-*"', lock_file()) == []
    assert _with_lock('"!lab-other"', lock_file()) == []


def test_what_the_policy_expects_counts_without_a_lock() -> None:
    assert codes(compiled(VERSIONS + "versioning: off").diagnostics) == ["FL311"]
    assert compiled(VERSIONS + "versioning: suspended").diagnostics == ()
    assert codes(compiled("versioning: off\ndelete_markers: keep").diagnostics) == ["FL311"]


@pytest.mark.parametrize("owner", ["CHANGE-ME", "todo", '"<change me>"'])
def test_an_owner_that_stands_in_for_one_is_told_who_may_be_meant(owner: str) -> None:
    (found,) = compiled({"CODEOWNERS": "* @acme/ml\n", "p.yaml": f"owner: {owner}"}).diagnostics
    assert found.kind.code == "FL614"
    assert found.help.endswith("answers for what is deleted: CODEOWNERS names ml")


@pytest.mark.parametrize("owner", ["todo-team", "todo", "Fix-Me"])
def test_an_owner_in_codeowners_is_nobodys_placeholder(owner: str) -> None:
    owners = "* @acme/todo-team @acme/todo @fix-me\n"
    assert compiled({"CODEOWNERS": owners, "p.yaml": f"owner: {owner}"}).diagnostics == ()
