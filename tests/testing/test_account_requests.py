"""POST /_firnline/accounts: a world that is being served grows by accounts with roles."""

from __future__ import annotations

import json

import pytest

from firnline import testing
from firnline.testing.account_requests import BadAccounts, read_accounts
from tests.testing.conftest import Speak

NEW = "012340000567"


def test_an_account_that_was_opened_has_a_role_to_assume(
    aws: testing.Emulator, speak: Speak
) -> None:
    body = json.dumps([NEW])
    answers = [speak("POST", "/_firnline/accounts", body) for _ in range(2)]
    assert [each.status for each in answers] == [201, 201], "twice is as once"
    role = f"arn:aws:iam::{NEW}:role/retention"
    answer = aws.caller_client("sts").assume_role(RoleArn=role, RoleSessionName="test")
    assert answer["AssumedRoleUser"]["Arn"].startswith(f"arn:aws:sts::{NEW}:")


@pytest.mark.parametrize("body", [b"", b"{}", b'["1"]', b"[12345678901]", b'["01234567890x"]'])
def test_other_requests_are_refused(body: bytes) -> None:
    with pytest.raises(BadAccounts, match="12 digits"):
        read_accounts(body)
