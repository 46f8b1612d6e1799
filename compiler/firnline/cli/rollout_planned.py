"""A project → the plan of its rollout or of an undo, or why nothing can be deployed."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from firnline.cli.failed import CommandFailed
from firnline.cli.resolve import say_failures
from firnline.cli.rollout_preflight import say_findings
from firnline.cli.streams import say, say_diagnostics
from firnline.diagnostics.kinds import has_errors
from firnline.inventory.savings.entry import Change, Entry
from firnline.language.project import BadSettings
from firnline.rollout.asked import states_of
from firnline.rollout.chosen import NoSuchAccount, WaveBefore, chosen, fits
from firnline.rollout.compiled import Compiled, compiled
from firnline.rollout.engine import Engines
from firnline.rollout.judged import Judged
from firnline.rollout.plan import Plan, Wanted, plan_of
from firnline.rollout.preflight import before_the_plan
from firnline.rollout.preflight_program import Program
from firnline.rollout.stacks import AccountStack, stacks_of
from firnline.rollout.wanted import (
    Before,
    last_rollout,
    not_to_be_undone,
    wanted_before,
    wanted_of,
)
from firnline.rules.diff.items import BucketNotAnalysed
from firnline.workspace import NoPolicies

NOTHING = "nothing was deployed"
LAST = ""
"""In place of the id of the rollout to undo: the last one."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which accounts and waves, all where empty, and the rollout to undo; None deploys policies."""

    accounts: tuple[str, ...] = ()
    waves: tuple[int, ...] = ()
    undoes: str | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """`undoes` is the id of the rollout that is undone, with the `changes` that it made, and
    `again` those of others since that are undone as well. `stacks` are those of all accounts with
    buckets, chosen or not.
    """

    project: Compiled
    plan: Plan
    undoes: str | None = None
    program: Program | None = None
    stacks: tuple[AccountStack, ...] = ()
    changes: tuple[Entry, ...] = ()
    again: tuple[Change, ...] = ()


class Refused(Exception):
    """All has been said; `code` is the exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"refused with {code}")
        self.code = code


def planned(folder: Path, selection: Selection, arguments: argparse.Namespace) -> Planned:
    """Raises `Refused`, `CommandFailed`, `EngineFailed`."""
    project = _compiled(folder, arguments)
    assert project.fleet is not None
    stacks = stacks_of(project.fleet.accounts, project.stack_files, project.taken)
    program, found = before_the_plan(folder, stacks)
    say_findings(found)
    # What is exported is gone afterwards: it is the state of stacks.
    with TemporaryDirectory(prefix="firnline-") as scratch:
        states = states_of(Engines(folder, Path(scratch), {}), stacks)
    for stack, why in not_to_be_undone(states).items():
        say(f"what is deployed to {stack} cannot be undone, as its ledger cannot be read: {why}")
    undoes = selection.undoes
    if undoes == LAST:
        undoes = last_rollout(states.values())
        if undoes is None:
            raise CommandFailed("no stack of the project was ever deployed by a rollout")
    wanted: Mapping[str, Sequence[Wanted]] = wanted_of(project)
    changes: tuple[Entry, ...] = ()
    again: tuple[Change, ...] = ()
    if undoes is not None:
        these = [each for each in stacks if fits(each.label, selection.accounts)]
        before = wanted_before(project, undoes, these, states)
        _refuse_unknown(before, undoes, arguments)
        wanted, changes, again = before.wanted, before.changes, before.again
    whole = plan_of(stacks, wanted, states)
    try:
        plan = chosen(whole, selection.accounts, selection.waves)
    except (NoSuchAccount, WaveBefore) as why:
        raise CommandFailed(str(why)) from why
    every = tuple(each.stack for each in whole.accounts)
    return Planned(project, plan, undoes, program, every, changes, again)


def refuse_open(found: Judged, arguments: argparse.Namespace) -> None:
    """Where something speaks against the plan. Raises `Refused`."""
    if found.found:
        say_diagnostics(found.found, arguments.color, [arguments.folder])
    if found.failures:
        say_failures(found.failures)
    if found.refuses:
        say(NOTHING)
        raise Refused(3 if found.failures else 1 if has_errors(found.found) else 5)


def _compiled(folder: Path, arguments: argparse.Namespace) -> Compiled:
    try:
        project = compiled(folder, arguments.folder)
    except (NoPolicies, BadSettings) as why:
        raise CommandFailed(str(why)) from why
    except BucketNotAnalysed as why:
        raise CommandFailed(
            f"what the rules of {why.bucket} do under {why.prefix!r} is not known", 1
        ) from why
    if project.failed:
        say_diagnostics(project.found, arguments.color, [arguments.folder])
        say(NOTHING)
        raise Refused(1)
    return project


def _refuse_unknown(before: Before, rollout: str, arguments: argparse.Namespace) -> None:
    if before.problems:
        say_diagnostics(before.problems, arguments.color, [arguments.folder])
    if has_errors(before.problems):
        say(NOTHING)
        raise Refused(1)
    if not before.wanted:
        raise CommandFailed(f"no stack of the project knows a rollout `{rollout}`")
