"""One account of a rollout: its stack previewed, deployed, and verified."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event as Flag
from typing import Final

from firnline.diagnostics.how_many import how_many
from firnline.rollout.engine import EngineFailed, Engines, StackEngine
from firnline.rollout.engine_output import failing_resource, in_short
from firnline.rollout.events import Happened
from firnline.rollout.journal import Journal
from firnline.rollout.outcome import Outcome, Result
from firnline.rollout.plan import AccountPlan
from firnline.rollout.process import Process

Tell = Callable[[Happened, AccountPlan, str], None]

_HOLDER: Final = re.compile(r"created by \S+?@(\S+) \(pid (\d+)\)")
_POLL_SECONDS: Final = 0.5


class _Locked(Exception):
    """Another engine has the stack; the text says which one, and what to do."""


@dataclass(slots=True)
class AccountRun:
    """`began` are the engines that this and earlier rollouts started for the stack."""

    account: AccountPlan
    engines: Engines
    journal: Journal
    began: tuple[Process, ...]
    stopping: Flag
    tell: Tell
    engine: StackEngine | None = None
    before: bool = field(init=False)
    """Whether an earlier rollout of this folder started an engine for the stack."""

    def __post_init__(self) -> None:
        self.before = bool(self.began)

    def preview(self) -> Outcome | None:
        """None where nothing speaks against deploying it."""
        if self.stopping.is_set():
            return self._outcome(Result.NOT_STARTED)
        self.tell(Happened.PREVIEWING, self.account, "")
        try:
            self._alone(self._preview)
        except EngineFailed as why:
            interrupted = self.stopping.is_set() and why.code != 1
            return self._failed(Result.INTERRUPTED if interrupted else Result.REFUSED, why)
        except _Locked as why:
            return self._outcome(Result.REFUSED, reason=str(why))
        self.tell(Happened.PREVIEWED, self.account, "")
        return None

    def up(self) -> Outcome:
        """Only after `preview`."""
        if self.stopping.is_set():
            return self._outcome(Result.NOT_STARTED)
        began = time.monotonic()
        self.tell(Happened.WRITING, self.account, "")
        try:
            self._alone(self._up)
        except EngineFailed as why:
            interrupted = self.stopping.is_set() and why.code != 1
            return self._failed(Result.INTERRUPTED if interrupted else Result.FAILED, why)
        except _Locked as why:
            return self._outcome(Result.FAILED, reason=str(why))
        written, seconds = len(self.account.writes), time.monotonic() - began
        return self._outcome(Result.APPLIED, written=written, seconds=seconds)

    def _preview(self, engine: StackEngine) -> None:
        if not self.account.state.exists:
            engine.make()
        engine.preview()

    def _up(self, engine: StackEngine) -> None:
        engine.up(len(self.account.writes))
        if pending := self.account.state.pending:
            many = how_many(len(pending), "operation")
            if self.before:
                engine.forget_pending()
                text = f"an engine that was killed left {many} unfinished: done now, and forgotten"
            else:
                text = (
                    f"an engine that this folder did not start left {many} unfinished: once it is"
                    " dead, `pulumi refresh --clear-pending-creates` forgets them"
                )
            self.tell(Happened.WAITING, self.account, text)

    def _alone(self, work: Callable[[StackEngine], None]) -> None:
        """Does it once no engine of ours has the stack any more. Raises `_Locked` where it is
        somebody else's.
        """
        stack = self.account.stack.stack
        self.engine = self.engines.of(
            stack, lambda process: self._note(stack, process), self.account.digest
        )
        for process in self.began:
            self._await(process)
        while True:
            try:
                return work(self.engine)
            except EngineFailed as why:
                if not why.is_locked:
                    raise
                self._unlock(self.engine, why)

    def _note(self, stack: str, process: Process) -> None:
        self.began = (*self.began, process)
        self.journal.engine(stack, process)

    def _unlock(self, engine: StackEngine, why: EngineFailed) -> None:
        holder = _HOLDER.search(why.stderr)
        if holder is None:
            raise _Locked(_held_by("another update", engine.stack)) from why
        host, pid = holder[1], int(holder[2])
        ours = next((each for each in self.began if (each.host, each.pid) == (host, pid)), None)
        if ours is not None:
            self._await(ours)
        if ours is None or not ours.is_gone:
            raise _Locked(_held_by(f"process {pid} on {host}", engine.stack)) from why
        text = f"its engine, process {pid}, was killed and left the stack locked: lock removed"
        self.tell(Happened.WAITING, self.account, text)
        engine.break_lock()

    def _await(self, process: Process) -> None:
        """An engine of a rollout that was killed goes on, and finishes what it does. Raises
        `_Locked` where this rollout is to stop before that.
        """
        if process.has_ended is not False:
            return
        text = f"process {process.pid} of an earlier rollout still deploys it"
        self.tell(Happened.WAITING, self.account, text)
        while process.has_ended is False:
            if self.stopping.wait(_POLL_SECONDS):
                raise _Locked(text)

    def _failed(self, result: Result, why: EngineFailed) -> Outcome:
        if why.code < 0:  # it had no time to say anything
            reason = f"its engine was killed (signal {-why.code}); what it wrote is looked at again"
            return self._outcome(result, reason=reason)
        return self._outcome(
            result, reason=in_short(why.stdout, why.stderr), resource=failing_resource(why.stdout)
        )

    def _outcome(
        self,
        result: Result,
        *,
        reason: str = "",
        resource: str = "",
        written: int = 0,
        seconds: float = 0.0,
    ) -> Outcome:
        return Outcome(
            account=self.account.label,
            stack=self.account.stack.stack,
            wave=self.account.wave,
            result=result,
            written=written,
            seconds=round(seconds, 1),
            resource=resource,
            reason=reason,
            logs=str(self.engine.logs) if self.engine else "",
        )


def _held_by(whom: str, stack: str) -> str:
    return (
        f"{whom} has the stack `{stack}` locked, and no rollout of this folder started that: wait"
        f" until it has ended; if it is dead, `pulumi cancel --stack {stack}` frees the stack"
    )
