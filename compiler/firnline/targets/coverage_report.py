"""What no policy covers, as `firnline show --coverage` tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from firnline.inventory.coverage.uncovered import Coverage
from firnline.reach.doomed.uncovered import Uncovered


@dataclass(frozen=True, slots=True)
class Registries:
    """By a file of references that was read on a day: so many folders, and those with a gap."""

    file: str
    read: date
    folders: int
    gaps: tuple[Uncovered, ...]


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """`registries` is None where no references are named."""

    coverage: Coverage
    registries: Registries | None = None
