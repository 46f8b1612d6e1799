"""What one stack may deploy."""

from __future__ import annotations

from typing import Any

from firnline.language.checks.lock_examples import FLEET, lock_file, policy_file
from firnline.language.fleet import Fleet
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.program import Bucket
from firnline.s3.model import Filter, Rule, RuleSet, Transition
from firnline.s3.terms import Days, StorageClass
from firnline.targets.pulumi_aws.stack import (
    accounts_of,
    applied_in,
    check_accounts,
    check_files,
    digest,
    too_big,
)
from tests.places import span_of
from tests.policies import compiled

FILES = {"fleet.yaml": FLEET, "fleet.lock.yaml": lock_file(), "policy.yaml": policy_file()}


def fleet(accounts: int = 1) -> Fleet:
    entries = "".join(
        f'  lab-{n}: {{id: "{n:012}", regions: us-east-1}}\n' for n in range(accounts)
    )
    text = f"firnline: fleet/v1\nnamespace: acme\naccounts:\n{entries}"
    found = compiled({"fleet.yaml": text}).folder.fleet
    assert found is not None
    return found


def buckets(count: int) -> list[BucketRules]:
    bucket = Bucket("lab-0", "000000000000", "b", "us-east-1", None)
    return [BucketRules(bucket, RuleSet(()), None, None)] * count


def test_a_deployment_needs_a_fleet_file_and_a_lock() -> None:
    def missing(name: str) -> list[str]:
        folder = compiled({each: text for each, text in FILES.items() if each != name}).folder
        return [found.message for found in check_files(folder)]

    assert missing("nothing") == []
    assert missing("fleet.yaml") == ["there is no fleet file, so no account is known"]
    assert missing("fleet.lock.yaml") == ["there is no lock yet"]


def test_a_label_that_the_fleet_lacks_is_refused_with_the_nearest_one() -> None:
    assert list(check_accounts(["lab-0"], fleet(), "dev")) == []
    (found,) = check_accounts(["lab-O"], fleet(), "dev")
    assert span_of(found).path == "Pulumi.dev.yaml"
    assert "lab-0" in found.help


def test_five_accounts_and_200_buckets_are_one_stack_and_no_more() -> None:
    labels = [f"lab-{n}" for n in range(6)]
    five, six = accounts_of(labels[:5], fleet(6)), accounts_of(labels, fleet(6))
    assert too_big(five, buckets(200)) is None
    assert "run `firnline rollout`" in (too_big(six, buckets(200)) or "")
    assert "run `firnline rollout`" in (too_big(five, buckets(201)) or "")
    assert too_big(five[:1], buckets(201)) is None, "nothing smaller than an account is a stack"


def test_the_digest_tells_rules_apart_and_nothing_else() -> None:
    one = RuleSet((Rule("a", Filter("x/"), expires=Days(7)),))
    same = RuleSet((Rule("a", Filter("x/"), expires=Days(7)),))
    other = RuleSet((Rule("a", Filter("x/"), expires=Days(8)),))
    moving = RuleSet((Rule("a", Filter(), transitions=(Transition(Days(1), GLACIER),)),))
    assert digest(one) == digest(same)
    assert len({digest(each) for each in (one, other, moving)}) == 3


GLACIER = StorageClass("GLACIER")


def test_what_each_retention_applied_is_read_from_the_state() -> None:
    stack, token = "urn:pulumi:prod::lab::", "firnline:s3:Retention"
    state: dict[str, Any] = {
        f"{stack}{token}::data": {"outputs": {"bucket": "lab-data", "applied": "sha256:1"}},
        f"{stack}acme:Lake${token}::logs": {"outputs": {"applied": "sha256:2"}},
        # From before it was recorded, and one that a preview left open.
        f"{stack}{token}::old": {"outputs": {"bucket": "lab-old"}},
        f"{stack}pulumi:pulumi:Stack::lab-prod": {"outputs": {"applied": {"data": "sha256:1"}}},
    }
    assert applied_in(state) == {"data": "sha256:1", "logs": "sha256:2"}
