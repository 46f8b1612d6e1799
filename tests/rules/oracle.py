"""A second, naive S3: what becomes of one key, by trying every rule on every day.

Written from the S3 User Guide alone (expiring objects; how lifecycle handles conflicts: a permanent
deletion before a move, a move before a delete marker), it shares no code with the compiler but the
shape of S3's own JSON.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

LAST_DAY = 60
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


def story(
    rules: Iterable[dict[str, Any]],
    key: str,
    *,
    old: bool = False,
    keeps_versions: bool = False,
    held: str = "STANDARD",
    age: int = 0,
) -> list[tuple[int, str]]:
    """(age in days, what happens) of an object, or of an old version, that lies in the class `held`
    and is `age` days old when the rules go live. One action a day, as S3 does."""
    moves: list[tuple[int, str]] = []
    ends: list[int] = []
    for rule in rules:
        if rule["Status"] != "Enabled" or not key.startswith(rule["Filter"]["Prefix"]):
            continue
        if old:
            moves += [
                (each["NoncurrentDays"], each["StorageClass"])
                for each in rule.get("NoncurrentVersionTransitions", [])
            ]
            if "NoncurrentVersionExpiration" in rule:
                ends.append(rule["NoncurrentVersionExpiration"]["NoncurrentDays"])
        else:
            moves += [(each["Days"], each["StorageClass"]) for each in rule.get("Transitions", [])]
            if "Days" in rule.get("Expiration", {}):
                ends.append(rule["Expiration"]["Days"])
    told: list[tuple[int, str]] = []
    for day in range(age, LAST_DAY + 1):
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
        and key.startswith(rule["Filter"]["Prefix"])
        and field in rule.get(action, {})
    ]
    return min(days, default=None)
