"""The record of a rollout: whether to go on with one, and with what."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from firnline.cli.failed import CommandFailed
from firnline.cli.rollout_planned import Planned, Selection
from firnline.cli.streams import say
from firnline.rollout.events import CANARY
from firnline.rollout.journal import FOLDER, Begun, Record, new_id
from firnline.rollout.plan import Plan
from firnline.rollout.process import Process, process_of
from firnline.rollout.wanted import id_of_undo

_POLL_SECONDS = 0.5


def resumed_record(last: Record | None, *, now: bool) -> Record:
    """The unfinished rollout to go on with; `now`, before the end of a pause. Raises
    `CommandFailed`.
    """
    if last is None:
        raise CommandFailed(
            f"no rollout is recorded in {FOLDER}: `firnline rollout` reads from the stacks"
            " what is deployed already, and does the rest"
        )
    if last.is_finished:
        raise CommandFailed(f"the last rollout, {last.begun.id}, is finished")
    paused = last.paused
    until = float(paused.text) if paused and paused.result != CANARY else 0
    if until > time.time() and not now:
        when = f"{datetime.fromtimestamp(until, UTC):%Y-%m-%d %H:%M}Z"
        raise CommandFailed(
            f"rollout {last.begun.id} pauses until {when}: resume it then, or with --now"
        )
    return last


def refuse_while_paused(last: Record, digest: str) -> None:
    """Other accounts or waves of the same plan do not go past its pause. Raises `CommandFailed`."""
    if last.paused is not None and not last.is_finished and last.begun.digest == digest:
        raise CommandFailed(
            f"rollout {last.begun.id} of the same rules pauses after wave {last.paused.wave}:"
            " --resume goes on with it, and --now begins this one all the same"
        )


def await_engines(records: Sequence[Record]) -> None:
    """Those of a rollout that was killed go on, and finish what they do."""
    for stack, processes in engines_of(records).items():
        for each in processes:
            if each.has_ended is False:
                say(f"{stack}: process {each.pid} of an earlier rollout still deploys it")
            while each.has_ended is False:
                time.sleep(_POLL_SECONDS)


def begun_of(found: Planned, selection: Selection, arguments: argparse.Namespace) -> Begun:
    now, process = datetime.now(UTC), process_of(os.getpid())
    assert process is not None, "this one runs"
    id = new_id(now)
    if arguments.canary and len(found.plan.waves) < 2:
        say("--canary changes nothing: there is one wave")
    return Begun(
        id=id_of_undo(id, found.undoes) if found.undoes else id,
        digest=found.plan.digest,
        began=now.timestamp(),
        process=process,
        accounts=selection.accounts,
        waves=selection.waves,
        undoes=found.undoes or "",
        pause=arguments.pause,
        canary=arguments.canary,
    )


def of_record(record: Record) -> Selection:
    return Selection(record.begun.accounts, record.begun.waves, record.begun.undoes or None)


def is_same(last: Record, found: Planned, selection: Selection) -> bool:
    """Whether it is the last rollout, which is not finished, once more: with one id for all of it,
    all of it can be undone together.
    """
    now = Selection(selection.accounts, selection.waves, found.undoes)
    return (
        not last.is_finished and last.begun.digest == found.plan.digest and of_record(last) == now
    )


def written_by(record: Record | None, plan: Plan) -> frozenset[str]:
    """The accounts whose rules the rollout may have written before it was resumed: all for which
    it started an engine. Where it was killed it noted no outcome, and nobody asked S3.
    """
    began = record.engines if record else {}
    return frozenset(each.label for each in plan.accounts if each.stack.stack in began)


def engines_of(records: Sequence[Record]) -> dict[str, tuple[Process, ...]]:
    found: dict[str, tuple[Process, ...]] = {}
    for record in records:
        for stack, processes in record.engines.items():
            found[stack] = (*found.get(stack, ()), *processes)
    return found
