"""What a lock says of accounts that were found is of the form that `resolve` writes."""

from __future__ import annotations

import pytest

from firnline.language.read_files import read_files

LOCK = f"""\
firnline: fleet-lock/v1
digest: sha256:{"0" * 64}
accounts_from:
  "012345670123":
    label: {{label}}
    name: Lab
    regions: [us-east-1]
    role: {{role}}
    wave: 1
    source: organization
accounts: {{{{}}}}
"""
ROLE = "arn:aws:iam::012345670123:role/retention"


@pytest.mark.parametrize(
    ("label", "role"), [("../lab", ROLE), ("Lab", ROLE), ("lab", "90d"), ("lab", "arn:aws:s3")]
)
def test_a_label_or_role_of_another_form_is_an_error_at_its_place(label: str, role: str) -> None:
    text = LOCK.format(label=label, role=role)
    _, found = read_files({"fleet.lock.yaml": text.encode()})
    assert [each.kind.code for each in found] != []
    assert all("fleet.lock.yaml" in str(each.place) for each in found)


def test_what_resolve_writes_is_no_error() -> None:
    folder, found = read_files({"fleet.lock.yaml": LOCK.format(label="lab", role=ROLE).encode()})
    assert not found, found
    assert folder.lock is not None
