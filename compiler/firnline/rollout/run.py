"""Wave by wave: all accounts of one are previewed, then deployed and verified, then comes the next.

Nothing of a wave is written while one of its previews fails, and nothing of the next one unless all
accounts of the one before are as they should be.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from threading import Event as Flag

from firnline.rollout.account import AccountRun
from firnline.rollout.engine import Engines
from firnline.rollout.events import CANARY, Event, Happened
from firnline.rollout.journal import Journal
from firnline.rollout.outcome import Outcome, Result
from firnline.rollout.plan import AccountPlan, Plan
from firnline.rollout.process import Process, free_memory
from firnline.rollout.verified import Verified

_TICK_SECONDS = 0.2
_GROWS_SECONDS = 10.0
"""Until an engine, its program and its provider have what memory they need."""

Verify = Callable[[Sequence[AccountPlan], Collection[str]], Verified]
"""What S3 answers about accounts; those with these labels were written by this rollout."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`concurrency` is how many stacks are deployed at a time, each with engine, program and
    provider, for which `bytes_each` must be free. With `keep_going`, a wave is finished although an
    account of it failed. `pause` is how many seconds must pass after a wave; None goes on. With
    `canary`, it ends after the first wave, until it is known what S3 does there.
    """

    concurrency: int
    bytes_each: int
    keep_going: bool = False
    pause: float | None = None
    canary: bool = False


@dataclass(slots=True)
class Rollout:
    """`began` are the engines that were started for each stack, by any rollout, and `written` the
    labels of accounts that this one wrote before it was resumed.
    """

    plan: Plan
    engines: Engines
    journal: Journal
    settings: Settings
    tell: Callable[[Event], None]
    verify: Verify
    began: Mapping[str, Sequence[Process]] = field(default_factory=dict)
    written: frozenset[str] = frozenset()
    stopping: Flag = field(default_factory=Flag)
    _runs: dict[str, AccountRun] = field(default_factory=dict)
    _verified_at: float = 0.0
    _begun_at: list[float] = field(default_factory=list)

    def run(self, after: int = 0) -> list[Outcome]:
        """Wave by wave; what is applied is not written again. No pause follows the waves up to
        `after`. Returns an outcome for each account of the waves that were begun.
        """
        outcomes: list[Outcome] = []
        waves = self.plan.waves
        for position, (number, accounts) in enumerate(waves):
            self._say(Happened.WAVE_BEGAN, number, buckets=_writes(accounts))
            found = self._verified(number, accounts, self._wave(accounts))
            outcomes += found
            good = all(each.result.is_good for each in found) and not self.stopping.is_set()
            self._say(Happened.WAVE_ENDED, number, result="good" if good else "stopped")
            if not good:
                break
            is_last = position + 1 == len(waves)
            if not is_last and number > after and self._pauses(number, is_first=position == 0):
                break
        return outcomes

    def _pauses(self, wave: int, *, is_first: bool) -> bool:
        if self.settings.canary and is_first:
            self._say(Happened.PAUSED, wave, result=CANARY, text=str(self._verified_at))
        elif self.settings.pause is not None:
            self._say(Happened.PAUSED, wave, text=str(time.time() + self.settings.pause))
        else:
            return False
        return True

    def _verified(
        self, number: int, accounts: Sequence[AccountPlan], outcomes: Sequence[Outcome]
    ) -> list[Outcome]:
        """Also of accounts in which nothing was to be written."""
        good = {each.account for each in outcomes if each.result.is_good}
        if not good or self.stopping.is_set():
            return list(outcomes)
        self._say(Happened.VERIFYING, number)
        applied = {each.account for each in outcomes if each.result is Result.APPLIED}
        written = applied | (self.written & good)
        verified = self.verify([each for each in accounts if each.label in good], written)
        self._verified_at = verified.at
        for note in verified.notes:
            self._say(Happened.NOTED, number, text=note)
        return [
            self._ended(replace(each, result=Result.UNSURE, reason=verified.wrong[each.account]))
            if each.account in verified.wrong
            else each
            for each in outcomes
        ]

    def interrupt(self) -> None:
        """Once: nothing new is begun. Again: engines finish the writes that they have begun."""
        if not self.stopping.is_set():
            self.stopping.set()
            self._say(Happened.STOPPING)
            return
        for each in list(self._runs.values()):
            if each.engine is not None:
                each.engine.interrupt()

    def _wave(self, accounts: Sequence[AccountPlan]) -> list[Outcome]:
        runs = [self._run_of(each) for each in accounts]
        todo = [each for each in runs if not each.account.has_nothing_to_do]
        refused = {
            each.account.label: outcome
            for each, outcome in self._each(todo, AccountRun.preview)
            if outcome is not None
        }
        if refused and not self.settings.keep_going:
            found = [refused.get(each.account.label) or _not_begun(each) for each in runs]
            return [self._ended(each) for each in found]
        found = []
        fit = [each for each in runs if each.account.label not in refused]
        for each, outcome in self._each(fit, _deploy):
            assert outcome is not None, each
            found.append(self._ended(outcome))
        return [*map(self._ended, refused.values()), *found]

    def _each(
        self, runs: Sequence[AccountRun], work: Callable[[AccountRun], Outcome | None]
    ) -> Iterator[tuple[AccountRun, Outcome | None]]:
        """As many at a time as the memory allows, in any order."""
        failed = False
        waiting = list(runs)
        running: dict[Future[Outcome | None], AccountRun] = {}
        with ThreadPoolExecutor(max_workers=self.settings.concurrency) as pool:
            while waiting or running:
                while waiting and self._has_room(len(running)):
                    each = waiting.pop(0)
                    skip = failed and not self.settings.keep_going
                    running[pool.submit(_not_started if skip else work, each)] = each
                done, _ = wait(running, timeout=_TICK_SECONDS, return_when=FIRST_COMPLETED)
                for future in done:
                    each, outcome = running.pop(future), future.result()
                    failed = failed or (outcome is not None and not outcome.result.is_good)
                    yield each, outcome

    def _has_room(self, running: int) -> bool:
        """One is always begun, however little is free. Those that began a moment ago have not taken
        yet what they will need.
        """
        if running >= self.settings.concurrency:
            return False
        now = time.monotonic()
        self._begun_at = [each for each in self._begun_at if now - each < _GROWS_SECONDS]
        needed = self.settings.bytes_each * (1 + len(self._begun_at))
        if running and free_memory() <= needed:
            return False
        self._begun_at.append(now)
        return True

    def _run_of(self, account: AccountPlan) -> AccountRun:
        began = tuple(self.began.get(account.stack.stack, ()))
        run = AccountRun(account, self.engines, self.journal, began, self.stopping, self._about)
        self._runs[account.label] = run
        return run

    def _ended(self, outcome: Outcome) -> Outcome:
        self.journal.outcome(outcome)
        self._say(
            Happened.ACCOUNT_ENDED,
            outcome.wave,
            account=outcome.account,
            result=outcome.result.value,
            buckets=outcome.written,
            text=outcome.reason,
            seconds=outcome.seconds,
            resource=outcome.resource,
        )
        return outcome

    def _about(self, what: Happened, account: AccountPlan, text: str) -> None:
        self._say(what, account.wave, account=account.label, buckets=len(account.writes), text=text)

    def _say(
        self,
        what: Happened,
        wave: int = 0,
        *,
        account: str = "",
        result: str = "",
        buckets: int = 0,
        text: str = "",
        seconds: float = 0.0,
        resource: str = "",
    ) -> None:
        event = Event(time.time(), what, wave, account, result, buckets, text, seconds, resource)
        self.journal.event(event)
        self.tell(event)


def _deploy(run: AccountRun) -> Outcome:
    return _as(Result.UP_TO_DATE, run) if run.account.has_nothing_to_do else run.up()


def _not_begun(run: AccountRun) -> Outcome:
    return _as(Result.UP_TO_DATE, run) if run.account.has_nothing_to_do else _not_started(run)


def _not_started(run: AccountRun) -> Outcome:
    return _as(Result.NOT_STARTED, run)


def _as(result: Result, run: AccountRun) -> Outcome:
    return Outcome(run.account.label, run.account.stack.stack, run.account.wave, result)


def _writes(accounts: Iterable[AccountPlan]) -> int:
    return sum(len(each.writes) for each in accounts)
