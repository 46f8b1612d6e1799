"""Members of boto3's structures: are they known, of the right type, and possible in S3's XML?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final

from firnline.s3.law import refusals as no
from firnline.s3.law.limits import MOST_DAYS

Report = Callable[..., None]
"""Called with a refusal, the path that it is about, and that of what it conflicts with, if any."""
_ABSENT: Final[Any] = object()


def listed(
    said: Any, name: str, members: frozenset[str], report: Report
) -> list[tuple[str, Mapping[str, Any]]]:
    if not isinstance(said, list | tuple):
        report(no.WRONG_TYPE, name)
        return []
    return [
        (path, each)
        for number, each in enumerate(said)
        if is_map(each, members, path := f"{name}[{number}]", report)
    ]


def is_map(said: Any, members: frozenset[str], path: str, report: Report) -> bool:
    if type(said) is not dict and not isinstance(said, Mapping):  # the second test is slow
        report(no.WRONG_TYPE, path)
        return False
    if not said.keys() <= members:
        unknown_members(said, members, f"{path}.", report)
    return True


def unknown_members(
    said: Mapping[Any, Any], members: frozenset[str], path: str, report: Report
) -> None:
    for name in said:
        if name not in members:
            report(no.UNKNOWN_MEMBER, f"{path}{name_in_path(name)}")


def name_in_path(name: object) -> str:
    """Short, whatever the name of a member is."""
    return (name if isinstance(name, str) else type(name).__name__)[:80]


def text(said: Mapping[str, Any], name: str, path: str, report: Report) -> str | None:
    value = said.get(name, _ABSENT)
    if value is _ABSENT:
        return None
    if not isinstance(value, str):
        report(no.WRONG_TYPE, f"{path}{name}")
        return None
    if not (value.isascii() and value.isprintable()) and _no_xml().search(value):
        report(no.NOT_XML, f"{path}{name}")
        return None
    return value


def integer(
    said: Mapping[str, Any], name: str, path: str, report: Report, most: int = MOST_DAYS
) -> int | None:
    value = said.get(name, _ABSENT)
    if value is _ABSENT:
        return None
    if type(value) is int and -most - 1 <= value <= most:
        return value
    report(no.NO_INTEGER, f"{path}.{name}")
    return None


def moment(said: Mapping[str, Any], path: str, report: Report) -> datetime | None:
    value = said.get("Date", _ABSENT)
    if value is _ABSENT:
        return None
    from firnline.s3.timestamps import as_boto3  # dates are rare, its patterns slow

    read = as_boto3(value)
    if read is None:
        report(no.NO_DATE, f"{path}.Date")
    return read


@cache
def _no_xml() -> re.Pattern[str]:
    """Characters that XML 1.0 cannot carry; seldom needed, and slow to compile."""
    return re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
