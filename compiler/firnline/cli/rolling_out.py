"""A project → its accounts deployed, or the plan of that, or why nothing was written."""

from __future__ import annotations

import argparse
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Thread

from firnline.cli.failed import CommandFailed
from firnline.cli.formats import Answer
from firnline.cli.rollout_answer import RolledOut, result_of_all
from firnline.cli.rollout_gone import say_gone
from firnline.cli.rollout_out import answer_with, check_out
from firnline.cli.rollout_planned import Planned, Refused, Selection, planned, refuse_open
from firnline.cli.rollout_preflight import install_plugin, say_findings
from firnline.cli.rollout_record import (
    await_engines,
    begun_of,
    engines_of,
    is_same,
    of_record,
    refuse_while_paused,
    resumed_record,
    written_by,
)
from firnline.cli.rollout_text import plan_text
from firnline.cli.rollout_watch import watching
from firnline.cli.streams import columns, say
from firnline.inventory.savings.entry import Entry
from firnline.rollout.engine import EngineFailed, Engines, NoEngine
from firnline.rollout.events import CANARY, Event, Happened
from firnline.rollout.journal import Begun, Journal, Record, UnusableRecord
from firnline.rollout.judged import Judged, judged
from firnline.rollout.outcome import Outcome, Result
from firnline.rollout.plan import Plan
from firnline.rollout.preflight import before_the_first_write, seconds_needed
from firnline.rollout.run import Rollout, Settings
from firnline.rollout.stacks import make_files
from firnline.rollout.verified import verified
from firnline.targets.pulumi_aws.rollout_run import RESTORE, ROLLOUT

_SOME_FAILED = 10
_BYTES_EACH = 750 * 1024 * 1024
"""Of engine, program and official provider, which takes 300 to 430 MB (pulumi/pulumi-aws#5860)."""


def rolled_out(project: Path, arguments: argparse.Namespace) -> int:
    """Raises `CommandFailed`."""
    check_out(arguments)
    if misused := _misused(arguments):
        raise CommandFailed(misused)
    try:
        if arguments.plan:
            return _print_plan(project, arguments)
        with Journal(project) as journal:
            return _Deployment(project, arguments, journal).run()
    except Refused as why:
        return why.code
    except (UnusableRecord, NoEngine) as why:
        raise CommandFailed(str(why)) from why
    except EngineFailed as why:
        raise CommandFailed(f"pulumi failed: {why}", 3) from why


def _misused(arguments: argparse.Namespace) -> str:
    """Options that do not go together; empty where they do."""
    if arguments.resume:
        given = {
            "--account": arguments.account,
            "--wave": arguments.wave,
            "--canary": arguments.canary,
            "--plan": arguments.plan,
        }
        also = next((option for option, value in given.items() if value), None)
        return f"--resume goes on with what was begun, and takes no {also}" if also else ""
    alone = {
        "--inventory": arguments.inventory,
        "--earlier": arguments.earlier,
        "--logs": arguments.logs,
    }
    without = next((option for option, value in alone.items() if value), None)
    return f"{without} goes with --resume" if without else ""


def _print_plan(folder: Path, arguments: argparse.Namespace) -> int:
    this = planned(folder, _selected(arguments), arguments)
    _refuse_another(this.plan, arguments.digest)
    found = judged(this.plan)
    answer_with(found, Answer.ROLLOUT_PLAN, arguments)
    _say_undo(this)
    refuse_open(found, arguments)
    seconds = seconds_needed(this.plan, (), arguments.concurrency)
    # The credentials of a review may be others, which only read.
    say_findings(before_the_first_write(this.plan, seconds), stop=False)
    return 0


def _selected(arguments: argparse.Namespace) -> Selection:
    return Selection(tuple(arguments.account), tuple(arguments.wave), arguments.undo)


def _say_undo(found: Planned) -> None:
    if found.undoes is None:
        return
    if not found.plan.writes:
        say(f"rollout {found.undoes} is undone: what was live before it is live")
        return
    say(f"this undoes rollout {found.undoes}: its rules, not what S3 has done by them")
    for each in found.again:
        say(f"what was changed on {each.bucket} since, on {each.at:%Y-%m-%d %H:%M}Z, is undone too")
    say_gone((*found.changes, *map(Entry, found.again)), found.plan)
    say("change the policies back as well: what they say is what the next rollout deploys")


def _refuse_another(plan: Plan, digest: str | None) -> None:
    if digest is not None and digest != plan.digest:
        raise CommandFailed(
            f"the plan has the digest {plan.digest}, not `{digest}`: what would be deployed is not"
            " what was planned then",
            7,
        )


class _Deployment:
    def __init__(self, folder: Path, arguments: argparse.Namespace, journal: Journal) -> None:
        self._folder, self._arguments, self._journal = folder, arguments, journal
        self._records = journal.records()

    def run(self) -> int:
        last = self._records[-1] if self._records else None
        resumed = resumed_record(last, now=self._arguments.now) if self._arguments.resume else None
        await_engines(self._records)
        selection = of_record(resumed) if resumed else _selected(self._arguments)
        found = planned(self._folder, selection, self._arguments)
        say(plan_text(Judged(found.plan), columns=columns()).rstrip("\n"))
        _say_undo(found)
        self._refuse_another(found.plan, resumed)
        if resumed is None and last is not None and is_same(last, found, selection):
            say(f"going on with rollout {last.begun.id}, which is not finished")
            resumed = resumed_record(last, now=self._arguments.now)
        if resumed is None and last is not None and not self._arguments.now:
            refuse_while_paused(last, found.plan.digest)
        refuse_open(judged(found.plan), self._arguments)
        seconds = seconds_needed(found.plan, self._records, self._arguments.concurrency)
        say_findings(before_the_first_write(found.plan, seconds))
        self._judge_canary(found.plan, resumed)
        return self._deploy(found, selection, resumed)

    def _judge_canary(self, plan: Plan, record: Record | None) -> None:
        """Where the rollout waits for that."""
        paused = record.paused if record else None
        if paused is None or paused.result != CANARY or self._arguments.now:
            return
        from firnline.cli.rollout_canary import judge_canary  # an extra, and slow to import

        wave = [each for each in plan.accounts if each.wave == paused.wave]
        since = datetime.fromtimestamp(float(paused.text), UTC)
        judge_canary(wave, since, self._arguments)

    def _refuse_another(self, plan: Plan, record: Record | None) -> None:
        """Where it is not the plan that was reviewed, or that was begun."""
        _refuse_another(plan, self._arguments.digest)
        if record and record.begun.digest != plan.digest:
            raise CommandFailed(
                f"rollout {record.begun.id} began with other rules (digest {record.begun.digest},"
                f" now {plan.digest}): `firnline rollout` begins another one"
            )

    def _deploy(self, found: Planned, selection: Selection, record: Record | None) -> int:
        plan = found.plan
        if made := make_files(self._folder, found.stacks, found.project.world):
            say(f"made {_listed(made)}: commit them, they say which stack deploys which account")
        begun = record.begun if record else begun_of(found, selection, self._arguments)
        logs = self._journal.go_on(record) if record else self._journal.begin(begun)
        # Both are said, whatever the shell says.
        environment = {ROLLOUT: begun.id, RESTORE: found.undoes or ""}
        engines = Engines(self._folder, logs, environment)
        install_plugin(engines, found.program)
        after = record.pauses_over if record else 0
        with watching(plan, begun.id, self._arguments) as tell:
            rollout = Rollout(
                plan,
                engines,
                self._journal,
                self._settings(begun),
                tell,
                partial(verified, settles=self._arguments.settle),
                engines_of(self._records),
                written_by(record, plan),
            )
            what = Happened.RESUMED if record else Happened.BEGAN
            tell(Event(time.time(), what, buckets=plan.writes, text=plan.digest))
            with _interruptible(rollout):
                outcomes = _run(rollout, after)
            code, result = result_of_all(plan, outcomes, interrupted=rollout.stopping.is_set())
            ended = Event(time.time(), Happened.ENDED, result=result)
            tell(ended)
        if result == Result.APPLIED:
            self._journal.event(ended)
        answer = RolledOut(begun.id, plan, tuple(outcomes), code)
        answer_with(answer, Answer.ROLLOUT, self._arguments)
        return code

    def _settings(self, begun: Begun) -> Settings:
        given = self._arguments
        pause = begun.pause if given.pause is None else given.pause
        return Settings(given.concurrency, _BYTES_EACH, given.keep_going, pause, begun.canary)


def _listed(files: Sequence[str]) -> str:
    more = f" and {len(files) - 2} more" if len(files) > 2 else ""
    return f"{', '.join(files[:2])}{more}"


def _run(rollout: Rollout, after: int) -> list[Outcome]:
    """Raises `CommandFailed` where the record cannot be written any more: something may have been
    deployed by then.
    """
    try:
        return rollout.run(after)
    except UnusableRecord as why:
        raise CommandFailed(str(why), _SOME_FAILED) from why


@contextmanager
def _interruptible(rollout: Rollout) -> Iterator[None]:
    """Ctrl-C is for the rollout, and comes back to its own meaning afterwards. In a thread: it may
    come while this one writes the record or the screen, which it does too.
    """
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}

    def end() -> None:
        """As CI systems ask for it, once: shortly before they kill what is left."""
        rollout.interrupt()
        rollout.interrupt()

    signal.signal(signal.SIGINT, lambda *_: Thread(target=rollout.interrupt).start())
    signal.signal(signal.SIGTERM, lambda *_: Thread(target=end).start())
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
