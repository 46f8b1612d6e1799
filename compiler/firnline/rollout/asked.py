"""What do the stacks of a project say that they have applied? Reads the backend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from firnline.rollout.engine import Engines
from firnline.rollout.stacks import AccountStack
from firnline.rollout.states import NO_STACK, StackState

_AT_A_TIME = 4
"""Each is a process of the engine, which takes 0.5 s of processor time."""


def states_of(engines: Engines, stacks: Sequence[AccountStack]) -> Mapping[str, StackState]:
    """By the stack's name. Raises `EngineFailed`."""
    there = engines.stacks()
    known = [each.stack for each in stacks if each.stack in there]
    with ThreadPoolExecutor(max_workers=_AT_A_TIME) as pool:
        found = dict(
            zip(known, pool.map(lambda name: engines.of(name).state(), known), strict=True)
        )
    return {each.stack: found.get(each.stack, NO_STACK) for each in stacks}
