"""What a registry says of locations: still needed and why, or known and no longer needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from firnline.reach.location import Location


class Strength(IntEnum):
    """How firmly a reference keeps an object; the strongest that covers it counts.

    `soft`: a deleted run or version within its grace. `live`: a run that is active. `pin`:
    registered, aliased, or an input of what is. `hold`: in service, or held by a person.
    """

    SOFT = 1
    LIVE = 2
    PIN = 3
    HOLD = 4

    def __str__(self) -> str:
        return self.name.lower()


class OrphanReason(StrEnum):
    """Why an object is no longer needed."""

    RUN_DELETED = "run_deleted"
    RUN_FAILED = "run_failed"
    RUN_KILLED = "run_killed"
    RUN_ABANDONED = "run_abandoned"
    """Running without news for longer than `abandoned_after`."""

    RUN_NOT_KEPT = "run_not_kept"
    """Finished, and none of those that a `runs` section of a policy keeps."""

    RUN_MISSING = "run_missing"
    """A folder of a run in the root of an experiment, and no registry has such a run."""

    INTERMEDIATE_CHECKPOINT = "intermediate_checkpoint"
    LOGGED_MODEL_DELETED = "logged_model_deleted"
    VERSION_DELETED = "version_deleted"
    EXPERIMENT_DELETED = "experiment_deleted"
    JOB_FAILED = "job_failed"
    JOB_STOPPED = "job_stopped"
    UNREFERENCED = "unreferenced"
    """Below a prefix with `delete_when: unreferenced`, and no registry names it."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What some registry still needs. `because` is the chain from what is stored to why it is
    needed, such as ("model churn v14", "alias champion"). `owner` and `experiment` are names as the
    registry has them.
    """

    location: Location
    strength: Strength
    because: tuple[str, ...]
    owner: str | None = None
    experiment: str | None = None


@dataclass(frozen=True, slots=True)
class Unneeded:
    """What a registry knows and does not need, such as the artifacts of a deleted run. A reference
    to the same location, of any registry, is stronger. `since` is when that began, where known.
    """

    location: Location
    reason: OrphanReason
    because: tuple[str, ...]
    since: datetime | None = None
    owner: str | None = None
    experiment: str | None = None


@dataclass(frozen=True, slots=True)
class Root:
    """A folder in which a registry creates a folder for each run, model or trace, named by its ID.
    `known_ids` is a pattern of such IDs, as Python's `re.fullmatch` reads it: a folder of that form
    that nothing else covers is `run_missing`; any other is unclassified.
    """

    location: Location
    known_ids: str
    what: str
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class CheckpointRule:
    """Below a folder of a run's artifacts, of the checkpoints that `match` only the newest
    `keep_newest` are kept: see `reach/experiments/checkpoints.py` for which they are. It takes
    nothing from what is referenced besides: only from `live` references that have the same
    location, as those to the run itself are. `registered_only`: it holds if a pin or a hold lies at
    or below the location.
    """

    location: Location
    match: tuple[str, ...]
    keep_newest: int
    registered_only: bool
    because: tuple[str, ...]
    owner: str | None = None
    experiment: str | None = None
