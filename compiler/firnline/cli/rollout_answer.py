"""What came of a rollout: the answer of `firnline rollout` when it has ended."""

from __future__ import annotations

from dataclasses import dataclass

from firnline.rollout.outcome import Outcome
from firnline.rollout.plan import AccountPlan, Plan


@dataclass(frozen=True, slots=True)
class RolledOut:
    """`outcomes` are those of the waves that were begun."""

    id: str
    plan: Plan
    outcomes: tuple[Outcome, ...]
    exit_code: int

    @property
    def pairs(self) -> tuple[tuple[AccountPlan, Outcome | None], ...]:
        """Every account of the plan, with its outcome if its wave was begun."""
        by_label = {each.account: each for each in self.outcomes}
        return tuple((each, by_label.get(each.label)) for each in self.plan.accounts)
