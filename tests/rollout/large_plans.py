"""Plans of accounts that have something to do each, and what happens to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from firnline.rollout.events import Event, Happened
from firnline.rollout.outcome import Result
from firnline.rollout.plan import AccountPlan, Plan
from firnline.rollout.stacks import AccountStack
from firnline.rollout.states import StackState
from tests.fleet.small_world import account

_OF_NOBODY = StackState(applied={"a-bucket-that-left": "sha256:0"})
"""The deployment forgets it."""


def plan(waves: Mapping[int, int]) -> Plan:
    """So many accounts in each wave."""
    accounts: list[AccountPlan] = []
    for wave, many in waves.items():
        for _ in range(many):
            number = len(accounts) + 1
            one = replace(account(f"team-{number:03}", f"{number:012}"), wave=wave)
            stack = AccountStack(one, one.label.value, is_new=False)
            accounts.append(AccountPlan(stack, (), _OF_NOBODY))
    return Plan(tuple(accounts), "2dd9c68773b4")


def began(wave: int, at: float) -> Event:
    return Event(at, Happened.WAVE_BEGAN, wave, buckets=3)


def of_account(what: Happened, number: int, at: float, text: str = "") -> Event:
    return Event(at, what, 1, f"team-{number:03}", text=text)


def ended(number: int, at: float, result: Result = Result.APPLIED, text: str = "") -> Event:
    return Event(at, Happened.ACCOUNT_ENDED, 1, f"team-{number:03}", result, 3, text, 50.0)
