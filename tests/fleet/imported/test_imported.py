"""A policy made of somebody's rules means what they mean, and says it as a person would."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.diagnostics.kinds import Severity
from firnline.fleet.imported.imported import imported
from firnline.fleet.imported.model import ImportedBucket, ImportedPolicy, Relation
from firnline.fleet.imported.text import policy_text
from firnline.fleet.lock_file import LOCK_NAME, LockEntry, lock_text
from firnline.fleet.ownership import foreign_rules
from firnline.language.digest import lock_digest
from firnline.language.read_files import folder_of, read_each
from firnline.pipeline import compile_files
from firnline.s3.compare.difference import facts
from firnline.s3.compare.same import differences
from firnline.s3.model import RuleSet
from firnline.s3.read_shape import read_rules
from firnline.s3.shape import rules_to_s3, to_s3
from firnline.s3.simulate.stored import ItemKind, StoredItem
from firnline.s3.terms import Versioning
from tests.fleet.imported.foreign import accepted, as_the_cli_prints
from tests.s3.compare.worlds import TODAY, configurations, told

VERSIONINGS = st.sampled_from((Versioning.ENABLED, Versioning.OFF, Versioning.SUSPENDED))


def written(policy: ImportedPolicy) -> str:
    return policy_text(policy, "imported", "ml-platform", [("lab", ["lab-runs"])])


def check(rules: RuleSet, versioning: Versioning | None, *, lock: bool = False) -> None:
    bucket = ImportedBucket("lab", "lab-runs", versioning=versioning, object_lock=lock)
    policy = imported(rules, bucket)
    known = facts(versioning, object_lock=lock)
    empty_count = policy.relation is Relation.SAME
    found = differences(rules, policy.compiled, known, with_empty=empty_count)
    assert next(found, None) is None
    for item in _items(empty=empty_count):
        each = versioning or Versioning.ENABLED
        assert told(policy.compiled, each, item, TODAY) == told(rules, each, item, TODAY)
    kept = {stays.rule for stays in policy.kept}
    assert kept <= set(rules.rules)
    assert {r.id for r in rules.rules if r not in kept} == set(policy.adopts)
    stories = [replace(each, prefixes=()) for each in policy.retentions]
    assert len(set(stories)) == len(stories)
    code = [line for line in written(policy).splitlines() if not line.lstrip().startswith("#")]
    assert len(code) < len(as_the_cli_prints(to_s3(rules)).splitlines())


def _items(*, empty: bool) -> list[StoredItem]:
    found = []
    keys = ("x", "logs/x", "logs/audit/x", "models/prod/x", "tmp/x")
    tags = ((), (("class", "tmp"),), (("class", "legal"), ("team", "search")))
    sizes = (*((0,) if empty else ()), 4_097, 131_072)
    for key, tagged, size in product(keys, tags, sizes):
        found.append(StoredItem(key, TODAY, size, "STANDARD", tagged))
        found += [
            StoredItem(
                key,
                TODAY,
                size,
                "STANDARD",
                tagged,
                current=False,
                noncurrent_since=TODAY,
                newer_noncurrent=newer,
            )
            for newer in (0, 3)
        ]
    for key in keys:
        found.append(StoredItem(key, TODAY, kind=ItemKind.MULTIPART_UPLOAD))
        found.append(StoredItem(key, TODAY, kind=ItemKind.DELETE_MARKER))
    return found


STAYS_BESIDE_AN_END = """[
  {"ID": "small", "Status": "Enabled", "Filter": {"ObjectSizeLessThan": 131072},
   "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"},
                   {"Days": 60, "StorageClass": "DEEP_ARCHIVE"}]},
  {"ID": "abc", "Status": "Enabled", "Filter": {"Prefix": "a/b/c"},
   "Transitions": [{"Days": 0, "StorageClass": "DEEP_ARCHIVE"}], "Expiration": {"Days": 3},
   "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 30}},
  {"ID": "x-y", "Status": "Enabled", "Filter": {"Prefix": "x y/"},
   "Expiration": {"ExpiredObjectDeleteMarker": false},
   "NoncurrentVersionExpiration": {"NoncurrentDays": 30}}]"""
STAYS_WITH_THE_HEADER = """[
  {"ID": "tagged", "Status": "Enabled",
   "Filter": {"And": {"Prefix": "a/", "Tags": [{"Key": "k", "Value": "v"}]}},
   "NoncurrentVersionTransitions": [{"NoncurrentDays": 1, "StorageClass": "GLACIER"}]},
  {"ID": "small", "Status": "Enabled",
   "Filter": {"And": {"Prefix": "", "ObjectSizeLessThan": 131072}}, "Expiration": {"Days": 3},
   "NoncurrentVersionTransitions": [{"NoncurrentDays": 1, "StorageClass": "DEEP_ARCHIVE"}]},
  {"ID": "a", "Status": "Enabled", "Filter": {"Prefix": "a/"},
   "NoncurrentVersionExpiration": {"NoncurrentDays": 30, "NewerNoncurrentVersions": 1},
   "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}]"""


def refused_beside_a_lock(text: str, rules: RuleSet, versioning: Versioning) -> set[str]:
    fleet = (
        'firnline: fleet/v1\nnamespace: acme\naccounts: {lab: {id: "111122223333",'
        " regions: us-east-1}}\n"
    )
    files = {"fleet.yaml": fleet.encode(), "lab-runs.yaml": text.encode()}
    folder, _ = folder_of(read_each(files))
    assert folder.fleet is not None
    entry = LockEntry(
        account_id="111122223333",
        name="lab-runs",
        region="us-east-1",
        versioning=versioning,
        object_lock=False,
        covered=True,
        minimum_size=rules.minimum_size,
        foreign=foreign_rules(rules_to_s3(rules), "acme"),
    )
    files[LOCK_NAME] = lock_text(lock_digest(folder.fleet, folder.policies), [entry]).encode()
    found = compile_files(files, with_remedies=False).diagnostics
    return {each.kind.code for each in found if each.severity is Severity.ERROR}


@pytest.mark.parametrize("versioning", Versioning)
@pytest.mark.parametrize(
    ("shapes", "header"),
    [(STAYS_BESIDE_AN_END, None), (STAYS_WITH_THE_HEADER, "varies_by_storage_class")],
    ids=["end", "header"],
)
def test_without_versioning_the_policy_compiles_whatever_the_lock_says(
    shapes: str, header: str | None, versioning: Versioning
) -> None:
    rules = read_rules(json.loads(shapes), header)
    policy = imported(rules, ImportedBucket("lab", "lab-runs"))
    assert not refused_beside_a_lock(written(policy), rules, versioning)


def test_without_versioning_a_retention_stands_though_somebody_has_to_say_when_versions_end() -> (
    None
):
    rules = read_rules(
        [{"ID": "t", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 7}}]
    )
    policy = imported(rules, ImportedBucket("lab", "lab-runs"))
    assert policy.adopts == ("t",)
    refused = {v: refused_beside_a_lock(written(policy), rules, v) for v in Versioning}
    assert refused.pop(Versioning.OFF) == set()
    assert set(map(frozenset, refused.values())) == {frozenset({"FL310"})}


@settings(max_examples=15)
@given(accepted(), VERSIONINGS)
def test_what_is_imported_means_what_went_in_and_is_shorter(
    rules: RuleSet, versioning: Versioning
) -> None:
    check(rules, versioning)


@pytest.mark.slow
@settings(max_examples=210)
@given(accepted(), VERSIONINGS, st.booleans())
def test_what_is_imported_means_what_went_in_for_many(
    rules: RuleSet, versioning: Versioning, lock: bool
) -> None:
    check(rules, versioning, lock=lock)


@pytest.mark.slow
@settings(max_examples=200)
@given(configurations(), st.sampled_from((None, *Versioning)), st.sampled_from((None, True, False)))
def test_even_rules_that_nobody_writes_are_imported_as_what_they_mean(
    rules: RuleSet, versioning: Versioning | None, lock: bool | None
) -> None:
    policy = imported(
        rules, ImportedBucket("lab", "lab-runs", versioning=versioning, object_lock=lock)
    )
    known = facts(versioning, object_lock=lock is not False)
    with_empty = policy.relation is Relation.SAME
    found = differences(rules, policy.compiled, known, with_empty=with_empty)
    assert next(found, None) is None
