"""May a rollout begin? What it needs on this machine, and how long credentials must last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from pathlib import Path
from statistics import fmean
from typing import Final

from firnline.rollout.finding import Finding
from firnline.rollout.journal import Record
from firnline.rollout.outcome import Result
from firnline.rollout.plan import Plan
from firnline.rollout.preflight_credentials import check_credentials
from firnline.rollout.preflight_machine import check_disk, check_git, check_secrets
from firnline.rollout.preflight_program import Program, check_program, probed
from firnline.rollout.preflight_roles import check_roles
from firnline.rollout.stacks import AccountStack

_UP_SECONDS: Final = 85.0
"""Of an account of which nothing was measured: 55 s that the official provider waits after a write,
all buckets at a time, and the engine (`docs/rollout.md`).
"""
_PREVIEW: Final = 0.5
"""How long a preview takes in relation to a deployment without its waits."""
_VERIFY_SECONDS: Final = 60.0
_Check = Callable[[], Iterable[Finding]]


def before_the_plan(
    project: Path, stacks: Sequence[AccountStack]
) -> tuple[Program | None, tuple[Finding, ...]]:
    """Reads this machine alone. The program is None where it cannot be started."""
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(probed, project)
        found = _all(
            [
                lambda: check_secrets(project, stacks),
                lambda: check_disk(project, len(stacks)),
                lambda: check_git(project),
            ]
        )
        program = asked.result()
    return program, (*check_program(project, program), *found)


def before_the_first_write(plan: Plan, seconds: float) -> tuple[Finding, ...]:
    """`seconds` is how long it takes. Reads AWS."""
    return _all([lambda: check_credentials(seconds), lambda: check_roles(plan)])


def seconds_needed(plan: Plan, records: Sequence[Record], concurrency: int) -> float:
    """An estimate, by how long the accounts of earlier rollouts took."""
    took = [
        each.seconds
        for record in records
        for each in record.outcomes.values()
        if each.result is Result.APPLIED and each.written
    ]
    each = (fmean(took) if took else _UP_SECONDS) * (1 + _PREVIEW)
    todo = [sum(not each.has_nothing_to_do for each in accounts) for _, accounts in plan.waves]
    turns = sum(ceil(accounts / max(concurrency, 1)) for accounts in todo)
    return turns * each + sum(map(bool, todo)) * _VERIFY_SECONDS


def _all(checks: Sequence[_Check]) -> tuple[Finding, ...]:
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda check: tuple(check()), checks))
    return tuple(each for answer in answers for each in answer)
