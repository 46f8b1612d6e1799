"""What a registry answered, in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, assert_never

from firnline.reach.experiments.remarks import Remark
from firnline.reach.reference_lines import Line
from firnline.reach.references import (
    CheckpointRule,
    OrphanReason,
    Reference,
    Root,
    Strength,
    Unneeded,
)
from firnline.reach.source import Certificate

FIRST: Final = 5


@dataclass(slots=True)
class Tally:
    """`first` are the first references in the order of reading. `has_no_access`: the registry did
    not answer, or refused us.
    """

    name: str
    kind: str
    by_strength: Counter[Strength] = field(default_factory=Counter)
    unneeded: Counter[OrphanReason] = field(default_factory=Counter)
    roots: int = 0
    checkpoint_rules: int = 0
    remarks: list[Remark] = field(default_factory=list)
    first: list[Reference] = field(default_factory=list)
    certificate: Certificate | None = None
    has_no_access: bool = False

    @property
    def references(self) -> int:
        return self.by_strength.total()

    @property
    def is_empty(self) -> bool:
        return not (self.references or self.unneeded or self.roots)

    def add(self, line: Line) -> None:
        match line:
            case Reference():
                self.by_strength[line.strength] += 1
                if len(self.first) < FIRST:
                    self.first.append(line)
            case Unneeded():
                self.unneeded[line.reason] += 1
            case Root():
                self.roots += 1
            case CheckpointRule():
                self.checkpoint_rules += 1
            case Certificate():
                self.certificate = line
            case _:
                assert_never(line)
