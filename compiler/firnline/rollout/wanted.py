"""What is each account of a project to have: what policies say, or what it had before a rollout?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from firnline.diagnostics.kinds import Diagnostic
from firnline.inventory.savings.entry import Change, Entry
from firnline.rollout.compiled import Compiled
from firnline.rollout.journal import began_at
from firnline.rollout.plan import Wanted
from firnline.rollout.stacks import AccountStack
from firnline.rollout.states import StackState
from firnline.targets.pulumi_aws.not_restored import ledger_unreadable
from firnline.targets.pulumi_aws.proved_rules import of_bucket
from firnline.targets.pulumi_aws.recorded import in_state
from firnline.targets.pulumi_aws.restored import Undo, restored
from firnline.targets.pulumi_aws.savings import Earlier, earlier_in

_UNDO = "-undo-"


def wanted_of(project: Compiled) -> Mapping[str, Sequence[Wanted]]:
    """By the id of the account."""
    found: dict[str, list[Wanted]] = {}
    for each in project.buckets:
        proved = of_bucket(each, project.namespace, project.agreed)
        found.setdefault(each.bucket.account_id, []).append((each.bucket, proved))
    return found


@dataclass(frozen=True, slots=True)
class Before:
    """What was live before a rollout, by the id of the account, why it cannot be undone, the
    changes that it made, and those that others made since and that are undone as well.
    """

    wanted: Mapping[str, Sequence[Wanted]]
    problems: tuple[Diagnostic, ...]
    changes: tuple[Entry, ...]
    again: tuple[Change, ...] = ()


def wanted_before(
    project: Compiled,
    rollout: str,
    stacks: Iterable[AccountStack],
    states: Mapping[str, StackState],
) -> Before:
    """Of the accounts that the rollout wrote."""
    found: dict[str, Sequence[Wanted]] = {}
    problems: list[Diagnostic] = []
    changes: list[Entry] = []
    again: list[Change] = []
    for each in stacks:
        state = states[each.stack]
        earlier = earlier_in(state.outputs)
        if earlier.unreadable is not None:
            problems.append(ledger_unreadable(earlier.why))
        elif rollout in _rollouts(earlier):
            undone, why = restored(_undo(project, rollout, each, state, earlier))
            found[each.account.id.value] = [(one.bucket, one.proved) for one in undone]
            problems += why
            changes += [entry for entry in earlier.entries if entry.rollout == rollout]
            again += [change for one in undone for change in one.again]
    return Before(found, tuple(problems), tuple(changes), tuple(again))


def not_to_be_undone(states: Mapping[str, StackState]) -> Mapping[str, str]:
    """Stacks whose ledger cannot be read, so that no undo would know what was there before, and
    why.
    """
    earlier = {stack: earlier_in(state.outputs) for stack, state in states.items()}
    return {stack: each.why for stack, each in earlier.items() if each.unreadable is not None}


def last_rollout(states: Iterable[StackState]) -> str | None:
    """The one that changed a bucket last, and that is no undo itself. Of one that was killed before
    it recorded a change, its own ID says when it began.
    """
    moments: dict[str, datetime] = {}
    for earlier in (earlier_in(each.outputs) for each in states):
        for id in earlier.begun:
            if (began := began_at(id)) is not None:
                moments[id] = max(began, moments.get(id, began))
        for entry in earlier.entries:
            id, at = entry.rollout or "", entry.change.at
            moments[id] = max(at, moments.get(id, at))
    known = [id for id in moments if id and _UNDO not in id]
    return max(known, key=lambda id: (moments[id], id), default=None)


def id_of_undo(id: str, rollout: str) -> str:
    return f"{id}{_UNDO}{rollout}"


def _rollouts(earlier: Earlier) -> set[str]:
    named = {name for each in earlier.entries for name in (each.rollout, *each.dropped)}
    return {name for name in (*named, *earlier.begun) if name}


def _undo(
    project: Compiled, rollout: str, stack: AccountStack, state: StackState, earlier: Earlier
) -> Undo:
    label = stack.label
    return Undo(
        rollout=rollout,
        entries=earlier.entries,
        begun=earlier.begun,
        recorded=in_state(state.outputs),
        compiled=[each for each in project.buckets if each.bucket.account == label],
        locked=[each for each in project.locked if each.account == label],
        accounts=[stack.account],
        namespace=project.namespace,
        agreed=project.agreed,
    )
