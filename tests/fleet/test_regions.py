"""Partitions, and regions that an account must enable first."""

import pytest

from firnline import testing
from firnline.fleet.regions import how_to_enable, surest, token_region
from firnline.fleet.scan import Wanted, scan
from firnline.language.read_files import read_files
from firnline.pipeline import compile_files
from tests.fleet.small_world import PROD, account


def test_an_account_is_reached_through_a_region_that_every_account_has() -> None:
    assert surest(["ap-east-1", "eu-west-1", "us-east-1"]) == "eu-west-1"
    assert surest(["ap-east-1", "me-south-1"]) == "ap-east-1"
    assert surest(["cn-northwest-1", "cn-north-1"]) == "cn-northwest-1"


@pytest.mark.parametrize(
    ("region", "token"),
    [
        ("eu-west-1", "eu-west-1"),
        ("ap-east-1", "us-east-1"),
        ("cn-northwest-1", "cn-northwest-1"),
        ("us-gov-east-1", "us-gov-east-1"),
    ],
)
def test_credentials_come_from_a_region_of_the_same_partition(region: str, token: str) -> None:
    assert token_region(region) == token


def test_what_aws_says_of_a_region_that_is_not_enabled_is_explained_there_alone() -> None:
    assert "enable-region --region-name me-south-1" in how_to_enable(
        "AuthFailure", PROD, "me-south-1"
    )
    assert how_to_enable("AuthFailure", PROD, "us-east-1") == ""
    assert how_to_enable("AccessDenied", PROD, "me-south-1") == ""


def test_an_account_that_has_not_enabled_its_region_is_told_so(aws: testing.Emulator) -> None:
    aws.middleware.faults.add(
        testing.Fault("ListBuckets", status=400, code="InvalidToken", times=9)
    )
    prod = account("prod", PROD, "ap-east-1")
    found = scan((prod,), Wanted("acme", lambda *_: True), lambda *_: None)
    assert "ap-east-1 works only in accounts that enabled it" in found.failures[0].why.reason


def test_the_role_of_an_account_is_in_the_partition_of_its_regions() -> None:
    role = f"arn:aws:iam::{PROD}:role/retention"
    fleet = (
        "firnline: fleet/v1\nnamespace: acme\naccounts:\n"
        f'  lab: {{id: "{PROD}", regions: cn-north-1, role: "{role}"}}\n'
    )
    found = compile_files({"fleet.yaml": fleet.encode()}).diagnostics
    assert [(each.kind.code, each.message) for each in found] == [
        ("FL747", "the role is in partition `aws`, and cn-north-1 in `aws-cn`")
    ]


def test_regions_of_an_organization_are_of_one_partition() -> None:
    source = "{organization: {role_name: retention, regions: [us-gov-west-1, us-west-1]}}"
    fleet = f"firnline: fleet/v1\nnamespace: acme\naccounts_from: {source}\n"
    found = compile_files({"fleet.yaml": fleet.encode()}).diagnostics
    assert [each.kind.code for each in found] == ["FL747"]


def test_an_account_has_the_partition_of_its_regions() -> None:
    accounts = f'{{a: {{id: "{PROD}", regions: cn-north-1}}}}'
    fleet = f"firnline: fleet/v1\nnamespace: a\naccounts: {accounts}\n"
    folder, _ = read_files({"fleet.yaml": fleet.encode()})
    assert [each.partition for each in folder.fleets[0].accounts] == ["aws-cn"]
