"""Findings that a team knows and has accepted for now: what they are recognised by, and as a file.

A finding is recognised by its code, its file, the keys or the resource that it is in, and its
message. Lines are no part of it, so that it is known wherever it moves to. The numbers in a message
are, as in mypy-baseline: where somebody shortens what the message is about, it is reported again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")

VERSION = 1


class NotABaseline(ValueError):
    """The text goes on after the name of the file."""


@dataclass(frozen=True, slots=True, order=True)
class Fingerprint:
    """`path` is relative to the folder of the baseline; `within` is empty where nothing is said."""

    path: str
    code: str
    within: str
    message: str


Known = Mapping[Fingerprint, int]
"""How often each may occur."""


def new_of(found: Sequence[tuple[Fingerprint, T]], known: Known) -> tuple[T, ...]:
    """What occurs more often than it is known to: the last ones of those that are alike."""
    left = Counter(known)
    new = []
    for fingerprint, each in found:
        if left[fingerprint] > 0:
            left[fingerprint] -= 1
        else:
            new.append(each)
    return tuple(new)


def gone_from(known: Known, found: Iterable[Fingerprint]) -> Known:
    """What is known and occurs no more, or less often."""
    return Counter(known) - Counter(found)


def to_text(known: Known) -> str:
    """In an order that depends on nothing but what they are: a diff shows what came and went."""
    findings = [
        {
            "path": each.path,
            "code": each.code,
            "in": each.within or None,
            "message": each.message,
            "count": known[each],
        }
        for each in sorted(known)
    ]
    return json.dumps({"baseline_version": VERSION, "findings": findings}, indent=2) + "\n"


def read(text: str) -> Known:
    """Raises `NotABaseline`."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as problem:
        place = f"line {problem.lineno}, column {problem.colno}"
        raise NotABaseline(f" is not JSON: {place}: {problem.msg}") from None
    except RecursionError:
        raise NotABaseline(" is not a baseline") from None
    version = document.get("baseline_version") if isinstance(document, dict) else None
    if version is None:
        raise NotABaseline(" is not a baseline: it has no `baseline_version`")
    if version != VERSION:
        raise NotABaseline(f" is of version {version}; this version of firnline reads {VERSION}")
    findings = document.get("findings")
    if not isinstance(findings, list):
        raise NotABaseline(" has no list of `findings`")
    known: Counter[Fingerprint] = Counter()
    for number, each in enumerate(findings):
        known.update(_finding(each, number))
    return known


def _finding(said: Any, number: int) -> Counter[Fingerprint]:
    """Raises `NotABaseline`."""
    entry = said if isinstance(said, dict) else {}
    words = [entry.get(name) for name in ("path", "code", "message")]
    within, count = entry.get("in") or "", entry.get("count", 1)
    if not all(isinstance(each, str) for each in (*words, within)) or not _is_count(count):
        raise NotABaseline(
            f": finding number {number + 1} must have `path`, `code`, `message`, and a `count` of 1"
            " or more"
        )
    path, code, message = words
    return Counter({Fingerprint(str(path), str(code), within, str(message)): count})


def _is_count(count: object) -> bool:
    return isinstance(count, int) and not isinstance(count, bool) and count > 0
