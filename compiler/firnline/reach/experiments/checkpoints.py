"""Which checkpoints of a run are intermediate: neither among the newest nor of unknown age?

A checkpoint is whatever lies, below the folder of the run's artifacts, at a path that fits a
pattern: an object, or a folder with all that is below it. `*` does not go past a slash. Names count
up to the end of their first number, so that `step-100.pt` and `step-100.json` are one checkpoint;
a name without a number, such as `best.ckpt`, is none and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from firnline.language.model import matches
from firnline.reach.references import CheckpointRule


@dataclass(frozen=True, slots=True)
class Stored:
    key: str
    last_modified: datetime


def intermediate_checkpoints(rule: CheckpointRule, objects: Iterable[Stored]) -> frozenset[str]:
    """The keys that belong to none of the newest `keep_newest` checkpoints; those as new as the
    oldest of these stay too. `objects` are all that lie at or below the rule's location, of its
    bucket, in any order: with some left out, older ones take their place.

    A checkpoint is as new as its newest object. Whether the rule holds at all, where it is
    `registered_only`, is for the caller to say; so is what other references keep.
    """
    newest: dict[str, datetime] = {}
    member_of: dict[str, str] = {}
    for stored in objects:
        path = _below(rule, stored.key)
        name = next(filter(None, (_checkpoint(path, pattern) for pattern in rule.match)), None)
        if name is None:
            continue
        member_of[stored.key] = name
        newest[name] = max(newest.get(name, stored.last_modified), stored.last_modified)
    kept = sorted(newest.values(), reverse=True)[: max(1, rule.keep_newest)]
    if len(newest) <= len(kept):
        return frozenset()
    return frozenset(key for key, name in member_of.items() if newest[name] < kept[-1])


_ARTIFACTS: Final = "artifacts/"
"""In the folder of a run MLflow keeps what was logged in this one."""

_NUMBERED: Final = re.compile(r"[^0-9]*[0-9]+")


def _checkpoint(path: str, pattern: str) -> str | None:
    """The name of the checkpoint that the object at this path belongs to."""
    if path.startswith(_ARTIFACTS) and (name := _name(path[len(_ARTIFACTS) :], pattern)):
        return name
    return _name(path, pattern)


def _name(path: str, pattern: str) -> str | None:
    wanted = pattern.strip("/").split("/")
    segments = path.split("/")[: len(wanted)]
    if len(segments) < len(wanted) or not all(map(matches, segments, wanted)):
        return None
    numbered = _NUMBERED.match(segments[-1])
    return "/".join((*segments[:-1], numbered[0])) if numbered else None


def _below(rule: CheckpointRule, key: str) -> str:
    assert rule.location.covers(key), key
    return key[len(rule.location.key) :].removeprefix("/") if rule.location.key else key
