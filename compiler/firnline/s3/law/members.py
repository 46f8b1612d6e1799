"""The members of boto3's structures: of the right type, known, and such as S3's XML can carry."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final

from firnline.s3.law import refusals as no
from firnline.s3.law.limits import MOST_DAYS

Tell = Callable[..., None]
"""Called with a refusal and the path of what is refused."""
_ABSENT: Final[Any] = object()


def listed(
    said: Any, name: str, members: frozenset[str], tell: Tell
) -> list[tuple[str, Mapping[str, Any]]]:
    if not isinstance(said, list | tuple):
        tell(no.WRONG_TYPE, name)
        return []
    return [
        (path, each)
        for number, each in enumerate(said)
        if is_map(each, members, path := f"{name}[{number}]", tell)
    ]


def is_map(said: Any, members: frozenset[str], path: str, tell: Tell) -> bool:
    if type(said) is not dict and not isinstance(said, Mapping):  # the second test is slow
        tell(no.WRONG_TYPE, path)
        return False
    if not said.keys() <= members:
        strangers(said, members, f"{path}.", tell)
    return True


def strangers(said: Mapping[Any, Any], members: frozenset[str], path: str, tell: Tell) -> None:
    for name in said:
        if name not in members:
            shown = name if isinstance(name, str) else type(name).__name__
            tell(no.UNKNOWN_MEMBER, f"{path}{shown[:80]}")


def text(said: Mapping[str, Any], name: str, path: str, tell: Tell) -> str | None:
    value = said.get(name, _ABSENT)
    if value is _ABSENT:
        return None
    if not isinstance(value, str):
        tell(no.WRONG_TYPE, f"{path}{name}")
        return None
    if not (value.isascii() and value.isprintable()) and _no_xml().search(value):
        tell(no.NOT_XML, f"{path}{name}")
        return None
    return value


@cache
def _no_xml() -> re.Pattern[str]:
    """Characters that XML 1.0 cannot carry; seldom asked for, and slow to compile."""
    return re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def integer(
    said: Mapping[str, Any], name: str, path: str, tell: Tell, most: int = MOST_DAYS
) -> int | None:
    value = said.get(name, _ABSENT)
    if value is _ABSENT:
        return None
    if type(value) is int and -most - 1 <= value <= most:
        return value
    tell(no.NO_INTEGER, f"{path}.{name}")
    return None


def moment(said: Mapping[str, Any], path: str, tell: Tell) -> datetime | None:
    value = said.get("Date", _ABSENT)
    if value is _ABSENT:
        return None
    from firnline.s3.timestamps import as_boto3  # dates are rare, its patterns slow

    read = as_boto3(value)
    if read is None:
        tell(no.NO_DATE, f"{path}.Date")
    return read
