"""What an editor shows for a key teaches it: a sentence, S3's word, an example that holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from firnline.language.schemas import FileKind, schema

KINDS = (FileKind.POLICY, FileKind.FLEET)
_TEACHES = re.compile(r"(?P<sentence>.+?)\. Example: `(?P<example>.+)`", re.DOTALL)
# S3's words for keys that are a lifecycle rule's; the others say AWS, tag, version and the like.
TERMS = {
    "delete_after": "Expiration",
    "warm_after": "Transition",
    "cold_after": "Transition",
    "archive_after": "Transition",
    "abort_after": "AbortIncompleteMultipartUpload",
    "uploads": "incomplete multipart upload",
    "old_versions": "noncurrent version",
    "keep_newest": "NewerNoncurrentVersions",
    "count": "NewerNoncurrentVersions",
    "delete_markers": "ExpiredObjectDeleteMarker",
    "prefix": "Filter.Prefix",
    "tags": "Filter.Tag",
    "over": "ObjectSizeGreaterThan",
    "under": "ObjectSizeLessThan",
    "storage_classes": "storage class",
    "versioning": "versioning",
}


def described(kind: FileKind) -> Iterator[tuple[str, str]]:
    root = schema(kind)

    def walk(part: Any) -> Iterator[tuple[str, str]]:
        if isinstance(part, dict):
            for key, said in part.get("properties", {}).items():
                name = said.get("$ref", "").removeprefix("#/definitions/")
                yield key, {**(root["definitions"][name] if name else {}), **said}["description"]
            for below in part.values():
                yield from walk(below)
        elif isinstance(part, list):
            for below in part:
                yield from walk(below)

    yield from walk(root)


SAID = sorted({(key, text) for kind in KINDS for key, text in described(kind)})


@pytest.mark.parametrize(("key", "text"), SAID)
def test_a_key_is_told_in_one_sentence_and_an_example_of_itself(key: str, text: str) -> None:
    match = _TEACHES.fullmatch(text)
    assert match
    assert ". " not in match["sentence"]
    assert key in yaml.safe_load(match["example"])


NOT_OF_S3 = {
    text
    for key, text in SAID
    if (key in ("count", "keep_newest") and ("run" in text or "document" in text))
    or (key == "tags" and text.startswith(("Only accounts", "Only buckets")))
}
"""For runs, their checkpoints, registries' documents, accounts and buckets S3 has no word."""


@pytest.mark.parametrize(
    ("key", "text"), [each for each in SAID if each[0] in TERMS and each[1] not in NOT_OF_S3]
)
def test_a_key_is_told_in_the_words_of_s3(key: str, text: str) -> None:
    known = TERMS[key]
    if "version became noncurrent" in text:
        known = "Noncurrent" if "newest" not in text else "noncurrent"
    assert known in text
