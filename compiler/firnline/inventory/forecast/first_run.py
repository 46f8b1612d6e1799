"""What do the rules do at their first midnight, to all that has fallen due?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import assert_never

from firnline.inventory.forecast.usage import Fate
from firnline.inventory.forecast.volume import Volume
from firnline.s3.simulate.batch import BatchStep
from firnline.s3.simulate.stored import ItemKind, LifecycleAction


class Happens(Enum):
    """What the reader of a forecast has to tell apart."""

    DELETED = "deleted"  # for good
    DELETE_MARKERS = "delete_markers"  # hidden by one, and still stored
    MARKERS_REMOVED = "markers_removed"
    ABORTED = "aborted"


@dataclass(frozen=True, slots=True)
class FirstRun:
    """`transitions` are by the class that they lead into."""

    happens: Mapping[Happens, Volume]
    transitions: Mapping[str, Volume]


def first_run(fates: Iterable[Fate], begin: datetime) -> FirstRun:
    """Of what the rules do from `begin` on, a midnight, what they do then."""
    happens: dict[Happens, Volume] = defaultdict(Volume)
    transitions: dict[str, Volume] = defaultdict(Volume)
    for fate in fates:
        if fate.stored.volume == Volume():
            continue  # it is there for what it does to other versions of its key
        found = done_first(fate, begin)
        if isinstance(found, Happens):
            happens[found] = happens[found].plus(fate.stored.volume)
        elif found is not None:
            transitions[found] = transitions[found].plus(fate.stored.volume)
    return FirstRun(dict(happens), dict(transitions))


def done_first(fate: Fate, begin: datetime) -> Happens | str | None:
    """What is done to an item at a midnight; a text is the class that it is moved into."""
    stored, steps = fate
    if not steps or steps[0].at != begin:
        return None
    return done_by(steps[0], stored.example.kind)


def done_by(step: BatchStep, kind: ItemKind) -> Happens | str | None:
    """What is done to an item in one step; a text is the class that it is moved into."""
    return _happens(step, kind) or step.left


def _happens(step: BatchStep, kind: ItemKind) -> Happens | None:
    if kind is ItemKind.DELETE_MARKER and step.left is None:
        return Happens.MARKERS_REMOVED
    match step.taken.action:
        case LifecycleAction.DELETE_MARKER if step.left is None:
            return Happens.DELETED  # a null version, which a null marker replaces
        case LifecycleAction.DELETE_MARKER:
            return Happens.DELETE_MARKERS
        case LifecycleAction.EXPIRE | LifecycleAction.DELETE_VERSION:
            return Happens.DELETED
        case LifecycleAction.REMOVE_DELETE_MARKER:
            return Happens.MARKERS_REMOVED
        case LifecycleAction.ABORT_UPLOAD:
            return Happens.ABORTED
        case LifecycleAction.TRANSITION | LifecycleAction.NONE:
            return None
        case _:
            assert_never(step.taken.action)
