"""Rules that a policy compiles to are proved; a change that any object would notice is caught."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from firnline.pipeline import compile_files
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.lower import lower
from firnline.rules.program import Program
from firnline.rules.prove.meets import Unproved, prove, proved
from firnline.s3.compare.witness import steps_of, witness_of
from firnline.s3.model import NoncurrentExpiration, Rule, RuleSet
from firnline.s3.shape import to_s3
from firnline.s3.terms import Days, StorageClass
from tests.rules.oracle import story
from tests.rules.strategies import policies
from tests.rules.test_rules_do_what_is_required import OBJECTS


def mutants(rule: Rule) -> Iterator[Rule | None]:
    """Everything that a slip could make of one rule; none for the rule left out."""
    yield None
    yield replace(rule, enabled=False)
    yield replace(rule, filter=replace(rule.filter, prefix=rule.filter.prefix[:-1]))
    yield replace(rule, filter=replace(rule.filter, prefix=rule.filter.prefix + "b"))
    yield replace(rule, filter=replace(rule.filter, tags=()))
    yield replace(rule, filter=replace(rule.filter, larger_than=(rule.filter.larger_than or 0) + 1))
    yield replace(rule, filter=replace(rule.filter, larger_than=None))
    yield replace(rule, filter=replace(rule.filter, smaller_than=None))
    yield replace(rule, id=rule.id + "-renamed")
    yield replace(rule, transitions=rule.transitions[1:])
    for place, move in enumerate(rule.transitions):
        later = replace(move, when=Days(int(move.when) + 1))  # type: ignore[arg-type]
        other = replace(move, storage_class=StorageClass("DEEP_ARCHIVE"))
        for changed in (later, other):
            steps = [*rule.transitions[:place], changed, *rule.transitions[place + 1 :]]
            yield replace(rule, transitions=tuple(steps))
    if isinstance(rule.expires, Days):
        yield replace(rule, expires=Days(rule.expires + 1))
        yield replace(rule, expires=Days(max(rule.expires - 1, 1)))
    yield replace(rule, expires=Days(59))
    if rule.expires is None:  # S3 has no shape for both in one rule
        yield replace(rule, removes_sole_markers=not rule.removes_sole_markers)
    yield replace(rule, aborts_uploads_after=Days(8))
    yield replace(rule, noncurrent_expires=NoncurrentExpiration(Days(5), 1))
    if rule.noncurrent_expires is not None:
        ends = rule.noncurrent_expires
        yield replace(rule, noncurrent_expires=replace(ends, after=Days(ends.after + 1)))
        yield replace(rule, noncurrent_expires=replace(ends, newer_versions=None))
        yield replace(rule, noncurrent_expires=None)


def compiled(policy: dict[str, Any]) -> BucketRules:
    """The bucket of a policy, of which so much is left out that it compiles."""
    policy.setdefault("old_versions", {"delete_after": "9d"})
    while True:
        compilation = compile_files({"p.yaml": json.dumps(policy).encode()}, with_remedies=False)
        if not compilation.failed:
            (bucket,) = compilation.buckets
            return bucket
        assume(policy["retain"])
        if len(policy["retain"]) == 1:
            policy["old_versions"] = {"delete_after": "9d"}
        policy["retain"].popitem()


@settings(max_examples=40, deadline=None)
@given(policies(), st.data())
def test_a_mutant_is_caught_exactly_where_some_object_notices(
    policy: dict[str, Any], data: st.DataObject
) -> None:
    bucket = compiled(policy)
    assert bucket.program is not None
    rules = bucket.rules
    place = data.draw(st.integers(0, len(rules.rules) - 1))
    mutated = data.draw(st.sampled_from(list(mutants(rules.rules[place]))))
    changed = list(rules.rules)
    changed[place : place + 1] = [] if mutated is None else [mutated]
    mutant = replace(rules, rules=tuple(changed))
    differences = prove(bucket.program, mutant).differences
    event("caught" if differences else "the same")
    prefixes = {rule.filter.prefix for rule in (*rules.rules, *mutant.rules)}
    for difference in differences:
        witness = witness_of(difference, prefixes)
        ours, theirs = (
            steps_of(each, witness.versioning, witness.item, witness.today)
            for each in (rules, mutant)
        )
        assert ours != theirs, witness
    if not differences:
        _nobody_notices(rules, mutant, keeps=policy["versioning"] != "off")


def _nobody_notices(rules: RuleSet, mutant: RuleSet, *, keeps: bool) -> None:
    one, other = (to_s3(each)["Rules"] for each in (rules, mutant))
    for stored in OBJECTS:
        for old in (False, True) if keeps else (False,):
            for newer in (0, 1, 2, 3) if old else (0,):
                item = replace(stored, newer=newer)
                ours, theirs = (
                    story(each, item, old=old, keeps_versions=keeps) for each in (one, other)
                )
                assert ours == theirs, item


@settings(max_examples=40, deadline=None)
@given(policies())
def test_what_compiles_is_proved(policy: dict[str, Any]) -> None:
    bucket = compiled(policy)
    assert bucket.proof is not None
    assert bucket.proof.cells > 0
    assert not bucket.proof.differences


POLICY = """\
firnline: policy/v1
policy: logs
owner: platform
why: a fault is planted
applies_to: [{account: lab, buckets: lab-data}]
versioning: enabled
retain:
  logs: {prefix: logs/, warm_after: 30d, delete_after: 90d, old_versions: {delete_after: 7d}}
"""


def _off_by_one(program: Program) -> RuleSet:
    """The rules, each deletion a day early: the fault that is planted."""
    rules = lower(program)
    early = [
        replace(rule, expires=Days(rule.expires - 1)) if isinstance(rule.expires, Days) else rule
        for rule in rules.rules
    ]
    return replace(rules, rules=tuple(early))


def test_rules_that_are_a_day_early_are_refused_with_a_witness() -> None:
    (bucket,) = compile_files({"p.yaml": POLICY.encode()}).buckets
    assert bucket.program is not None
    with pytest.raises(Unproved) as stopped:
        proved(bucket.program, _off_by_one(bucket.program))
    assert "/logs/x" in str(stopped.value)
    assert "required: hidden by a delete marker at 90d" in str(stopped.value)
    assert "the rules: hidden by a delete marker at 89d" in str(stopped.value)
