"""The outcomes of expectations, for all formats."""

from __future__ import annotations

from dataclasses import dataclass

from firnline.diagnostics.kinds import Diagnostic, in_order
from firnline.rules.expected import Outcome


@dataclass(frozen=True, slots=True)
class Answered:
    """The outcomes in the order of the files."""

    outcomes: tuple[Outcome, ...]

    @property
    def failures(self) -> tuple[Diagnostic, ...]:
        """Each once."""
        return in_order(each.failure for each in self.outcomes if each.failure)
