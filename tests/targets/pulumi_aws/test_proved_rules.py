"""Rules carry their namespace and the kind of bucket that they are proved for."""

from __future__ import annotations

import pytest
import yaml

from firnline.diagnostics.kinds import Diagnostic, Example
from firnline.s3.model import RuleSet
from firnline.s3.terms import Versioning
from firnline.targets.pulumi_aws.proved_rules import (
    BUCKET_DIFFERS,
    OTHER_NAMESPACE,
    BucketState,
    ProvedRules,
    check_namespace,
    differs,
    may_change_yet,
)
from tests.targets.pulumi_aws.rules import expiring, rules

OFF, ENABLED, SUSPENDED = (
    BucketState(each) for each in (Versioning.OFF, Versioning.ENABLED, Versioning.SUSPENDED)
)
LOCKED = BucketState(Versioning.ENABLED, object_lock=True)
SEVEN = rules(expiring(7))
STATES = (OFF, ENABLED, SUSPENDED, LOCKED)


def proved(
    state: BucketState = OFF, *, rules: RuleSet = SEVEN, from_lock: bool = False
) -> ProvedRules:
    return ProvedRules(rules, "lab", state, from_lock)


def namespace_troubles(said: str | None, given: ProvedRules) -> list[Diagnostic]:
    return list(check_namespace(given, said, (), "lab-data"))


@pytest.mark.parametrize("said", [None, "lab"])
def test_rules_are_deployed_under_the_namespace_they_carry(said: str | None) -> None:
    assert namespace_troubles(said, proved()) == []


@pytest.mark.parametrize("given", [SEVEN, RuleSet(())], ids=["a rule", "no rules"])
def test_another_namespace_is_refused_and_both_are_named(given: RuleSet) -> None:
    (found,) = namespace_troubles("other", proved(rules=given))
    assert found.kind is OTHER_NAMESPACE
    assert "`lab`" in found.message
    assert "`other`" in found.message


def test_rules_that_do_not_carry_the_namespace_they_claim_are_refused() -> None:
    (found,) = namespace_troubles(None, proved(rules=rules(expiring(7, id="firnline/x/tmp"))))
    assert found.notes == ("for example rule `firnline/x/tmp`",)


def test_a_foreign_rule_that_is_carried_along_is_not_ours() -> None:
    carrying = rules(expiring(7), expiring(9, id="by-hand"))
    by_hand = carrying.rules[1]
    assert list(check_namespace(proved(rules=carrying), None, (by_hand,), "lab-data")) == []
    assert len(namespace_troubles(None, proved(rules=carrying))) == 1


@pytest.mark.parametrize("said", STATES, ids=str)
@pytest.mark.parametrize("live", STATES, ids=str)
def test_a_bucket_must_be_what_its_rules_are_proved_for(
    live: BucketState, said: BucketState
) -> None:
    found = differs(live, proved(said), "lab-data", "111122223333")
    if live == said:
        assert found is None
    else:
        assert found is not None
        assert found.kind is BUCKET_DIFFERS
        assert f"has {live}" in found.message
        assert f"proved for {said}" in found.message
        assert f'versioning="{live.versioning.value}"' in found.help


def test_bytes_that_would_stay_and_bytes_that_would_go_at_once_are_said() -> None:
    stay = differs(ENABLED, proved(OFF), "lab-data", "111122223333")
    assert stay is not None
    assert stay.notes == ("what expires would only get a delete marker, and its bytes would stay",)
    gone = differs(OFF, proved(ENABLED), "lab-data", "111122223333")
    assert gone is not None
    assert gone.notes == (
        "what expires would be gone at once, with no noncurrent version to go back to",
    )


def test_what_the_lock_says_is_mended_by_resolve() -> None:
    found = differs(ENABLED, proved(OFF, from_lock=True), "lab-data", "111122223333")
    assert found is not None
    assert "`firnline resolve`" in found.help


def test_versioning_and_object_lock_may_be_switched_on_by_the_same_program_but_never_off() -> None:
    assert may_change_yet(OFF, proved(ENABLED))
    assert may_change_yet(OFF, proved(LOCKED))
    assert may_change_yet(ENABLED, proved(LOCKED))
    assert not may_change_yet(ENABLED, proved(OFF))
    assert not may_change_yet(LOCKED, proved(ENABLED))
    assert not may_change_yet(OFF, proved(ENABLED, from_lock=True))


def test_the_examples_do_what_they_claim() -> None:
    def namespaces(example: Example) -> list[Diagnostic]:
        ((said, ids),) = yaml.safe_load(str(example)).items()
        given = ProvedRules(rules(*(expiring(7, id=id) for id in ids)), ids[0].split("/")[1], OFF)
        return namespace_troubles(said, given)

    def states(example: Example) -> Diagnostic | None:
        said = {
            name: BucketState(Versioning(value))
            for name, value in yaml.load(str(example), yaml.BaseLoader).items()
        }
        return differs(said["live"], proved(said["proved_for"]), "lab-data", "111122223333")

    assert [each.kind for each in namespaces(OTHER_NAMESPACE.wrong)] == [OTHER_NAMESPACE]
    assert namespaces(OTHER_NAMESPACE.right) == []
    assert states(BUCKET_DIFFERS.wrong) is not None
    assert states(BUCKET_DIFFERS.right) is None
