"""Where in a document of S3's own shape are the lifecycle configurations?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from firnline.s3.law.header import MEMBER

_WRAPPER: Final = "LifecycleConfiguration"


@dataclass(frozen=True, slots=True)
class Located:
    """A configuration in a document. `keys` lead to it, and `header_keys` to its minimum size;
    `shape` is None where its bucket has none, `bucket` where the document names no buckets.
    """

    shape: Mapping[str, Any] | None
    keys: tuple[str, ...]
    header_keys: tuple[str, ...]
    bucket: str | None = None


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
