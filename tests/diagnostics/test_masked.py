"""Secrets in texts of others never reach a message or a file, and what is no secret stays."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from firnline.diagnostics.masked import without_secrets
from firnline.fleet.failed_requests import ASSUME_ROLE, PRINTED, how_to_allow

_WORDS = st.lists(st.from_regex(r"[a-z]{1,14}", fullmatch=True), min_size=1, max_size=4)
_ENDS = st.sampled_from(("", ".", ", and read it again", "; then go on", ": it is needed"))
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
        "credentials: hunter2hunter2",
        "Credential=hunter2hunter2/20261130/us-east-1/s3",
        "these credentials: password: hunter2",
        "authorization: basic hunter2hunter2",
        "postgresql://reader:…@hunter2hunter2@host/registry",
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
        "set it to a URL such as postgresql://reader:…@host/mlflow",
        "missing credentials: `aws sso login` renews them",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert without_secrets(text) == text


@given(
    st.sampled_from(("these credentials", "their signatures", "no authorization")), _WORDS, _ENDS
)
def test_a_sentence_about_credentials_stays_as_it_is(
    about: str, words: list[str], end: str
) -> None:
    assume({"bearer", "basic"}.isdisjoint(words))
    text = f"mend {about}: {' '.join(words)}{end}"
    assert without_secrets(text) == text


def test_what_helps_where_access_was_denied_stays_as_it_is() -> None:
    for permission in ("dynamodb:Scan", ASSUME_ROLE, *sorted(PRINTED)):
        for role in (None, "arn:aws:iam::111122223333:role/secrets"):
            text = f"{how_to_allow(permission, role)}, and read it again"
            assert without_secrets(text) == text
