"""A rollout in plain lines: its plan, what happens, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from typing import Final, assert_never

from firnline.cli.rollout_answer import RolledOut
from firnline.cli.rollout_words import about, clock, doing_in_words, in_words
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.diagnostics.wrapping import wrapped
from firnline.rollout.events import CANARY, Event, Happened
from firnline.rollout.judged import Judged
from firnline.rollout.outcome import Result
from firnline.rollout.plan import AccountPlan
from firnline.rollout.progress import Progress

_FAILED: Final = (Result.REFUSED, Result.FAILED, Result.UNSURE, Result.INTERRUPTED)


def plan_text(found: Judged, *, columns: int) -> str:
    plan = found.plan
    lines = [
        f"plan {plan.digest}: {how_many(len(plan.accounts), 'account')} in"
        f" {how_many(len(plan.waves), 'wave')}, {how_many(plan.writes, 'bucket')} to write",
        *(f"  wave {number}: {_planned(each, found.refused)}" for number, each in plan.waves),
    ]
    return "".join(f"{line}\n" for each in lines for line in wrapped(each, columns, hanging=4))


def _planned(accounts: Iterable[AccountPlan], refused: Collection[str]) -> str:
    return ", ".join(_one_planned(each, is_refused=each.label in refused) for each in accounts)


def _one_planned(account: AccountPlan, *, is_refused: bool) -> str:
    if account.has_nothing_to_do:
        return f"{account.label} (up to date)"
    refused = ", refused" if is_refused else ""
    writes = len(account.writes)
    return f"{account.label} ({writes} of {how_many(len(account.buckets), 'bucket')}{refused})"


def line_of(event: Event, *, seen: bool = False) -> str:
    """What a person wants to know who looks at a log later; empty where that is nothing. `seen`:
    all that goes well is on the screen already.
    """
    said = _said(event, seen=seen)
    return f"{datetime.fromtimestamp(event.at, UTC):%H:%M:%SZ} {said}" if said else ""


def _said(event: Event, *, seen: bool) -> str:
    match event.what:
        case Happened.WAVE_BEGAN:
            return f"wave {event.wave}: {how_many(event.buckets, 'bucket')} to write"
        case Happened.NOTED:
            return f"  {event.text}"
        case Happened.WAITING:
            return f"  {event.account}: {event.text}"
        case Happened.ACCOUNT_ENDED:
            good = Result(event.result).is_good
            return "" if seen and good else f"  {event.account}: {_result(event)}"
        case Happened.WAVE_ENDED:
            return f"wave {event.wave}: {'verified' if event.result == 'good' else 'stopped'}"
        case Happened.STOPPING:
            return "stopping: nothing new is begun; Ctrl-C again cancels what is running"
        case Happened.PAUSED if event.result == CANARY:
            return (
                f"wave {event.wave} is a canary: when S3 has run and written an inventory of it,"
                " --resume --inventory PLACE goes on"
            )
        case Happened.PAUSED:
            return f"paused after wave {event.wave} until {_moment(event.text)}: then --resume"
        case (
            Happened.BEGAN
            | Happened.RESUMED
            | Happened.PREVIEWING
            | Happened.PREVIEWED
            | Happened.WRITING
            | Happened.VERIFYING
            | Happened.ENDED
        ):
            return ""
        case _:
            assert_never(event.what)


def _result(event: Event) -> str:
    if event.result == Result.APPLIED:
        return f"{how_many(event.buckets, 'bucket')} written in {clock(event.seconds)}"
    return f"{in_words(Result(event.result))}{_indented(event.text)}"


def so_far(progress: Progress, now: float) -> str:
    """A line for a log in which nothing else was said for a while."""
    ended, total = len(progress.results), sum(map(len, map(progress.accounts, progress.waves)))
    parts = [f"wave {progress.wave}: {ended} of {how_many(total, 'account')} done"]
    if progress.failing:
        parts.append(f"{len(progress.failing)} failed")
    if progress.running:
        label, doing = min(progress.running.items(), key=lambda each: each[1].since)
        at = f"{doing_in_words(doing.what)} for {clock(now - doing.since)}"
        parts.append(f"{len(progress.running)} running ({label} {at})")
    elif progress.of_wave is not None and progress.of_wave.what is not Happened.WAVE_BEGAN:
        parts.append(doing_in_words(progress.of_wave.what))
    left = progress.seconds_left(now)
    if left is not None:
        parts.append(f"{about(left)} left")
    return f"{datetime.fromtimestamp(now, UTC):%H:%M:%SZ} {', '.join(parts)}"


def _moment(seconds: str) -> str:
    return f"{datetime.fromtimestamp(float(seconds), UTC):%Y-%m-%d %H:%M}Z"


def _indented(text: str) -> str:
    return "".join(f"\n    {visible(line)}" for line in text.splitlines() if line.strip())


def summary_text(found: RolledOut, *, columns: int) -> str:
    return "".join(
        f"{line}\n" for each in _summary(found) for line in wrapped(each, columns, hanging=4)
    )


def _summary(found: RolledOut) -> Iterator[str]:
    counted = Counter(each.result for each in found.outcomes)
    left = len(found.plan.accounts) - len(found.outcomes)
    parts = [f"{n:,} {in_words(result)}" for result, n in counted.items()]
    if left:
        parts.append(f"{left:,} in waves that were not begun")
    yield f"rollout {found.id}: {', '.join(parts)}"
    for each in found.outcomes:
        if each.result in _FAILED and each.logs:
            of = f", {each.resource}" if each.resource else ""
            yield f"  {each.account}{of}: {in_words(each.result)}; the engine's output: {each.logs}"
    if not all(each.result.is_good for each in found.outcomes):
        mended = any(each.result in _FAILED for each in found.outcomes)
        first = "once that is mended, " if mended else ""
        yield f"{first}`firnline rollout --resume` goes on with what is not applied"
