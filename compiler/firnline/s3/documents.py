"""A file for S3, JSON or XML → the lifecycle configurations in it, in boto3's shape."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from firnline.s3.law.header import MEMBER
from firnline.s3.xml_shape import to_shape
from firnline.s3.xml_tree import MalformedXml, read_xml


class NoDocument(ValueError):
    """The text goes on after the name of the file."""


def read_document(content: bytes) -> Mapping[str, Any]:
    """The outermost object. A list is read as its `Rules`; AWS CLI's wrapper
    `LifecycleConfiguration` is removed. Raises `NoDocument`.
    """
    document = _xml(content) if content.lstrip()[:1] == b"<" else _json(content)
    if isinstance(document, list):
        return {"Rules": document}
    if not isinstance(document, Mapping):
        raise NoDocument(" holds no lifecycle configuration")
    inner = document.get("LifecycleConfiguration")
    if not isinstance(inner, Mapping):
        return document
    # In a request's input the header is beside the configuration (AWS CLI,
    # put-bucket-lifecycle-configuration, --cli-input-json).
    return {**inner, MEMBER: document[MEMBER]} if MEMBER in document else inner


def configurations_in(document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Those of a mapping from `account/region/bucket` to configurations, as `firnline compile --out
    s3-json` prints it: null where a bucket has none. None if this is not such a mapping.
    """
    is_one = "Rules" in document or not all(
        key.count("/") == 2 and (value is None or (isinstance(value, Mapping) and "Rules" in value))
        for key, value in document.items()
    )
    return None if is_one else document


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
