"""The guard's eyes on an emulator that answers late, wrongly, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from firnline import testing
from firnline.diagnostics.kinds import Diagnostic
from firnline.fleet.accounts import Access, Clients, NoAccess
from firnline.fleet.live import Live
from firnline.s3.model import RuleSet
from firnline.s3.shape import to_s3
from firnline.targets.pulumi_aws.agreement import Patience
from firnline.targets.pulumi_aws.look import Look
from firnline.targets.pulumi_aws.read_back import unsettled
from tests.targets.pulumi_aws.rules import expiring, rules, write

ACCOUNT = "111122223333"
QUICK = Patience(between_read_backs=0.01, settled_within=20)
SEVEN, EIGHT = rules(expiring(7)), rules(expiring(8))
FOREIGN = rules("{ID: x, Status: Enabled, Filter: {Prefix: x/}, Expiration: {Days: 3}}")
ACCEPTED = Live(to_s3(SEVEN))
READ = "GetBucketLifecycleConfiguration"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[testing.Emulator]:
    with testing.serve() as emulator:
        for name, value in emulator.environment.items():
            monkeypatch.setenv(name, value)
        emulator.client("s3", account=ACCOUNT).create_bucket(Bucket="lab-data")
        yield emulator


@pytest.fixture
def look() -> Look:
    role = f"arn:aws:iam::{ACCOUNT}:role/retention"
    return Look(Access(ACCOUNT, role, "us-east-1"), Clients(), QUICK)


def put(aws: testing.Emulator, live: RuleSet) -> None:
    shape = to_s3(live)
    aws.client("s3", account=ACCOUNT).put_bucket_lifecycle_configuration(
        Bucket="lab-data",
        LifecycleConfiguration={"Rules": shape["Rules"]},
        TransitionDefaultMinimumObjectSize=shape["TransitionDefaultMinimumObjectSize"],
    )


def reads(aws: testing.Emulator) -> int:
    return sum(request.operation == READ for request in aws.requests)


def read_back(look: Look, said: list[str] | None = None) -> Diagnostic | None:
    """`said` takes what is said before the answers have settled."""
    at_once: list[str] = [] if said is None else said
    return asyncio.run(unsettled(look, write(EIGHT, SEVEN), ACCEPTED, at_once.append))


def test_a_bucket_that_is_not_there_is_an_answer_too(aws: testing.Emulator, look: Look) -> None:
    assert look.read("lab-data") == Live(None)
    aws.client("s3", account=ACCOUNT).delete_bucket(Bucket="lab-data")
    assert look.read("lab-data") == Live(None, bucket_exists=False)


def test_no_permission_to_read_is_no_permission_to_write(aws: testing.Emulator, look: Look) -> None:
    denied = testing.Fault(operation=READ, status=403, code="AccessDenied", message="no", times=9)
    aws.middleware.faults.add(denied)
    with pytest.raises(NoAccess) as caught:
        look.read("lab-data")
    assert caught.value.account == ACCOUNT
    assert caught.value.permission == "s3:GetLifecycleConfiguration"


def test_a_write_settles_after_several_equal_reads(aws: testing.Emulator, look: Look) -> None:
    put(aws, SEVEN)
    put(aws, EIGHT)
    aws.middleware.faults.add(testing.Fault(stale=2, times=2))
    assert read_back(look) is None
    assert reads(aws) == 5


def test_a_write_settles_however_s3_orders_and_spells_its_rules(
    aws: testing.Emulator, look: Look
) -> None:
    put(aws, EIGHT)
    aws.middleware.faults.add(testing.Fault(operation=READ, rewritten=True, times=3))
    assert read_back(look) is None
    assert reads(aws) == 3


def test_a_write_that_never_settles_is_said(aws: testing.Emulator, look: Look) -> None:
    put(aws, SEVEN)
    hasty = replace(look, patience=replace(QUICK, settled_within=0.1))
    found = read_back(hasty)
    assert found is not None
    assert found.kind.code == "FL706"


def test_an_older_answer_with_a_rule_that_nobody_knew_fails_what_has_settled(
    aws: testing.Emulator, look: Look
) -> None:
    put(aws, FOREIGN)
    put(aws, EIGHT)
    aws.middleware.faults.add(testing.Fault(stale=1))
    said: list[str] = []
    found = read_back(look, said)
    assert found is not None
    assert found.kind.code == "FL722"
    assert reads(aws) == 4
    assert len(said) == 1
    assert '"ID": "x"' in said[0]


def test_a_rule_that_nobody_knew_is_printed_also_where_the_answers_never_settle(
    aws: testing.Emulator, look: Look
) -> None:
    put(aws, FOREIGN)
    said: list[str] = []
    hasty = replace(look, patience=replace(QUICK, settled_within=0.1))
    found = read_back(hasty, said)
    assert found is not None
    assert found.kind.code == "FL706"
    assert len(said) == 1
    assert '"ID": "x"' in said[0]


def test_a_rule_that_nobody_knew_is_printed_also_where_reading_is_refused_afterwards(
    aws: testing.Emulator, look: Look
) -> None:
    put(aws, FOREIGN)
    said: list[str] = []

    def take_away(words: str) -> None:
        said.append(words)
        denied = testing.Fault(operation=READ, status=403, code="AccessDenied", times=9)
        aws.middleware.faults.add(denied)

    with pytest.raises(NoAccess):
        asyncio.run(unsettled(look, write(EIGHT, SEVEN), ACCEPTED, take_away))
    assert len(said) == 1
    assert '"ID": "x"' in said[0]
