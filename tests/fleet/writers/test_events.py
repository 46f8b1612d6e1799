"""Which writes of lifecycles does a record of CloudTrail tell, and by whom?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.fleet.writers.events import read_event
from firnline.fleet.writers.words import in_words
from firnline.fleet.writers.writer import Tool
from firnline.s3.model import Filter, MinimumSize, RuleSet
from firnline.s3.read_shape import read_rules
from tests.fleet.writers.records import ACCOUNT, CLI, CUSTODIAN, TERRAFORM, record, rule


def rules_of(**others: Any) -> RuleSet | None:
    found = read_event(record(**others))
    assert found is not None
    return found.rules


def test_one_rule_is_no_list_and_several_are_one() -> None:
    assert rules_of(rules=rule(7)) == read_rules([rule(7)])
    assert rules_of(rules=[rule(7), rule(9, "b", "b/")]) == read_rules(
        [rule(7), rule(9, "b", "b/")]
    )


def test_every_part_of_a_rule_is_read_as_its_xml_says() -> None:
    told = {
        "ID": 17,
        "Status": "Enabled",
        "Filter": {
            "And": {
                "Prefix": "a/",
                "Tag": [{"Key": "keep", "Value": False}, {"Key": "year", "Value": 2026}],
                "ObjectSizeGreaterThan": 131071,
            }
        },
        "Transition": [
            {"Days": 30, "StorageClass": "STANDARD_IA"},
            {"Days": "90", "StorageClass": "GLACIER"},
        ],
        "NoncurrentVersionExpiration": {"NoncurrentDays": 7, "NewerNoncurrentVersions": 3},
        "NoncurrentVersionTransition": {"NoncurrentDays": 3, "StorageClass": "GLACIER"},
        "Expiration": {"Date": "2030-01-31T00:00:00Z"},
    }
    tags = [{"Key": "keep", "Value": "false"}, {"Key": "year", "Value": "2026"}]
    shape = {
        "ID": "17",
        "Status": "Enabled",
        "Filter": {"And": {"Prefix": "a/", "Tags": tags, "ObjectSizeGreaterThan": 131071}},
        "Transitions": [
            {"Days": 30, "StorageClass": "STANDARD_IA"},
            {"Days": 90, "StorageClass": "GLACIER"},
        ],
        "NoncurrentVersionExpiration": {"NoncurrentDays": 7, "NewerNoncurrentVersions": 3},
        "NoncurrentVersionTransitions": [{"NoncurrentDays": 3, "StorageClass": "GLACIER"}],
        "Expiration": {"Date": "2030-01-31T00:00:00Z"},
    }
    assert rules_of(rules=told) == read_rules([shape])


@pytest.mark.parametrize("empty", ["", None, {}])
def test_an_empty_filter_is_of_the_whole_bucket(empty: object) -> None:
    found = rules_of(rules={**rule(7), "Filter": empty})
    assert found is not None
    assert found.rules[0].filter == Filter()


def test_the_header_counts_where_it_is_told() -> None:
    told = record(rule(7))
    told["requestParameters"]["x-amz-transition-default-minimum-object-size"] = (
        "varies_by_storage_class"
    )
    found = read_event(told)
    assert found is not None
    assert found.rules is not None
    assert found.rules.minimum_size is MinimumSize.VARIES


def test_a_removal_leaves_no_rules() -> None:
    found = read_event({**record(None), "eventName": "DeleteBucketLifecycle"})
    assert found is not None
    assert (found.rules, found.removes) == (RuleSet(()), True)


@pytest.mark.parametrize(
    "told",
    [
        None,
        {**rule(7), "Status": "On"},
        {"ID": "a", "Status": "Enabled", "Expiration": {"Days": "soon"}},
    ],
)
def test_rules_that_are_not_told_are_unknown_and_not_none(told: object) -> None:
    assert rules_of(rules=told) is None


def test_rules_that_cloudtrail_cut_are_unknown() -> None:
    cut, inside = record(rule(7), omitted=True), record(rule(7))
    inside["requestParameters"]["omitted"] = True
    assert [each and each.rules for each in map(read_event, (cut, inside))] == [None, None]


@pytest.mark.parametrize(
    "others",
    [
        {"errorCode": "AccessDenied"},
        {"errorMessage": "Access Denied"},
        {"eventName": "GetBucketLifecycle"},
        {"eventName": "PutBucketPolicy"},
        {"eventSource": "s3express.amazonaws.com"},
        {"eventTime": "yesterday"},
        {"requestParameters": None},
    ],
)
def test_what_was_refused_or_is_about_something_else_is_no_write(others: dict[str, Any]) -> None:
    assert read_event(record(rule(7), **others)) is None


@pytest.mark.parametrize("nothing", [None, [], "x", {}, {"eventSource": "s3.amazonaws.com"}])
def test_what_is_no_record_is_no_write(nothing: object) -> None:
    assert read_event(nothing) is None


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
WORDS = st.sampled_from(
    [
        *("ID", "Status", "Filter", "And", "Prefix", "Tag", "Key", "Value", "Expiration", "Days"),
        *("Date", "Transition", "StorageClass", "NoncurrentVersionExpiration", "NoncurrentDays"),
    ]
)
RULE = st.dictionaries(
    WORDS,
    st.sampled_from(["Enabled", "a/", "", 7, -1, 10**40, True, "2030-01-31", "GLACIER"])
    | st.dictionaries(WORDS, ANYTHING, max_size=3)
    | ANYTHING,
    max_size=5,
)


@given(
    st.dictionaries(
        st.sampled_from(
            ["userIdentity", "userAgent", "eventTime", "requestParameters", "resources"]
        ),
        ANYTHING,
    ),
    ANYTHING | RULE | st.lists(RULE, max_size=3),
)
def test_no_record_is_a_crash(others: dict[str, Any], rules: object) -> None:
    found = read_event(record(rules, **others))
    assert found is None or in_words(found.writer, found.account_id)


BY_SERVICE = {
    "userAgent": "cloudformation.amazonaws.com",
    "sourceIPAddress": "cloudformation.amazonaws.com",
}
USER = {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/people/ada", "userName": "ada"}
OURS = rule(7, "firnline/acme/tmp", "tmp/")
IN_OUR_SESSION = {"session": "firnline", "role": "retention"}


@pytest.mark.parametrize(
    ("tool", "words", "others"),
    [
        (
            Tool.TERRAFORM,
            "Terraform 1.9.5 as role ci-deploy (session gha-17)",
            {"agent": TERRAFORM},
        ),
        (
            Tool.CUSTODIAN,
            "Cloud Custodian 0.9.53 (policy `s3-log-expiry`) as role c7n (session CloudCustodian)",
            {"agent": CUSTODIAN, "role": "c7n", "session": "CloudCustodian"},
        ),
        (
            Tool.CLOUDFORMATION,
            "CloudFormation as role ci-deploy (session gha-17)",
            BY_SERVICE,
        ),
        (
            Tool.CDK,
            "CDK (CloudFormation) as role cdk-hnb659fds-cfn-exec-role-1-us-east-1"
            " (session AWSCloudFormation)",
            {
                **BY_SERVICE,
                "role": "cdk-hnb659fds-cfn-exec-role-1-us-east-1",
                "session": "AWSCloudFormation",
            },
        ),
        (
            Tool.PULUMI,
            "Pulumi as role ci-deploy (session gha-17)",
            {"agent": "[APN/1.0 Pulumi/1.0 PulumiAwsNative/1.12 aws-sdk-go-v2/1.30]"},
        ),
        (
            Tool.FIRNLINE,
            "Firnline's stack of namespace `acme` as role ci-deploy (session gha-17)",
            {"agent": "[APN/1.0 Pulumi/1.0 aws-sdk-go-v2/1.30]", "rules": OURS},
        ),
        (
            Tool.FIRNLINE,
            "Firnline's stack of namespace `acme` as role retention (session firnline)",
            {"agent": "[Boto3/1.35.1 md/Botocore#1.35]", "rules": OURS, **IN_OUR_SESSION},
        ),
        # Somebody else who carries our rules over.
        (
            Tool.CUSTODIAN,
            "Cloud Custodian 0.9.53 (policy `s3-log-expiry`) as role ci-deploy (session gha-17)",
            {"agent": CUSTODIAN, "rules": [OURS, rule(7)]},
        ),
        (
            Tool.SERVICE,
            "the AWS service ssm.amazonaws.com as role ci-deploy (session gha-17)",
            {"agent": "ssm.amazonaws.com", "sourceIPAddress": "ssm.amazonaws.com"},
        ),
        (Tool.AWS_CLI, "the AWS CLI 2.17.20 as user ada", {"agent": CLI, "userIdentity": USER}),
        (
            Tool.CONSOLE,
            "the S3 console as user ada",
            {"agent": "[S3Console/0.4, aws-internal/3 aws-sdk-java/1.11]", "userIdentity": USER},
        ),
        (
            Tool.CONSOLE,
            "the S3 console as user ada",
            {"agent": "x", "sessionCredentialFromConsole": "true", "userIdentity": USER},
        ),
        (
            Tool.SDK,
            "a program (aws-sdk-go-v2/1.30.3) as role ci-deploy (session gha-17)",
            {"agent": "[aws-sdk-go-v2/1.30.3 os/linux]"},
        ),
        (
            Tool.TERRAFORM,
            "Terraform (by the IDs of its rules) as role ci-deploy (session gha-17)",
            {"agent": "", "rules": rule(7, "tf-s3-lifecycle-20240101000000000000000001")},
        ),
        (Tool.UNKNOWN, "an unknown program as role ci-deploy (session gha-17)", {"agent": ""}),
        (Tool.UNKNOWN, "an unknown program", {"agent": "", "userIdentity": None}),
    ],
)
def test_a_writer_is_told_as_far_as_the_record_tells(
    tool: Tool, words: str, others: dict[str, Any]
) -> None:
    found = read_event(record(**{"rules": rule(7), **others}))
    assert found is not None
    assert found.writer.tool is tool
    assert in_words(found.writer, ACCOUNT) == words


def test_a_principal_of_another_account_is_named_with_it() -> None:
    found = read_event(record(rule(7), agent=TERRAFORM))
    assert found is not None
    assert "role ci-deploy of account 012345670123" in in_words(found.writer, "999999999999")
