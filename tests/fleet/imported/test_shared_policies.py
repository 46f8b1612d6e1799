"""Which buckets share a policy, and what they override in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.diagnostics.position import Source
from firnline.fleet.imported.shared_policies import (
    MOST_DIFFERENCES,
    OwnPolicy,
    distinct,
    own_policy,
    shared_policies,
    split,
)
from firnline.fleet.imported.shared_text import as_data, shared_text
from firnline.language.edit_map import written
from firnline.language.layout import format_text
from firnline.language.nodes import Map, to_data
from firnline.language.overrides import Settled
from firnline.language.schemas import FileKind
from firnline.language.yaml_tree import TreeBuilder

Said = dict[str, Any]
TIERS = ("warm_after", "cold_after", "archive_after")


@st.composite
def retentions(draw: st.DrawFn) -> Said:
    ages = st.sampled_from(["30d", "60d", "90d"])
    said: Said = {"prefix": draw(st.sampled_from(["logs/", "tmp/"])), "delete_after": draw(ages)}
    for key in ("warm_after", "cold_after"):
        if draw(st.booleans()):
            said[key] = draw(st.sampled_from(["10d", "20d"]))
    if draw(st.booleans()):
        said["old_versions"] = {"delete_after": draw(ages)}
    return said


@st.composite
def policies(draw: st.DrawFn) -> Said:
    entries = draw(st.lists(retentions(), max_size=2, unique_by=lambda each: str(each["prefix"])))
    named = {draw(st.sampled_from("ab")) + each["prefix"][:-1]: each for each in entries}
    said: Said = {"retain": named} if named else {}
    said["uploads"] = {"abort_after": draw(st.sampled_from(["3d", "7d"]))}
    if draw(st.booleans()):
        said["adopts"] = draw(st.lists(st.sampled_from("xyz"), min_size=1, unique=True))
    if draw(st.booleans()):
        said["foreign_rules"] = "keep"
    return said


fleets = st.lists(policies(), min_size=1, max_size=9)


def text_of(account: str, bucket: str, said: Said) -> str:
    """As a policy, in block style down to the keys of retentions."""
    lines = ["firnline: policy/v1", f"policy: {bucket}", "owner: CHANGE-ME", "why: imported"]
    lines += ["applies_to:", f"  - account: {account}", f"    buckets: {bucket}"]
    for key, value in said.items():
        if key != "retain":
            lines.append(f"{key}: {written(as_value(value), quoted=False)}")
            continue
        lines.append("retain:")
        for name, retention in value.items():
            lines.append(f"  {name}:")
            lines += [
                f"    {k}: {written(as_value(v), quoted=False)}" for k, v in retention.items()
            ]
    return format_text("\n".join(lines) + "\n", FileKind.POLICY)


def as_value(said: Any) -> Any:
    return tuple(said) if isinstance(said, list) else said


def own(number: int, said: Said) -> OwnPolicy:
    return own_policy(f"account-{number % 2}", f"bucket-{number}", said, kept(said))


def settled(text: str, account: str, bucket: str) -> Said:
    """What the policy says for a bucket, as the language merges its overrides."""
    root = TreeBuilder(Source("", text)).build()
    assert isinstance(root, Map)
    found: Said = to_data(Settled(root, account, bucket, ()).root)
    return found


def meaning(said: Mapping[str, Any]) -> Any:
    """By scope, without tiers that are never entered and without what names buckets and rules."""
    by_prefix = {
        each["prefix"]: {k: v for k, v in each.items() if not (k in TIERS and v == "never")}
        for each in said.get("retain", {}).values()
    }
    return by_prefix, said["uploads"], said.get("foreign_rules", "refuse")


def kept(said: Mapping[str, Any]) -> frozenset[str]:
    """Of three rules that every bucket has."""
    keeps = said.get("foreign_rules") == "keep"
    return frozenset("xyz") - adopted(said) if keeps else frozenset()


def adopted(said: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(said.get("adopts", ()))


@given(fleets)
@settings(max_examples=25)
def test_every_bucket_is_in_one_policy_and_has_few_overrides(fleet: list[Said]) -> None:
    shared = shared_policies(own(number, said) for number, said in enumerate(fleet))
    members = [each.bucket for one in shared for each in one.members]
    assert sorted(members) == sorted(f"bucket-{number}" for number in range(len(fleet)))
    for one in shared:
        for settings_of_one in one.overrides.values():
            assert len(distinct(settings_of_one)) <= MOST_DIFFERENCES


@given(fleets)
@settings(max_examples=25)
def test_a_shared_policy_says_for_each_bucket_what_its_own_did(fleet: list[Said]) -> None:
    texts = {
        f"bucket-{n}": text_of(f"account-{n % 2}", f"bucket-{n}", s) for n, s in enumerate(fleet)
    }
    owns = [own(n, as_data(texts[f"bucket-{n}"])) for n in range(len(fleet))]
    for one in shared_policies(owns):
        text = shared_text(texts[one.base.bucket], one)
        assert format_text(text, FileKind.POLICY) == text
        for each in one.members:
            said = fleet[int(each.bucket.rpartition("-")[2])]
            assert adopted(said) <= set(one.adopts)
            assert not kept(said) & set(one.adopts)
            found = settled(text, each.account, each.bucket)
            assert meaning(found) == meaning(said)
            entries = found["applies_to"]
            assert any(
                entry["account"] == each.account and each.bucket in entry["buckets"]
                for entry in entries
            )


@given(fleets)
@settings(max_examples=15)
def test_policies_that_say_the_same_are_one(fleet: list[Said]) -> None:
    owns = [own(number, said) for number, said in enumerate([*fleet, *fleet])]
    for one in shared_policies(owns):
        for each in one.members:
            number = int(each.bucket.rpartition("-")[2])
            twin = f"bucket-{(number + len(fleet)) % len(owns)}"
            assert twin in [other.bucket for other in one.members]


@given(fleets)
@settings(max_examples=15)
def test_a_policy_that_fails_its_proof_is_split_into_smaller_ones(fleet: list[Said]) -> None:
    for one in shared_policies(own(number, said) for number, said in enumerate(fleet)):
        parts = split(one)
        members = [each.bucket for part in parts for each in part.members]
        assert sorted(members) == sorted(each.bucket for each in one.members)
        if len(one.members) > 1:
            assert all(len(part.members) < len(one.members) for part in parts)


def test_what_all_buckets_of_an_account_say_is_said_of_the_account() -> None:
    def said(days: str) -> Said:
        return {"retain": {"tmp": {"prefix": "tmp/", "delete_after": days}}}

    places = [("lab", f"lab-{n}", "30d") for n in range(3)]
    places += [("prod", f"prod-{n}", "90d") for n in range(2)]
    texts = {bucket: text_of(account, bucket, said(days)) for account, bucket, days in places}
    owns = [own_policy(account, bucket, said(days)) for account, bucket, days in places]
    (one,) = shared_policies(owns)
    text = shared_text(texts["lab-0"], one)
    assert "    per_account:\n      prod: {delete_after: 90d}\n" in text
    assert "per_bucket" not in text


def test_a_clock_that_one_bucket_does_not_speak_of_cannot_be_overridden_away() -> None:
    silent: Said = {"retain": {"t": {"prefix": "t/", "delete_after": "3d"}}}
    spoken: Said = {"retain": {"t": {**silent["retain"]["t"], "uploads": {"abort_after": "1d"}}}}
    buckets = [spoken, spoken, silent]
    shared = shared_policies(own(number, said) for number, said in enumerate(buckets))
    assert [len(one.members) for one in shared] == [2, 1]
