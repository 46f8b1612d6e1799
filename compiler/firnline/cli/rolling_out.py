"""A project → its accounts deployed, or the plan of that, or why nothing was written."""

from __future__ import annotations

import argparse
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

from firnline.cli.failed import CommandFailed
from firnline.cli.formats import Answer
from firnline.cli.resolve import say_failures
from firnline.cli.rollout_answer import RolledOut
from firnline.cli.rollout_out import answer_with, check_out
from firnline.cli.rollout_text import plan_text
from firnline.cli.rollout_watch import watching
from firnline.cli.streams import columns, say, say_diagnostics
from firnline.diagnostics.kinds import has_errors
from firnline.language.project import BadSettings
from firnline.rollout.asked import states_of
from firnline.rollout.chosen import NoSuchAccount, chosen
from firnline.rollout.compiled import Compiled, compiled
from firnline.rollout.engine import EngineFailed, Engines, NoEngine
from firnline.rollout.events import Event, Happened
from firnline.rollout.journal import Begun, Journal, Record, UnusableRecord, new_id
from firnline.rollout.judged import Judged, judged
from firnline.rollout.outcome import Outcome, Result
from firnline.rollout.plan import Plan, plan_of
from firnline.rollout.process import Process, process_of
from firnline.rollout.run import Rollout, Settings
from firnline.rollout.stacks import make_files, stacks_of
from firnline.rollout.verified import verified
from firnline.rules.diff.items import BucketNotAnalysed
from firnline.workspace import NoPolicies

_BYTES_EACH = 750 * 1024 * 1024
"""Of engine, program and official provider, which takes 300 to 430 MB (pulumi/pulumi-aws#5860)."""
_ROLLOUT = "FIRNLINE_ROLLOUT"


def rolled_out(project: Path, arguments: argparse.Namespace) -> int:
    """Raises `CommandFailed`."""
    check_out(arguments)
    try:
        with Journal(project) as journal:
            return _Command(project, arguments, journal).run()
    except UnusableRecord as why:
        raise CommandFailed(str(why)) from why
    except NoEngine as why:
        raise CommandFailed(str(why)) from why
    except EngineFailed as why:
        raise CommandFailed(f"pulumi failed: {why}", 3) from why


class _Command:
    def __init__(self, project: Path, arguments: argparse.Namespace, journal: Journal) -> None:
        self._project, self._arguments, self._journal = project, arguments, journal

    def run(self) -> int:
        record = self._record()
        project = self._compiled()
        if project.failed:
            say_diagnostics(project.found, self._arguments.color, [self._arguments.folder])
            say("nothing was deployed")
            return 1
        plan = self._plan(project, record)
        if not self._arguments.plan:
            say(plan_text(Judged(plan, ()), columns=columns()).rstrip("\n"))
        self._refuse_another(plan, record)
        assert project.fleet is not None
        found = judged(plan, project.fleet.namespace.value, project.agreed)
        if self._arguments.plan:
            answer_with(found, Answer.ROLLOUT_PLAN, self._arguments)
        if (code := self._refused(found)) or self._arguments.plan:
            return code
        return self._deploy(found.plan, project, record)

    def _record(self) -> Record | None:
        """The unfinished one that is gone on with."""
        records = self._journal.records()
        last = records[-1] if records else None
        if not self._arguments.resume:
            return None
        if last is None:
            raise CommandFailed(
                f"no rollout is recorded in {self._journal.folder}: `firnline rollout` asks the"
                " stacks what is deployed already, and does the rest"
            )
        if last.is_finished:
            raise CommandFailed(f"the last rollout, {last.begun.id}, is finished")
        until = float(last.paused.text) if last.paused else 0
        if until > time.time():
            when = f"{datetime.fromtimestamp(until, UTC):%Y-%m-%d %H:%M}Z"
            raise CommandFailed(f"the rollout pauses until {when}: resume it then")
        return last

    def _compiled(self) -> Compiled:
        try:
            return compiled(self._project, self._arguments.folder)
        except (NoPolicies, BadSettings) as why:
            raise CommandFailed(str(why)) from why
        except BucketNotAnalysed as why:
            raise CommandFailed(
                f"what the rules of {why.bucket} do under {why.prefix!r} is not known", 1
            ) from why

    def _plan(self, project: Compiled, record: Record | None) -> Plan:
        assert project.fleet is not None
        names = record.begun.accounts if record else tuple(self._arguments.account)
        waves = record.begun.waves if record else tuple(self._arguments.wave)
        stacks = stacks_of(project.fleet.accounts, project.stack_files, project.taken)
        engines = Engines(self._project, self._journal.folder / "states", {})
        plan = plan_of(stacks, project.buckets, states_of(engines, stacks))
        try:
            return chosen(plan, names, waves)
        except NoSuchAccount as why:
            raise CommandFailed(str(why)) from why

    def _refuse_another(self, plan: Plan, record: Record | None) -> None:
        """Where it is not the plan that was reviewed, or that was begun."""
        wanted = self._arguments.digest
        if wanted and wanted != plan.digest:
            raise CommandFailed(
                f"the plan has the digest {plan.digest}, not {wanted}: what would be deployed is"
                " not what was planned then",
                7,
            )
        if record and record.begun.digest != plan.digest:
            raise CommandFailed(
                f"the rollout {record.begun.id} began with other rules (digest"
                f" {record.begun.digest}, now {plan.digest}): `firnline rollout` begins another one"
            )

    def _refused(self, found: Judged) -> int:
        """The exit code; 0 where nothing speaks against the plan."""
        diagnostics = found.plan.found
        if diagnostics:
            say_diagnostics(diagnostics, self._arguments.color, [self._arguments.folder])
        if found.failures:
            say_failures(found.failures)
        if not found.failures and not any(each.is_refused for each in found.plan.accounts):
            return 0
        say("nothing was deployed")
        if found.failures:
            return 3
        return 1 if has_errors(diagnostics) else 5

    def _deploy(self, plan: Plan, project: Compiled, record: Record | None) -> int:
        made = make_files(self._project, [each.stack for each in plan.accounts], project.world)
        if made:
            say(f"made {_listed(made)}: commit them, they say which stack deploys which account")
        begun = record.begun if record else self._begun(plan)
        logs = self._journal.go_on(record) if record else self._journal.begin(begun)
        engines = Engines(self._project, logs, {_ROLLOUT: begun.id})
        fleet = project.fleet
        assert fleet is not None
        with watching(plan, begun.id, self._arguments) as tell:
            rollout = Rollout(
                plan,
                engines,
                self._journal,
                self._settings(),
                tell,
                lambda accounts: verified(accounts, fleet),
                _engines_of(self._journal.records()),
            )
            what = Happened.RESUMED if record else Happened.BEGAN
            tell(Event(time.time(), what, buckets=plan.writes, text=plan.digest))
            with _interruptible(rollout):
                outcomes = rollout.run(record.paused.wave if record and record.paused else 0)
            code, result = _ended(plan, rollout, outcomes)
            ended = Event(time.time(), Happened.ENDED, result=result)
            tell(ended)
        if result == Result.APPLIED:
            self._journal.event(ended)
        found = RolledOut(begun.id, plan, tuple(outcomes), code)
        answer_with(found, Answer.ROLLOUT, self._arguments)
        return code

    def _begun(self, plan: Plan) -> Begun:
        import os

        process = process_of(os.getpid())
        assert process is not None, "this one runs"
        return Begun(
            id=new_id(datetime.now(UTC)),
            digest=plan.digest,
            began=time.time(),
            process=process,
            accounts=tuple(self._arguments.account),
            waves=tuple(self._arguments.wave),
        )

    def _settings(self) -> Settings:
        return Settings(
            self._arguments.concurrency,
            _BYTES_EACH,
            self._arguments.keep_going,
            self._arguments.pause,
        )


def _listed(files: Sequence[str]) -> str:
    more = f" and {len(files) - 2} more" if len(files) > 2 else ""
    return f"{', '.join(files[:2])}{more}"


def _ended(plan: Plan, rollout: Rollout, outcomes: Sequence[Outcome]) -> tuple[int, str]:
    """The exit code, and the result of the whole."""
    good = [each for each in outcomes if each.result.is_good]
    if len(good) == len(plan.accounts):
        return 0, Result.APPLIED
    if rollout.stopping.is_set():
        return 130, Result.INTERRUPTED
    if len(good) == len(outcomes):
        return 0, Happened.PAUSED
    return 10 if good else 11, Result.FAILED


def _engines_of(records: Sequence[Record]) -> dict[str, tuple[Process, ...]]:
    found: dict[str, tuple[Process, ...]] = {}
    for record in records:
        for stack, processes in record.engines.items():
            found[stack] = (*found.get(stack, ()), *processes)
    return found


@contextmanager
def _interruptible(rollout: Rollout) -> Iterator[None]:
    """Ctrl-C is for the rollout, and comes back to its own meaning afterwards. In a thread: it may
    come while this one writes the record or the screen, which it does too.
    """
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, lambda *_: Thread(target=rollout.interrupt).start())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
