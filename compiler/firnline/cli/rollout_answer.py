"""What came of a rollout: the answer of `firnline rollout` when it has ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from firnline.rollout.events import Happened
from firnline.rollout.outcome import Outcome, Result
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


def result_of_all(plan: Plan, outcomes: Sequence[Outcome], *, interrupted: bool) -> tuple[int, str]:
    """The exit code, and the result of the whole. Of what was interrupted, the last wave was not
    verified.
    """
    good = [each for each in outcomes if each.result.is_good]
    if interrupted:
        return 130, Result.INTERRUPTED
    if len(good) == len(plan.accounts):
        return 0, Result.APPLIED
    if len(good) == len(outcomes):
        return 0, Happened.PAUSED
    return 10 if good else 11, Result.FAILED
