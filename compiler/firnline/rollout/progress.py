"""How far is a rollout, and how long will the rest take? By what happened so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from firnline.rollout.events import Event, Happened
from firnline.rollout.outcome import Result
from firnline.rollout.plan import AccountPlan, Plan

_TURNS: Final = (Happened.PREVIEWING, Happened.WRITING)
"""What is done to each account of a wave, one after the other."""


@dataclass(frozen=True, slots=True)
class Doing:
    """What an account or the whole wave is at, and since when; `text` is for people."""

    what: Happened
    since: float
    text: str = ""


class Progress:
    """Of one run; `concurrency` is how many accounts it deploys at a time, `pauses` whether it
    stops after the first wave.
    """

    def __init__(self, plan: Plan, concurrency: int, *, pauses: bool = False) -> None:
        self._waves = dict(plan.waves)
        self._concurrency, self._pauses = max(concurrency, 1), pauses
        self._took: dict[Happened, list[float]] = defaultdict(list)
        self._previewed: set[str] = set()
        self.began: float | None = None
        self.wave = 0
        self.running: dict[str, Doing] = {}
        self.results: dict[str, Result] = {}
        self.reasons: dict[str, str] = {}
        self.of_wave: Doing | None = None
        self.stopping = False

    def take(self, event: Event) -> None:
        """In the order in which they happen."""
        self.began = event.at if self.began is None else self.began
        if event.what is Happened.ACCOUNT_ENDED:
            self._end(event)
        elif event.account:
            self._go_on(event)
        else:
            self._take_of_wave(event)

    @property
    def waves(self) -> Sequence[int]:
        return tuple(self._waves)

    def accounts(self, wave: int) -> Sequence[AccountPlan]:
        return self._waves[wave]

    def counts(self, wave: int | None = None) -> Mapping[Result, int]:
        """Of accounts that have ended, in one wave or in all."""
        counted: dict[Result, int] = defaultdict(int)
        waves = self.waves if wave is None else [wave]
        for each in (account for number in waves for account in self._waves[number]):
            if each.label in self.results:
                counted[self.results[each.label]] += 1
        return counted

    @property
    def failing(self) -> Sequence[str]:
        """The last one first."""
        return [
            label
            for label, result in reversed(self.results.items())
            if not result.is_good and result is not Result.NOT_STARTED
        ]

    def seconds_left(self, now: float) -> float | None:
        """None before an account was deployed, and where nothing more is begun."""
        if not self._took[Happened.WRITING] or self.stopping or self.failing:
            return None
        waves = [self.wave] if self._pauses else [each for each in self._waves if each >= self.wave]
        left = sum(self._seconds_of(self._waves[each]) for each in waves if each in self._waves)
        spent = sum(now - each.since for each in self.running.values()) / self._concurrency
        return max(left - spent, 0.0)

    def _seconds_of(self, accounts: Iterable[AccountPlan]) -> float:
        left = [
            each.label
            for each in accounts
            if each.label not in self.results and not each.has_nothing_to_do
        ]
        not_previewed = [each for each in left if each not in self._previewed]
        verified = self._took[Happened.VERIFYING]
        return (
            self._turns(len(not_previewed)) * fmean(self._took[Happened.PREVIEWING] or [0.0])
            + self._turns(len(left)) * fmean(self._took[Happened.WRITING])
            + (fmean(verified) if verified and left else 0.0)
        )

    def _turns(self, accounts: int) -> float:
        """One account takes as long as several at a time do."""
        return max(accounts / self._concurrency, 1.0) if accounts else 0.0

    def _go_on(self, event: Event) -> None:
        if event.what is Happened.WAITING:
            self.running[event.account] = Doing(event.what, event.at, event.text)
            return
        self._measure(event.account, event.at)
        if event.what is Happened.PREVIEWED:
            self._previewed.add(event.account)
            self.running.pop(event.account, None)
        else:
            self.running[event.account] = Doing(event.what, event.at, event.text)

    def _end(self, event: Event) -> None:
        result = Result(event.result)
        if result is Result.APPLIED:
            self._measure(event.account, event.at)
        self.running.pop(event.account, None)
        # Where S3 answers something else later, it is the last one that failed.
        self.results.pop(event.account, None)
        self.results[event.account] = result
        self.reasons[event.account] = event.text

    def _measure(self, account: str, at: float) -> None:
        doing = self.running.get(account)
        if doing is not None and doing.what in _TURNS:
            self._took[doing.what].append(at - doing.since)

    def _take_of_wave(self, event: Event) -> None:
        if event.what is Happened.STOPPING:
            self.stopping = True
            return
        if event.what is Happened.NOTED:
            return
        if event.what is Happened.WAVE_BEGAN:
            self.wave = event.wave
        if self.of_wave is not None and self.of_wave.what is Happened.VERIFYING:
            self._took[Happened.VERIFYING].append(event.at - self.of_wave.since)
        self.of_wave = Doing(event.what, event.at, event.text)
