"""A file for S3 is read in each form in which tools write it."""

from __future__ import annotations

import json

import pytest

from firnline.s3.documents import NoDocument, configurations_in, read_document
from firnline.s3.law.header import MEMBER
from firnline.s3.model import MinimumSize
from firnline.s3.read_shape import read_configuration

RULES = [{"ID": "a", "Status": "Enabled", "Filter": {}, "Expiration": {"Days": 9}}]


def test_the_header_beside_a_wrapped_configuration_is_not_lost() -> None:
    document = {
        "Bucket": "lab",
        "LifecycleConfiguration": {"Rules": RULES},
        "TransitionDefaultMinimumObjectSize": "varies_by_storage_class",
    }
    (found,) = configurations_in(read_document(json.dumps(document).encode()))
    assert found.shape is not None
    rules = read_configuration(found.shape)
    assert rules.minimum_size is MinimumSize.VARIES
    assert [rule.id for rule in rules.rules] == ["a"]


ONE = {"Rules": RULES}


@pytest.mark.parametrize(
    ("document", "places"),
    [
        (ONE, [((), None)]),
        (RULES, [((), None)]),
        ({"LifecycleConfiguration": ONE}, [(("LifecycleConfiguration",), None)]),
        ({"LifecycleConfiguration": {}}, [(("LifecycleConfiguration",), None)]),
        ({"1/a/b": ONE, "1/a/c": None}, [(("1/a/b",), "1/a/b"), (("1/a/c",), "1/a/c")]),
        ({"b": ONE, "made": "today"}, [(("b",), "b")]),
        ({"b": {"Bucket": "b"}}, []),
        ({}, []),
    ],
    ids=["alone", "a list", "wrapped", "empty", "by bucket", "beside others", "other JSON", "{}"],
)
def test_configurations_are_found_where_they_stand(
    document: object, places: list[tuple[tuple[str, ...], str | None]]
) -> None:
    found = configurations_in(read_document(json.dumps(document).encode()))
    assert [(each.keys, each.bucket) for each in found] == places


@pytest.mark.parametrize(
    ("document", "keys"),
    [
        ({**ONE, MEMBER: "x"}, (MEMBER,)),
        ({"LifecycleConfiguration": ONE, MEMBER: "x"}, (MEMBER,)),
        ({"LifecycleConfiguration": {**ONE, MEMBER: "x"}}, ("LifecycleConfiguration", MEMBER)),
        ({"b": {**ONE, MEMBER: "x"}}, ("b", MEMBER)),
    ],
    ids=["alone", "beside the wrapper", "in the wrapper", "by bucket"],
)
def test_the_header_is_found_where_it_stands(
    document: dict[str, object], keys: tuple[str, ...]
) -> None:
    (found,) = configurations_in(document)
    assert found.header_keys == keys
    assert (found.shape or {})[MEMBER] == "x"


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
