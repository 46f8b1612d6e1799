"""What a policy allows, as the IAM User Guide says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from firnline.testing.access.evaluate import Call, Verdict, evaluate
from firnline.testing.access.policy import BadPolicy, read_policy

ALLOWED, NOT_ALLOWED, DENIED = Verdict.ALLOWED, Verdict.NOT_ALLOWED, Verdict.DENIED
BUCKET = "arn:aws:s3:::acme-models"


def judged(
    statements: object,
    action: str,
    resource: str = BUCKET,
    context: Mapping[str, tuple[str, ...]] | None = None,
) -> Verdict:
    policy = {"Version": "2012-10-17", "Statement": statements}
    return evaluate(read_policy(policy), Call(action, resource, context or {}))


def allow(action: object, resource: object = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


@pytest.mark.parametrize(
    ("statement", "action", "resource", "verdict"),
    [
        (allow("s3:GetObject"), "s3:GetObject", BUCKET, ALLOWED),
        (allow("S3:getobject"), "s3:GetObject", BUCKET, ALLOWED),
        (allow("s3:Get*"), "s3:GetObject", BUCKET, ALLOWED),
        (allow("s3:Get?bject"), "s3:GetObject", BUCKET, ALLOWED),
        (allow("s3:Get"), "s3:GetObject", BUCKET, NOT_ALLOWED),
        (allow("*", BUCKET), "s3:GetObject", f"{BUCKET}/a", NOT_ALLOWED),
        (allow("*", f"{BUCKET}/*"), "s3:GetObject", f"{BUCKET}/a/b", ALLOWED),
        (allow("*", BUCKET.upper()), "s3:GetObject", BUCKET, NOT_ALLOWED),
        (allow("*", "arn:aws:s3:::acme.models"), "s3:GetObject", BUCKET, NOT_ALLOWED),
        (allow(["s3:A", "s3:B"], ["x", BUCKET]), "s3:B", BUCKET, ALLOWED),
        ({"Effect": "Allow", "NotAction": "s3:Put*", "Resource": "*"}, "s3:Get", "x", ALLOWED),
        ({"Effect": "Allow", "NotAction": "s3:Put*", "Resource": "*"}, "s3:PutA", "x", NOT_ALLOWED),
        ({"Effect": "Allow", "Action": "*", "NotResource": "x"}, "s3:Get", "x", NOT_ALLOWED),
    ],
    ids=str,
)
def test_actions_match_whatever_their_case_and_resources_as_they_are(
    statement: object, action: str, resource: str, verdict: Verdict
) -> None:
    assert judged(statement, action, resource) is verdict


def test_one_denial_overrides_every_permission() -> None:
    deny = {"Effect": "Deny", "Action": "s3:Put*", "Resource": BUCKET}
    assert judged([allow("*"), deny], "s3:PutObject") is DENIED
    assert judged([allow("*"), deny], "s3:GetObject") is ALLOWED
    assert judged([], "s3:GetObject") is NOT_ALLOWED


@pytest.mark.parametrize(
    ("condition", "context", "holds"),
    [
        ({"StringEquals": {"s3:Prefix": "a"}}, ("a",), True),
        ({"StringEquals": {"s3:prefix": ["b", "a"]}}, ("a",), True),
        ({"StringEquals": {"s3:prefix": "a*"}}, ("ab",), False),
        ({"StringEquals": {"s3:prefix": "a"}}, None, False),
        ({"StringEqualsIfExists": {"s3:prefix": "a"}}, None, True),
        ({"StringLike": {"s3:prefix": "a*"}}, ("ab",), True),
        ({"StringNotLike": {"s3:prefix": ["a*", "b*"]}}, ("bc",), False),
        ({"StringNotEquals": {"s3:prefix": "a"}}, None, True),
        ({"ArnNotEquals": {"s3:prefix": "arn:x"}}, ("arn:y",), True),
        ({"ArnLike": {"s3:prefix": "arn:*"}}, ("arn:y",), True),
        ({"Null": {"s3:prefix": "false"}}, ("a",), True),
        ({"Null": {"s3:prefix": False}}, None, False),
        ({"Null": {"s3:prefix": "true"}}, None, True),
        ({"Bool": {"s3:prefix": "true"}}, ("true",), True),
        ({"ForAnyValue:StringLike": {"s3:prefix": "f-*"}}, ("x", "f-1"), True),
        ({"ForAnyValue:StringLike": {"s3:prefix": "f-*"}}, ("x",), False),
        ({"ForAnyValue:StringLike": {"s3:prefix": "f-*"}}, None, False),
        ({"ForAllValues:StringLike": {"s3:prefix": "f-*"}}, ("x", "f-1"), False),
        ({"ForAllValues:StringLike": {"s3:prefix": "f-*"}}, None, True),
    ],
    ids=str,
)
def test_a_statement_applies_where_its_conditions_hold(
    condition: object, context: tuple[str, ...] | None, holds: bool
) -> None:
    given = {} if context is None else {"s3:prefix": context}
    statement = allow("s3:ListBucket", Condition=condition)
    found = judged(statement, "s3:ListBucket", context=given)
    assert found is (ALLOWED if holds else NOT_ALLOWED)


def test_a_trust_policy_is_about_whoever_it_names() -> None:
    trust = read_policy(
        {"Statement": {"Effect": "Allow", "Principal": {"AWS": "1"}, "Action": "sts:AssumeRole"}}
    )
    assert evaluate(trust, Call("sts:AssumeRole"), ("arn:x", "1")) is ALLOWED
    assert evaluate(trust, Call("sts:AssumeRole"), ("arn:x", "2")) is NOT_ALLOWED


@pytest.mark.parametrize(
    "document",
    [
        "{",
        "[]",
        {"Statement": {"Effect": "Perhaps", "Action": "*", "Resource": "*"}},
        {"Statement": {"Effect": "Allow", "Resource": "*"}},
        {"Statement": allow("*", Condition={"DateLessThan": {"aws:CurrentTime": "2026"}})},
        {"Statement": allow("*", "arn:aws:s3:::${aws:username}")},
    ],
    ids=str,
)
def test_what_is_not_evaluated_is_refused_and_never_taken_for_allowed(document: Any) -> None:
    with pytest.raises(BadPolicy):
        read_policy(document)
