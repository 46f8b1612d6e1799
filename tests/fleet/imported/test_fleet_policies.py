"""Policies of a fleet: each bucket is in one, and goes on as before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.fleet.imported.fleet_policies import FleetPolicy, Names, fleet_policies
from firnline.fleet.imported.imported import imported
from firnline.fleet.imported.model import ImportedBucket, Relation
from firnline.fleet.imported.proved_shared import Imported
from firnline.fleet.lock_file import LockEntry, lock_text
from firnline.language.digest import lock_digest
from firnline.language.read_files import read_files
from firnline.pipeline import compile_files
from firnline.s3.compare.difference import facts
from firnline.s3.compare.same import differences
from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.shape import rule_to_s3
from firnline.s3.terms import Days, Versioning
from tests.fleet.imported.foreign import accepted

ID = "111122223333"
FLEET = (
    f'firnline: fleet/v1\nnamespace: acme\naccounts: {{lab: {{id: "{ID}", regions: us-east-1}}}}\n'
)
Bucket = tuple[RuleSet, Versioning]


@st.composite
def fleets(draw: st.DrawFn) -> list[Bucket]:
    """Two sets of rules on some buckets each: in another order, under other IDs, with another
    duration.
    """
    found = []
    for base in draw(st.lists(accepted(), min_size=1, max_size=2)):
        for number in range(draw(st.integers(1, 3))):
            rules = list(base.rules)
            if draw(st.booleans()):
                rules[0] = later(rules[0])
            if draw(st.booleans()):
                rules = [replace(rule, id=f"{rule.id}-of-{number}") for rule in reversed(rules)]
            versioning = draw(st.sampled_from((Versioning.ENABLED, Versioning.OFF)))
            found.append((replace(base, rules=tuple(rules)), versioning))
    return found


def later(rule: Rule) -> Rule:
    return replace(rule, expires=Days(3_000)) if isinstance(rule.expires, Days) else rule


def made(fleet: Sequence[Bucket]) -> list[Imported]:
    found = []
    for number, (rules, versioning) in enumerate(fleet):
        bucket = ImportedBucket("lab", f"lab-{number}", "us-east-1", versioning, object_lock=False)
        found.append(Imported(rules, imported(rules, bucket)))
    return found


def written(policies: Sequence[FleetPolicy], fleet: Sequence[Bucket]) -> dict[str, RuleSet]:
    """What all policies of the fleet compile to beside each other, by bucket."""
    files = {f"{each.name}.yaml": each.text.encode() for each in policies}
    files["fleet.yaml"] = FLEET.encode()
    folder, _ = read_files(files)
    assert folder.fleet is not None
    entries = [
        LockEntry(
            ID,
            f"lab-{number}",
            "us-east-1",
            versioning,
            object_lock=False,
            covered=True,
            minimum_size=rules.minimum_size,
            foreign=tuple(json.dumps(rule_to_s3(rule), sort_keys=True) for rule in rules.rules),
        )
        for number, (rules, versioning) in enumerate(fleet)
    ]
    files["fleet.lock.yaml"] = lock_text(
        lock_digest(folder.fleet, folder.policies), entries
    ).encode()
    compilation = compile_files(files, with_remedies=False)
    assert not compilation.failed, compilation.diagnostics
    return {each.bucket.name: each.rules for each in compilation.buckets}


def check(fleet: Sequence[Bucket]) -> None:
    policies, refused = fleet_policies(made(fleet), Names())
    assert not refused
    names = [each.policy.bucket.name for policy in policies for each in policy.members]
    assert sorted(names) == sorted(f"lab-{number}" for number in range(len(fleet)))
    assert len({each.name for each in policies}) == len(policies)
    after = written(policies, fleet)
    relations = {place[1]: each for policy in policies for place, each in policy.relations.items()}
    for number, (rules, versioning) in enumerate(fleet):
        name = f"lab-{number}"
        empty = relations[name] is Relation.SAME
        found = differences(rules, after[name], facts(versioning), with_empty=empty)
        assert next(found, None) is None


@settings(max_examples=4)
@given(fleets())
def test_every_bucket_of_a_fleet_goes_on_as_before(fleet: list[Bucket]) -> None:
    check(fleet)


@pytest.mark.slow
@settings(max_examples=60)
@given(fleets())
def test_every_bucket_of_many_fleets_goes_on_as_before(fleet: list[Bucket]) -> None:
    check(fleet)


@pytest.mark.parametrize(
    ("buckets", "name"),
    [
        (["acme-logs"], "acme-logs"),
        (["acme-logs", "acme-logs-2"], "acme-logs"),
        (["acme-ads-data", "acme-maps-data"], "acme-data"),
        (["acme.a.b", "acme.c.d"], "acme.a.b-and-others"),
        (["logs", "traces"], "logs-and-others"),
    ],
)
def test_a_shared_policy_has_the_words_that_its_buckets_share(
    buckets: list[str], name: str
) -> None:
    rule = Rule("tmp", Filter("tmp/"), expires=Days(9))
    places = [ImportedBucket("lab", bucket, versioning=Versioning.OFF) for bucket in buckets]
    rules = RuleSet((rule,))
    policies, _ = fleet_policies(
        [Imported(rules, imported(rules, each)) for each in places], Names()
    )
    assert [each.name for each in policies] == [name]


def test_a_bucket_that_tells_two_prefixes_apart_shares_the_policy_of_those_that_do_not() -> None:
    def rules(scratch: int) -> RuleSet:
        ages = {"cache/": 9, "scratch/": scratch, "tmp/": 9}
        return RuleSet(
            tuple(Rule(prefix, Filter(prefix), expires=Days(age)) for prefix, age in ages.items())
        )

    fleet = [(rules(9), Versioning.OFF), (rules(9), Versioning.OFF), (rules(30), Versioning.OFF)]
    check(fleet)
    (policy,), _ = fleet_policies(made(fleet), Names())
    assert "prefix: [cache/, tmp/]" in policy.text
    assert "prefix: scratch/\n    delete_after: 9d\n    per_bucket:" in policy.text
    assert "      lab-2: {delete_after: 30d}\n" in policy.text
