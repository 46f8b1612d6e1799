"""What speaks against a rollout before it writes anything: a cause, and what helps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Weight(Enum):
    """`NO_ACCESS` and `STOPS`: it would fail in the middle; `NOTE`: a person should know it."""

    NO_ACCESS = auto()
    STOPS = auto()
    NOTE = auto()


@dataclass(frozen=True, slots=True)
class Finding:
    """`help` is an instruction; empty where nothing needs to be done."""

    weight: Weight
    cause: str
    help: str = ""

    @property
    def stops(self) -> bool:
        return self.weight is not Weight.NOTE
