"""A file for S3 is read in each form in which tools write it."""

from __future__ import annotations

import json

import pytest

from firnline.s3.documents import NoDocument, read_document
from firnline.s3.model import MinimumSize
from firnline.s3.read_shape import read_configuration

RULES = [{"ID": "a", "Status": "Enabled", "Filter": {}, "Expiration": {"Days": 9}}]


def test_the_header_beside_a_wrapped_configuration_is_not_lost() -> None:
    document = {
        "Bucket": "lab",
        "LifecycleConfiguration": {"Rules": RULES},
        "TransitionDefaultMinimumObjectSize": "varies_by_storage_class",
    }
    rules = read_configuration(read_document(json.dumps(document).encode()))
    assert rules.minimum_size is MinimumSize.VARIES
    assert [rule.id for rule in rules.rules] == ["a"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", " is not JSON: line 1, column 2"),
        (b"[1,\n\xff]", " is not UTF-8 in line 2"),
        (b"<Rule>\n", ":2 is no XML"),
        (b"7", " holds no lifecycle configuration"),
    ],
)
def test_what_is_no_document_is_said_with_its_place(content: bytes, said: str) -> None:
    with pytest.raises(NoDocument) as why:
        read_document(content)
    assert said in str(why.value)
