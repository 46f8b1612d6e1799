"""What reading a registry yields: what it says of locations, its runs, and a certificate.

This is the protocol for registries of third parties (entry points `firnline.registries`). A source
yields what it finds, in any order and as it reads, and its certificate as the last item: a stream
without one is incomplete, whatever was in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from firnline.reach.experiments.model import Run
from firnline.reach.references import CheckpointRule, Reference, Root, Unneeded


@dataclass(frozen=True, slots=True)
class Certificate:
    """That a registry was read whole, or why not. Counts are of its own records.

    `independent_count` comes from another call or query than the listing; a registry that has none
    gives None, and what was read then serves for reports alone. `counted_by` names that call.
    `problems` are sentences with the cause and the remedy, without secrets. `notes` say what else
    was checked, and make nothing incomplete. `snapshot` is the ID of
    the state that was read, where the registry has one (an ETag, a transaction). Moments are UTC.
    """

    began: datetime
    ended: datetime
    pages: int
    count: int
    independent_count: int | None = None
    counted_by: str | None = None
    snapshot: str | None = None
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether what was read is proved to be all there was."""
        return not self.problems and self.independent_count == self.count


Found: TypeAlias = Reference | Unneeded | Root | CheckpointRule | Run | Certificate


class CannotRead(Exception):
    """A registry could not be read whole. The text is one sentence with cause and remedy, in which
    no secret stands.
    """


class GaveNoAccess(CannotRead):
    """A registry refused who reads it."""


class Source(Protocol):
    """One registry of the fleet file, ready to be read."""

    def read(self) -> Iterator[Found]:
        """Everything it knows, its `Certificate` as the last item. Raises `CannotRead`."""
        ...
