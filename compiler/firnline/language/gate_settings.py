"""The table `[gates]` of the settings: limits, and what an open gate means to the project."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

DEFAULT_FIRST_RUN: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class GateSettings:
    """`max_first_run_delete` is a part of what is stored, from 0 to 1."""

    max_first_run_delete: Decimal = DEFAULT_FIRST_RUN


NO_GATE_SETTINGS: Final = GateSettings()
