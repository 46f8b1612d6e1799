"""A number → a random lifecycle file that S3 may accept, and what is known of its bucket.

Each action and each step stands on a line of its own, so that the line of a finding says which.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from firnline.s3.shape import Json

HEAD = ("ID", "Status", "Filter")
PREFIXES = ["", "", "a/", "a/", "a/b/", "c/"]
TAGS = [None, None, None, None, ("t", "1"), ("t", "2"), ("u", "1")]
BOUNDS = [0, 10, 131_071, 131_072, 200_000]
DAYS = [1, 2, 5, 10, 30, 35, 60, 90, 120, 200]
DATES = [date(2024, 1, 1), date(2025, 6, 1), date(2028, 1, 1), date(2030, 1, 1)]
TODAY = date(2026, 11, 28)
CLASSES = [
    "STANDARD_IA",
    "ONEZONE_IA",
    "GLACIER_IR",
    "INTELLIGENT_TIERING",
    "GLACIER",
    "DEEP_ARCHIVE",
]
SMALL_MOVES = "varies_by_storage_class"


class Place(NamedTuple):
    """What stands on a line: a rule, one of its actions, a step of that action."""

    rule: int
    action: str = ""
    step: int = 0

    def __str__(self) -> str:
        nth = f"[{self.step}]" if self.action.endswith("Transitions") else ""
        return f"r{self.rule} {self.action}{nth}"


@dataclass(frozen=True)
class LifecycleFile:
    rules: tuple[Json, ...]
    versioning: str | None
    today: date | None
    small_objects_move: bool = False

    def smaller(self) -> Iterator[LifecycleFile]:
        """With a rule less, or with an action less."""
        for nth, rule in enumerate(self.rules):
            before, after = self.rules[:nth], self.rules[nth + 1 :]
            if before or after:
                yield replace(self, rules=before + after)
            for action in sorted(rule.keys() - set(HEAD)) if len(rule) > len(HEAD) + 1 else ():
                less = {name: stated for name, stated in rule.items() if name != action}
                yield replace(self, rules=(*before, less, *after))

    @property
    def written(self) -> tuple[str, dict[int, Place]]:
        """The text, and what stands on each of its lines, counted from 1."""
        lines = ["{"]
        if self.small_objects_move:
            lines.append(f'"TransitionDefaultMinimumObjectSize": "{SMALL_MOVES}",')
        lines.append('"Rules": [')
        places = dict[int, Place]()
        for number, rule in enumerate(self.rules):
            for place, text in _lines(number, rule):
                lines.append(text)
                places[len(lines)] = place
            lines[-1] += "}" if number == len(self.rules) - 1 else "},"
        return "\n".join([*lines, "]}"]) + "\n", places


def _lines(number: int, rule: Json) -> list[tuple[Place, str]]:
    head = {name: rule[name] for name in HEAD}
    lines = [(Place(number), json.dumps(head)[:-1])]
    for action, stated in rule.items():
        if action in head:
            continue
        steps = stated if isinstance(stated, list) else [stated]
        lines.append((Place(number, action), f', "{action}":' + " [" * (steps is stated)))
        for nth, step in enumerate(steps):
            comma = "," * (nth < len(steps) - 1)
            lines.append((Place(number, action, nth), json.dumps(step) + comma))
        if steps is stated:
            lines.append((Place(number, action), "]"))
    return lines


def lifecycle_file(number: int) -> LifecycleFile:
    chance = random.Random(number)
    rules = list[Json]()
    for nth in range(chance.choice([1, 2, 2, 3, 3, 4, 5, 6])):
        copied = rules and chance.random() < 0.2
        rules.append(_copy(chance, nth, chance.choice(rules)) if copied else _rule(chance, nth))
    return LifecycleFile(
        tuple(rules),
        versioning=chance.choice([None, "enabled", "enabled", "off", "suspended"]),
        today=chance.choice([None, TODAY]),
        small_objects_move=chance.random() < 0.15,
    )


def _rule(chance: random.Random, number: int) -> Json:
    filter, by_prefix_alone = _filter(chance)
    rule: Json = {
        "ID": f"r{number}",
        "Status": "Disabled" if chance.random() < 0.07 else "Enabled",
        "Filter": filter,
    }
    while len(rule) == 3:
        if chance.random() < 0.4:
            rule |= _transitions(chance)
        if chance.random() < 0.5:
            rule |= _expiration(chance, rule, by_prefix_alone)
        if chance.random() < 0.25:
            rule |= _old_transitions(chance)
        if chance.random() < 0.45:
            rule |= _old_expiration(chance, rule)
        if by_prefix_alone and chance.random() < 0.1:
            rule["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": chance.choice(DAYS)}
    return rule


def _copy(chance: random.Random, number: int, rule: Json) -> Json:
    """As people copy rules: and change the prefix, an action, or nothing."""
    copy = {**rule, "ID": f"r{number}"}
    match chance.choice(["prefix", "action", "nothing"]):
        case "prefix" if rule["Filter"].keys() <= {"Prefix"}:
            copy["Filter"] = {"Prefix": chance.choice(PREFIXES)}
        case "action" if len(rule) > len(HEAD) + 1:
            del copy[chance.choice([each for each in rule if each not in HEAD])]
    return copy


def _filter(chance: random.Random) -> tuple[Json, bool]:
    parts: Json = {}
    prefix, tag = chance.choice(PREFIXES), chance.choice(TAGS)
    if prefix:
        parts["Prefix"] = prefix
    if chance.random() < 0.15:
        parts["ObjectSizeGreaterThan"] = chance.choice(BOUNDS)
    if chance.random() < 0.15:
        parts["ObjectSizeLessThan"] = chance.choice(BOUNDS[1:])
    alone = not tag and len(parts) == ("Prefix" in parts)
    if tag and not parts:
        return {"Tag": {"Key": tag[0], "Value": tag[1]}}, False
    if tag:
        tags = [tag, ("u", "1")] if tag[0] == "t" and chance.random() < 0.2 else [tag]
        parts["Tags"] = [{"Key": name, "Value": value} for name, value in tags]
    return (parts if len(parts) < 2 else {"And": parts}), alone


def _transitions(chance: random.Random) -> Json:
    if chance.random() < 0.1:
        moment = {"Date": _midnight(chance.choice(DATES))}
        return {"Transitions": [{**moment, "StorageClass": chance.choice(CLASSES)}]}
    return {"Transitions": [{"Days": days, "StorageClass": name} for days, name in _steps(chance)]}


def _expiration(chance: random.Random, rule: Json, by_prefix_alone: bool) -> Json:
    moves = rule.get("Transitions", [])
    if by_prefix_alone and chance.random() < 0.2:
        return {"Expiration": {"ExpiredObjectDeleteMarker": True}}
    if any("Date" in each for each in moves) or (not moves and chance.random() < 0.15):
        latest = max((each["Date"] for each in moves), default="")
        later = [each for each in map(_midnight, DATES) if each > latest]
        return {"Expiration": {"Date": chance.choice(later)}} if later else {}
    later_days = [each for each in DAYS if all(each > move["Days"] for move in moves)]
    return {"Expiration": {"Days": chance.choice(later_days)}} if later_days else {}


def _old_transitions(chance: random.Random) -> Json:
    kept = {"NewerNoncurrentVersions": chance.randint(1, 3)} if chance.random() < 0.25 else {}
    return {
        "NoncurrentVersionTransitions": [
            {"NoncurrentDays": days, "StorageClass": name, **kept} for days, name in _steps(chance)
        ]
    }


def _old_expiration(chance: random.Random, rule: Json) -> Json:
    moves = rule.get("NoncurrentVersionTransitions", [])
    later = [days for days in DAYS if all(days > move["NoncurrentDays"] for move in moves)]
    if not later:
        return {}
    ends: Json = {"NoncurrentDays": chance.choice(later)}
    if chance.random() < 0.3:
        ends["NewerNoncurrentVersions"] = chance.randint(1, 3)
    return {"NoncurrentVersionExpiration": ends}


def _steps(chance: random.Random) -> list[tuple[int, str]]:
    first = (chance.choice(DAYS[:-1]), chance.choice(CLASSES))
    if chance.random() < 0.6:
        return [first]
    second = (chance.choice(DAYS), chance.choice(CLASSES))
    gap = 90 if first[1].startswith("GLACIER") else 30
    fits = CLASSES.index(second[1]) > CLASSES.index(first[1]) and second[0] >= first[0] + gap
    return [first, second] if fits else [first]


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
