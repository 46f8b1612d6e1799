"""Secrets in texts of others never reach a message or a file, and what is no secret stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.diagnostics.masked import without_secrets

# What a URL can hold as it is; a slash ends where the password may stand.
_PASSWORDS = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="/'\""), min_size=1
)


@given(st.from_regex(r"[a-z]{1,8}", fullmatch=True), _PASSWORDS)
def test_no_password_of_a_url_is_left(user: str, password: str) -> None:
    masked = without_secrets(
        f"cannot reach postgresql://{user}:{password}@db.acme.example/registry"
    )
    assert "db.acme.example/registry" in masked
    assert f":{password}@" not in masked


@pytest.mark.parametrize(
    "text",
    [
        "401 for Authorization: Bearer hunter2hunter2",
        "https://acme.example/?token=hunter2hunter2&page=3",
        "fe_sendauth: password='hunter2hunter2' host=db",
        '{"api_key": "hunter2hunter2"}',
        "X-Amz-Signature=hunter2hunter2",
        "AWS_SECRET_ACCESS_KEY=hunter2hunter2",
        "X-Amz-Security-Token=hunter2hunter2&X-Amz-Date=1",
    ],
)
def test_what_is_named_a_secret_is_masked(text: str) -> None:
    assert "hunter2" not in without_secrets(text)


def test_what_was_given_as_a_secret_is_masked_wherever_it_stands() -> None:
    assert without_secrets("no such user hunter2!", ["hunter2", ""]) == "no such user ***!"


@pytest.mark.parametrize(
    "text",
    [
        "has no item behind s3://acme/models/a@v1/model.pt",
        "answered twice that it goes on behind the same item: read it again",
        "arn:aws:iam::111122223333:role/retention",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert without_secrets(text) == text
