"""A second, naive S3: what happens to one object, by trying every rule on every day.

Written from the S3 User Guide alone (expiring objects; how lifecycle handles conflicts: a permanent
deletion before a transition, a transition before a delete marker; objects under 128 KiB do not move
unless the rule has a size filter), it shares no code with the compiler but the shape of S3's own
JSON.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

LAST_DAY = 200
SMALL = 131_072
RANK = {
    "STANDARD": 0,
    "STANDARD_IA": 1,
    "ONEZONE_IA": 2,
    "GLACIER_IR": 3,
    "INTELLIGENT_TIERING": 4,
    "GLACIER": 5,
    "DEEP_ARCHIVE": 6,
}
UNREACHABLE = {
    ("INTELLIGENT_TIERING", "STANDARD_IA"),
    ("ONEZONE_IA", "STANDARD_IA"),
    ("ONEZONE_IA", "INTELLIGENT_TIERING"),
    ("ONEZONE_IA", "GLACIER_IR"),
    ("GLACIER_IR", "STANDARD_IA"),
    ("GLACIER_IR", "ONEZONE_IA"),
    ("GLACIER_IR", "INTELLIGENT_TIERING"),
    *(("GLACIER", name) for name in RANK if name not in ("GLACIER", "DEEP_ARCHIVE")),
    *(("DEEP_ARCHIVE", name) for name in RANK),
}


@dataclass(frozen=True)
class Stored:
    """An object, or a noncurrent version with so many newer old ones, so many days old at the
    start.
    """

    key: str
    tag: str | None
    size: int
    held: str
    age: int
    newer: int = 0


def matches(filter: dict[str, Any], stored: Stored) -> bool:
    inner = filter.get("And", filter)
    tags = inner.get("Tags", [inner["Tag"]] if "Tag" in inner else [])
    return (
        stored.key.startswith(inner.get("Prefix", ""))
        and all((tag["Key"], tag["Value"]) == ("t", stored.tag) for tag in tags)
        and inner.get("ObjectSizeGreaterThan", -1) < stored.size
        and stored.size < inner.get("ObjectSizeLessThan", 2**63)
    )


def story(
    rules: Iterable[dict[str, Any]], stored: Stored, *, old: bool = False, keeps_versions: bool
) -> list[tuple[int, str]]:
    """(age in days, what happens). One action a day, as S3 does."""
    moves: list[tuple[int, str]] = []
    ends: list[int] = []
    for rule in rules:
        if rule["Status"] != "Enabled" or not matches(rule["Filter"], stored):
            continue
        sized = "ObjectSize" in str(rule["Filter"])
        if old:
            steps = [
                (each["NoncurrentDays"], each["StorageClass"])
                for each in rule.get("NoncurrentVersionTransitions", [])
            ]
            end = rule.get("NoncurrentVersionExpiration", {})
            if end and stored.newer >= end.get("NewerNoncurrentVersions", 0):
                ends.append(end["NoncurrentDays"])
        else:
            steps = [(each["Days"], each["StorageClass"]) for each in rule.get("Transitions", [])]
            if "Days" in rule.get("Expiration", {}):
                ends.append(rule["Expiration"]["Days"])
        if sized or stored.size >= SMALL:
            moves += steps
    held, told = stored.held, list[tuple[int, str]]()
    # On other days nothing becomes due; what did, and was not done, may be on the day after an act.
    days = {stored.age, *ends, *(since for since, _ in moves)}
    for day in range(stored.age, LAST_DAY + 1):
        if day not in days and not (told and told[-1][0] == day - 1):
            continue
        ended = any(end <= day for end in ends)
        due = [name for since, name in moves if since <= day and name != held]
        due = [name for name in due if (held, name) not in UNREACHABLE]
        if ended and (old or not keeps_versions or not due):
            return [*told, (day, "deleted")]
        if due:
            held = max(due, key=lambda name: RANK[name])
            told.append((day, held))
    return told


def first_day(rules: Iterable[dict[str, Any]], key: str, action: str, field: str) -> int | None:
    """The earliest day count that any matching rule gives for an action, such as an abort."""
    days = [
        rule[action][field]
        for rule in rules
        if rule["Status"] == "Enabled"
        and field in rule.get(action, {})
        and key.startswith(rule["Filter"]["Prefix"])
    ]
    return min(days, default=None)
