"""Random worlds for a living server: a bucket, its rules, and what its users do on which day.

Everything here is what SeaweedFS supports: no transitions, and no suspended versioning.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from random import Random
from typing import Any, Literal

DAYS = 8
"""How many days a world has; each ends with a midnight."""

LONGEST = 5
"""The most days that a rule counts, so that most rules come due before the world ends."""

KEYS = ("a/1", "a/b/2", "b/3", "4")
PREFIXES = ("", "", "a/", "a/b/", "b/")
SIZES = (0, 1, 499, 500, 501, 2000)
TAGS: tuple[dict[str, str], ...] = ({}, {}, {"t": "1"}, {"t": "2", "u": "1"})

PAST, FUTURE = "2001-01-01T00:00:00Z", "2099-01-01T00:00:00Z"
"""On the server's clock and on ours alike: long before the first day, and long after the last."""

ACTIONS = ("Expiration", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload")

Kind = Literal["enable versioning", "put rules", "put", "delete", "delete version", "start upload"]


@dataclass(frozen=True, slots=True)
class Operation:
    """What a user does around noon; `place` counts the versions of the key from the newest."""

    kind: Kind
    key: str = ""
    size: int = 0
    tags: tuple[tuple[str, str], ...] = ()
    place: int = 0


@dataclass(frozen=True, slots=True)
class World:
    """`days` are the operations of each day, in order; one of them puts the rules."""

    seed: int
    number: int
    rules: tuple[dict[str, Any], ...]
    days: tuple[tuple[Operation, ...], ...]

    def to_json(self) -> str:
        """A rule or an operation on each line."""
        rules = ",\n  ".join(map(json.dumps, self.rules))
        days = "],\n  [".join(",\n   ".join(map(_operation_to_json, day)) for day in self.days)
        head = f'"seed": {self.seed}, "number": {self.number}'
        return f'{{{head},\n "rules": [\n  {rules}],\n "days": [\n  [{days}]]}}'


def _operation_to_json(operation: Operation) -> str:
    return json.dumps({name: value for name, value in asdict(operation).items() if value})


def make_world(seed: int, number: int) -> World:
    """The same for the same seed and number, whatever other worlds are made."""
    random = Random(f"{seed}/{number}")
    count = random.choice((1, 2, 2, 3, 3, 4))
    rules = tuple(_rule(random, f"rule-{place}") for place in range(count))
    return World(seed, number, rules, _days(random))


def _rule(random: Random, id: str) -> dict[str, Any]:
    """S3 takes neither tags nor sizes beside `ExpiredObjectDeleteMarker` and abort."""
    only_prefix = random.random() < 0.6
    wanted = random.sample(("expire", "noncurrent", "marker", "abort"), random.choice((1, 2, 2, 3)))
    rule: dict[str, Any] = {
        "ID": id,
        "Status": random.choice(("Enabled",) * 9 + ("Disabled",)),
        "Filter": _filter(random, only_prefix),
    }
    if only_prefix and "marker" in wanted:
        rule["Expiration"] = {"ExpiredObjectDeleteMarker": True}
    elif "expire" in wanted:
        rule["Expiration"] = _when(random)
    if only_prefix and "abort" in wanted:
        rule["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": _few_days(random)}
    if "noncurrent" in wanted or not rule.keys() & set(ACTIONS):
        rule["NoncurrentVersionExpiration"] = _noncurrent(random)
    return rule


def _filter(random: Random, only_prefix: bool) -> dict[str, Any]:
    prefix = random.choice(PREFIXES)
    if only_prefix:
        return {"Prefix": prefix}
    tags = [{"Key": "t", "Value": random.choice("12")}]
    over, under = random.choice((0, 1, 499, 500)), random.choice((1, 500, 501))
    choices: list[dict[str, Any]] = [
        {"Tags": tags},
        {"Tags": tags},
        {"ObjectSizeGreaterThan": over},
        {"ObjectSizeLessThan": under},
        {"ObjectSizeGreaterThan": over, "ObjectSizeLessThan": over + 2 + under},
        {"Tags": tags, "ObjectSizeGreaterThan": over},
    ]
    return {"And": {"Prefix": prefix, **random.choice(choices)}}


def _when(random: Random) -> dict[str, Any]:
    if random.random() < 0.1:
        return {"Date": random.choice((PAST, FUTURE))}
    return {"Days": _few_days(random)}


def _noncurrent(random: Random) -> dict[str, Any]:
    ends: dict[str, Any] = {"NoncurrentDays": _few_days(random)}
    if random.random() < 0.5:
        ends["NewerNoncurrentVersions"] = random.choice((1, 1, 2, 3))
    return ends


def _few_days(random: Random) -> int:
    return random.choice((1, 1, 1, 2, 2, 3, 4, LONGEST))


def _days(random: Random) -> tuple[tuple[Operation, ...], ...]:
    """Most of it on the first days, so that there is time left for the rules."""
    days: list[list[Operation]] = [[] for _ in range(DAYS)]
    keys = random.sample(KEYS, random.choice((2, 2, 3)))
    versioned = random.random() < 0.75
    if versioned:
        if random.random() < 0.3:  # what is there before it is enabled is a null version
            days[0] += [_put(random, key) for key in keys if random.random() < 0.7]
        days[0].append(Operation("enable versioning"))
    for key in keys:
        for _ in range(random.choice((2, 3, 4, 5, 6) if versioned else (1, 2, 3))):
            days[_early(random)].append(_change(random, key, versioned))
    for key in random.choices(KEYS, k=random.choice((0, 0, 1, 2))):
        days[_early(random)].append(Operation("start upload", key))
    first = days[random.choice((0, 0, 0, 2, 4))]
    first.insert(random.choice((0, len(first))), Operation("put rules"))
    return tuple(map(tuple, days))


def _early(random: Random) -> int:
    return min(random.randrange(DAYS - 2), random.randrange(DAYS - 2))


def _change(random: Random, key: str, versioned: bool) -> Operation:
    luck = random.random()
    if luck < 0.65:
        return _put(random, key)
    if luck < 0.82 or not versioned:
        return Operation("delete", key)
    return Operation("delete version", key, place=random.choice((0, 0, 1)))


def _put(random: Random, key: str) -> Operation:
    tags = random.choice(TAGS)
    return Operation("put", key, random.choice(SIZES), tuple(sorted(tags.items())))
