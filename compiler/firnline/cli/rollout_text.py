"""A rollout in plain lines: its plan, what happens, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import assert_never

from firnline.cli.streams import say
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.rollout.events import Event, Happened
from firnline.rollout.outcome import Outcome, Result
from firnline.rollout.plan import AccountPlan, Plan


def say_plan(plan: Plan) -> None:
    waves = plan.waves
    say(
        f"plan {plan.digest}: {how_many(len(plan.accounts), 'account')} in"
        f" {how_many(len(waves), 'wave')}, {how_many(plan.writes, 'bucket')} to write"
    )
    for number, accounts in waves:
        say(f"  wave {number}: {', '.join(map(_planned, accounts))}")


def _planned(account: AccountPlan) -> str:
    writes = len(account.writes)
    if account.has_nothing_to_do:
        return f"{account.label} (up to date)"
    return f"{account.label} ({writes} of {how_many(len(account.buckets), 'bucket')})"


class LinesOfEvents:
    """One line for each thing that a person who looks at a log later wants to know."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def tell(self, event: Event) -> None:
        line = self._line(event)
        if line:
            say(line)

    def _line(self, event: Event) -> str:
        match event.what:
            case Happened.WAVE_BEGAN:
                return f"wave {event.wave}: {how_many(event.buckets, 'bucket')} to write"
            case Happened.WAITING:
                return f"  {event.account}: {event.text}"
            case Happened.ACCOUNT_ENDED:
                return f"  {event.account}: {_result(event)}"
            case Happened.STOPPING:
                return "stopping: nothing new is begun; Ctrl-C again cancels what is running"
            case Happened.PAUSED:
                return f"paused after wave {event.wave} until {_moment(event.text)}: then --resume"
            case (
                Happened.BEGAN
                | Happened.RESUMED
                | Happened.PREVIEWING
                | Happened.PREVIEWED
                | Happened.WRITING
                | Happened.VERIFYING
                | Happened.WAVE_ENDED
                | Happened.ENDED
            ):
                return ""
            case _:
                assert_never(event.what)


def _result(event: Event) -> str:
    if event.result == Result.APPLIED:
        return f"{how_many(event.buckets, 'bucket')} written and read back"
    return f"{event.result.replace('-', ' ')}{_indented(event.text)}"


def _moment(seconds: str) -> str:
    return f"{datetime.fromtimestamp(float(seconds), UTC):%Y-%m-%d %H:%M}Z"


def _indented(text: str) -> str:
    return "".join(f"\n    {visible(line)}" for line in text.splitlines() if line.strip())


def say_summary(plan: Plan, outcomes: Sequence[Outcome]) -> None:
    counted = Counter(each.result for each in outcomes)
    left = len(plan.accounts) - len(outcomes)
    parts = [f"{n} {result.value}" for result, n in counted.items()]
    say(", ".join([*parts, *([f"{left} in waves that were not begun"] if left else [])]))
    for each in outcomes:
        if not each.result.is_good and each.logs:
            of = f", {each.resource}" if each.resource else ""
            say(f"  {each.account}{of}: {each.result.value}; the engine's output: {each.logs}")
