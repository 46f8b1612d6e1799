"""A policy made of somebody's rules means what they mean, and says it as a person would."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.fleet.imported.imported import imported
from firnline.fleet.imported.model import ImportedBucket, ImportedPolicy, Relation
from firnline.fleet.imported.text import policy_text
from firnline.s3.compare.difference import facts
from firnline.s3.compare.same import differences
from firnline.s3.model import RuleSet
from firnline.s3.shape import to_s3
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
