"""A file for S3, JSON or XML → the lifecycle configurations in it, in boto3's shape."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from firnline.s3.law.header import MEMBER
from firnline.s3.xml_shape import to_shape
from firnline.s3.xml_tree import MalformedXml, read_xml

_WRAPPER: Final = "LifecycleConfiguration"


class NoDocument(ValueError):
    """The text goes on after the name of the file."""


@dataclass(frozen=True, slots=True)
class Located:
    """A configuration in a document. `keys` lead to it, and `header_keys` to its minimum size;
    `shape` is None where its bucket has none, `bucket` where the document names no buckets.
    """

    shape: Mapping[str, Any] | None
    keys: tuple[str, ...]
    header_keys: tuple[str, ...]
    bucket: str | None = None


def is_xml(content: bytes) -> bool:
    return content.lstrip()[:1] == b"<"


def read_document(content: bytes) -> Mapping[str, Any]:
    """The outermost object. A list is read as its `Rules`. Raises `NoDocument`."""
    document = _xml(content) if is_xml(content) else _json(content)
    if isinstance(document, list):
        return {"Rules": document}
    if not isinstance(document, Mapping):
        raise NoDocument(" holds no lifecycle configuration")
    return document


def configurations_in(document: Mapping[str, Any]) -> tuple[Located, ...]:
    """The document itself, what is in the AWS CLI's wrapper `LifecycleConfiguration`, or each of a
    mapping from buckets to configurations, as `firnline compile --out s3-json` prints it: null
    where a bucket has none. Other keys of such a mapping are left out.
    """
    if "Rules" in document:
        return (Located(document, (), (MEMBER,)),)
    inner = document.get(_WRAPPER)
    if isinstance(inner, Mapping):
        return (_wrapped(inner, document),)
    return tuple(
        Located(value, (key,), (key, MEMBER), bucket=key)
        for key, value in document.items()
        if value is None or (isinstance(value, Mapping) and "Rules" in value)
    )


def _wrapped(inner: Mapping[str, Any], document: Mapping[str, Any]) -> Located:
    # In a request's input the header is beside the configuration (AWS CLI,
    # put-bucket-lifecycle-configuration, --cli-input-json).
    if MEMBER in document:
        return Located({**inner, MEMBER: document[MEMBER]}, (_WRAPPER,), (MEMBER,))
    return Located(inner, (_WRAPPER,), (_WRAPPER, MEMBER))


def _json(content: bytes) -> object:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except json.JSONDecodeError as problem:
        place = f"line {problem.lineno}, column {problem.colno}"
        raise NoDocument(f" is not JSON: {place}: {problem.msg}") from None
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise NoDocument(f" is not UTF-8 in line {line}") from None
    except (RecursionError, ValueError) as problem:
        raise NoDocument(f" is not JSON: {problem}") from None


def _xml(content: bytes) -> object:
    try:
        return to_shape(read_xml(content))
    except MalformedXml as problem:
        raise NoDocument(f":{problem.line} is no XML that S3 reads: {problem}") from None
