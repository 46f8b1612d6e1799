"""Free text, JSON or a command line → the texts in it that may be S3 locations.

Where a location ends in a sentence, nobody can tell: a key may contain spaces, commas and quotes.
So each place where it may end gives one candidate.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote


def spellings_in(text: str) -> Iterator[str]:
    """Candidates, of which some may be no location."""
    if not _HINT.search(text):
        return
    if _START.match(text.lstrip()):
        yield text
    for inner in _strings_of(text):
        yield from spellings_in(inner)
    for written in {text, unquote(text) if _ENCODED.search(text) else text}:
        yield from _embedded(written)
        if "\\/" in written:
            yield from _embedded(written.replace("\\/", "/"))


_LONGEST_KEY: Final = 1024
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html, in bytes of UTF-8."""
_LONGEST_HEAD: Final = 300

_START: Final = re.compile(
    r"s3[an]?:/|https?://[^\s/]*(?:amazonaws\.(?:com|eu)|\.gov)|arn:aws[a-z-]*:s3[a-z-]*:"
    r"|https?://[^\s/]*console\.[a-z.-]+/s3/",
    re.IGNORECASE,
)
_ENCODED: Final = re.compile(r"s3[an]?%3A(?:%2F|/)", re.IGNORECASE)
_HINT: Final = re.compile(r"s3[a-z-]*(?::|%3A)|amazonaws|\.gov|console\.aws", re.IGNORECASE)
_LINE: Final = re.compile(r"[^\"\x00-\x1f]*")
_END: Final = re.compile(r"[\s'<>`|\\^{}()\[\],;:&!*$=]")
_CREDENTIALS: Final = re.compile(r"[a-z0-9]+:/+[^\s/]*@", re.IGNORECASE)
_TRAILING: Final = ".,;:!)]"


def _strings_of(text: str) -> Iterator[str]:
    """Of a text that is JSON, as SageMaker and MLflow store parameters: its strings."""
    if text.lstrip()[:1] not in ('"', "{", "["):
        return
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return
    yield from _walk(value)


def _walk(value: Any) -> Iterator[str]:
    remaining = [value]
    while remaining:
        match remaining.pop():
            case str() as found:
                yield found
            case dict() as fields:
                remaining += [*fields, *fields.values()]
            case list() as items:
                remaining += items
            case _:
                pass


def _embedded(text: str) -> Iterator[str]:
    starts = [found.start() for found in _START.finditer(text)]
    for at, following in zip(starts, [*starts[1:], len(text)], strict=False):
        line = _LINE.match(text, at, min(following, at + _LONGEST_HEAD + _LONGEST_KEY))
        assert line is not None
        yield from _ends_of(line[0])


def _ends_of(found: str) -> Iterator[str]:
    start = _START.match(found)
    assert start is not None
    yield found
    for end in _END.finditer(found, _after_credentials(found, start.end())):
        yield from _without_trailing(found[: end.start()])
    yield from _without_trailing(found)


def _after_credentials(found: str, start: int) -> int:
    """Of `s3a://ID:SECRET@bucket/key`: they must not be taken for a bucket, and so be shown."""
    owned = _CREDENTIALS.match(found)
    return owned.end() if owned else start


def _without_trailing(found: str) -> Iterator[str]:
    """What ends a sentence may be part of the key or not."""
    yield found
    if (bare := found.rstrip(_TRAILING)) != found:
        yield bare
