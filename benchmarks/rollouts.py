"""resolve, rollout and verify of 30 accounts of 10 buckets of 20 rules, and growth from 3 accounts.

The baselines read the same with boto3 alone, and deploy by plain `pulumi up`, stack by stack.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.memory import peak_memory
from sandbox.engine.find import find_engine
from sandbox.fleet.plan import Size
from sandbox.paths import CHECKOUT
from tests.end_to_end.fleet import FleetProject, make_fleet
from tests.end_to_end.stack import Aws, Ran, start_aws

FEW, MANY = Size(3, 10, 20, waves=1), Size(30, 10, 20, waves=3)
_AT_A_TIME = ("--concurrency", "3")
"""Stacks, in both: while more of them share the processors, each takes more of their time."""
_EMULATOR = "sandbox.emulator"
_PLAIN_RESOLVE = (sys.executable, str(Path(__file__).with_name("plain_resolve.py")))


@dataclass(frozen=True, slots=True)
class Cost:
    """`memory` is the most that all processes had at one time, without the emulator's."""

    seconds: float
    processor: float
    requests: int
    memory: int

    def __str__(self) -> str:
        return (
            f"{self.seconds:6.1f} s {self.processor:6.1f} s of the processor"
            f" {self.requests:6,} requests {self.memory / 2**20:6,.0f} MiB"
        )


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with start_aws(folder / "sandbox", find_engine(CHECKOUT)) as aws:
            many, few = (_project(folder, aws, size) for size in (MANY, FEW))
            plain = _project(folder, aws, FEW, stacks=True)
            yield from _resolved(few, many, plain)
            yield from _rolled_out(few, many, plain)
            yield from _verified(few, many)


def _resolved(few: FleetProject, many: FleetProject, plain: FleetProject) -> Iterator[Figure]:
    ours = _cost("resolve", many, partial(many.firnline, "resolve"))
    alone = _cost("boto3 alone", many, partial(many.run, *_PLAIN_RESOLVE))
    small = _cost("resolve", few, partial(few.firnline, "resolve"))
    assert plain.firnline("resolve").code == 0
    against = ours.processor / alone.processor
    yield Figure("resolve: of the processor, against boto3 alone", against, "×", 2.2)
    yield Figure("  requests, against boto3 alone", ours.requests / alone.requests, "×", 1.05)
    yield from _growth(small, ours)


def _rolled_out(few: FleetProject, many: FleetProject, plain: FleetProject) -> Iterator[Figure]:
    alone = _cost("pulumi up, one after the other", plain, partial(_each_up, plain))
    plain.clear()
    small = _cost("rollout", few, partial(few.rollout, *_AT_A_TIME))
    many.clear()
    ours = _cost("rollout", many, partial(many.rollout, *_AT_A_TIME))
    assert sum(many.written().values()) >= MANY.accounts * MANY.buckets
    yield Figure("rollout: time, against plain `pulumi up`", small.seconds / alone.seconds, "×")
    against = small.processor / alone.processor
    yield Figure("  of the processor, against plain `pulumi up`", against, "×", 1.6)
    yield Figure("  requests, against plain `pulumi up`", small.requests / alone.requests, "×", 2)
    yield from _growth(small, ours)
    again = _cost("rollout of nothing", many, partial(many.rollout))
    yield Figure(
        "rollout of nothing: time, against the first", again.seconds / ours.seconds, "×", 0.5
    )


def _verified(few: FleetProject, many: FleetProject) -> Iterator[Figure]:
    small = _cost("verify", few, partial(few.firnline, "verify"))
    ours = _cost("verify", many, partial(many.firnline, "verify"))
    buckets = MANY.accounts * MANY.buckets
    yield Figure("verify: requests of a bucket", ours.requests / buckets, "", 8)
    yield from _growth(small, ours)


def _growth(few: Cost, many: Cost) -> Iterator[Figure]:
    """Of an account of 30, against one of 3. Memory is of all."""
    times = MANY.accounts / FEW.accounts
    yield Figure("  time of an account, 3 → 30", many.seconds / few.seconds / times, "×", 1.3)
    spent = many.processor / few.processor / times
    yield Figure("  of the processor, an account, 3 → 30", spent, "×", 1.3)
    requests = many.requests / few.requests / times
    yield Figure("  requests of an account, 3 → 30", requests, "×", 1.1)
    yield Figure("  memory, 3 → 30", many.memory / few.memory, "×", 2.5)


def _each_up(project: FleetProject) -> Ran:
    """What a script without Firnline's rollout would do."""
    for account in project.accounts:
        project.require("pulumi", "stack", "init", account.label)
        ran = project.require("pulumi", "up", "--yes", "--stack", account.label)
    return ran


def _cost(what: str, project: FleetProject, action: Callable[[], Ran]) -> Cost:
    before = project.logged()
    spent, began = _processor(), time.perf_counter()
    ran: list[Ran] = []
    memory = peak_memory(lambda: ran.append(action()), without=_EMULATOR)
    seconds = time.perf_counter() - began
    assert ran[0].code == 0, ran[0].text
    requests = project.logged() - before
    cost = Cost(seconds, _processor() - spent, requests, memory)
    print(f"    {f'{what}, {project.size.accounts} accounts':<44}{cost}", flush=True)
    return cost


def _processor() -> float:
    """Of all processes that were started and have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _project(folder: Path, aws: Aws, size: Size, *, stacks: bool = False) -> FleetProject:
    name = f"fleet-{size.accounts}{'-plain' * stacks}"
    return make_fleet(folder / name, folder / "sandbox", aws, size, stacks=stacks)
