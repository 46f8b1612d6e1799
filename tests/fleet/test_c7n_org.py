"""What c7n-org's accounts file says of an account."""

import pytest

from firnline.diagnostics.position import whole_file
from firnline.fleet.c7n_org import NotAccounts, candidates_in_file
from firnline.fleet.candidates import Candidate
from firnline.language.account_sources import C7nOrg
from firnline.language.said import Said

ID = "111111111111"


def read(text: str, *regions: str) -> tuple[Candidate, ...]:
    place = whole_file("fleet.yaml")
    said = tuple(Said(region, place) for region in regions)
    return candidates_in_file(text, C7nOrg(Said("accounts.yml", place), said))


def one(settings: str, *regions: str) -> Candidate:
    return read(f"accounts: [{{account_id: '{ID}', name: lab, {settings}}}]", *regions)[0]


@pytest.mark.parametrize(
    ("settings", "role"),
    [
        ("role: a/b", f"arn:aws:iam::{ID}:role/a/b"),
        ("role: [b]", f"arn:aws:iam::{ID}:role/b"),
        (f"role: 'arn:aws:iam::{ID}:role/x'", f"arn:aws:iam::{ID}:role/x"),
        ("role: b, regions: [cn-north-1]", f"arn:aws-cn:iam::{ID}:role/b"),
    ],
)
def test_a_role_is_an_arn_or_the_name_of_one_in_the_account(settings: str, role: str) -> None:
    assert (one(settings, "us-east-1").role, one(settings, "us-east-1").unusable) == (role, "")


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ("profile: lab", "it has no `role`"),
        ("role: 'arn:aws'", "its `role` is no ARN of a role: arn:aws"),
        ("role: [a, b]", "its 2 roles are assumed one by the other"),
        ("role: a, regions: [all]", "it has no regions"),
        ("role: a, regions: ['us-east-1,cn-north-1']", "several partitions: aws, aws-cn"),
        (f"role: 'arn:aws-cn:iam::{ID}:role/x', regions: [us-east-1]", "several partitions"),
    ],
)
def test_an_account_that_cannot_be_managed_says_why(settings: str, why: str) -> None:
    assert why in one(settings).unusable


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: [", "accounts.yml:1"),
        ("[]", "a list `accounts` is expected at the top"),
        ("accounts: [3]", "accounts.yml:1:12: `account_id` must be 12 digits, in quotes"),
        ("accounts: [{account_id: 111111111111}]", "accounts.yml:1:25"),
    ],
)
def test_what_is_none_of_its_files_is_told_with_its_place(text: str, why: str) -> None:
    with pytest.raises(NotAccounts, match=r".*") as told:
        read(text)
    assert why in str(told.value)
