"""The shared state of one run of a Pulumi program: all its buckets."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from copy import copy
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import pulumi
from pulumi.resource import DependencyResource
from pulumi_aws.s3 import BucketLifecycleConfiguration

from firnline.fleet.accounts import Clients
from firnline.s3.model import RuleSet
from firnline.targets.pulumi_aws.begun import OF_NO_ROLLOUT, Begin, ThisRun, begun_in
from firnline.targets.pulumi_aws.claims import Claims
from firnline.targets.pulumi_aws.hooks import Guard
from firnline.targets.pulumi_aws.order import last_written_in
from firnline.targets.pulumi_aws.read_back import NAME, ReadBack
from firnline.targets.pulumi_aws.recorded import Recorded, configured_in, has_written, in_state
from firnline.targets.pulumi_aws.rollout_run import RolloutRun
from firnline.targets.pulumi_aws.run_gates import RunGates
from firnline.targets.pulumi_aws.savings import NAME as SAVINGS
from firnline.targets.pulumi_aws.savings import Earlier, Savings, earlier_in, run_in
from firnline.targets.pulumi_aws.shared_look import SharedLook
from firnline.targets.pulumi_aws.stack import applied_in, digest
from firnline.targets.pulumi_aws.stop import stop
from firnline.targets.pulumi_aws.strays import strays_in


class Program:
    """`state` is the stack's state before the run: the outputs of each resource, by URN. `strays`
    are the configurations in it that Pulumi must not delete.
    """

    def __init__(self, state: Mapping[str, Any] | None = None) -> None:
        self._state = state or {}
        self.strays = tuple(strays_in(state or {}))
        self.applied = applied_in(state or {})
        self.last_written = last_written_in(state or {})
        self.clients = Clients()
        self.look = SharedLook()
        self.claims = Claims(self.strays)
        self.gates = RunGates()
        self.elsewhere: Mapping[str, str] = {}
        self.earlier = earlier_in(state or {})
        self.run = RolloutRun()
        self._read_back: ReadBack | None = None
        self.savings: Savings | None = None
        self._alone = False

    def for_one(self, retention: str) -> Program:
        """The same run, for a `Retention` that comes in a call of its own: what is read back and
        forecast is recorded for it alone, since it is not known whether others follow.
        """
        alone = copy(self)
        alone._alone = True
        alone.earlier = earlier_in(self._state, f"{SAVINGS} of {retention}")
        return alone

    def look_into(self, stacks: Iterable[str], buckets: Iterable[str]) -> None:
        """Which of the buckets that are not in this stack's state are in that of another one of the
        project? Nothing is read where there are none, as in all runs but a bucket's first.
        """
        new = frozenset(buckets) - configured_in(self._state)
        if not new:
            return
        for stack in stacks:
            there = new & configured_in(_state_of_another(stack))
            self.elsewhere = {**self.elsewhere, **dict.fromkeys(there, stack)}

    def recorded(self) -> Mapping[str, Recorded]:
        """What the state has of each bucket, by the name of the resource."""
        return in_state(self._state)

    def was_written(self, retention: str, name: str, rules: RuleSet) -> bool:
        """Whether an earlier run wrote the rules, though it ended before it recorded that."""
        is_recorded = self.applied.get(retention) == digest(rules)
        return not is_recorded and has_written(self._state, name, rules)

    def read_back(self, guard: Guard, configuration: BucketLifecycleConfiguration) -> None:
        """Declares the resource that records it, unless an earlier one still accepts more."""
        if self._read_back is None or not self._read_back.add(guard, configuration):
            called = guard.retention if self._alone else guard.name
            of = f" of {called}" if self._read_back or self._alone else ""
            self._read_back = ReadBack(f"{NAME}{of}")
            self._read_back.add(guard, configuration)
            # The first one keeps those of earlier runs as well.
            earlier = self.earlier if self.savings is None else Earlier()
            run = OF_NO_ROLLOUT if self.savings else self._begin()
            savings = Savings(f"{SAVINGS}{of}", self._read_back, earlier, run)
            self.savings = self.savings or savings

    def _begin(self) -> ThisRun:
        """Declares the resource that says so before anything is written, where the stack is part of
        a rollout, or was.
        """
        begun = begun_in(self._state, run_in(self._state))
        if self.run.rollout is None and not begun.is_kept:
            return OF_NO_ROLLOUT
        return ThisRun(self.run.rollout, Begin(begun, self.run).run)


def this_program() -> Program:
    """A process may run several, one for each run of the Automation API: each has a root resource
    of its own. Without one (mocks), nothing is shared.
    """
    root = pulumi.runtime.get_root_resource()
    if root is None:
        return Program()
    if root not in _programs:
        _programs[root] = Program(_state())
    return _programs[root]


def begin_call(retention: str) -> None:
    """Before a `Retention` that a program in another language declares, which comes as a call to
    this process, while others may be in progress. All calls of a run share what they know.
    """
    project, stack = pulumi.get_project(), pulumi.get_stack()
    # Where components go whose `parent` is left out, as in a Python program.
    root = DependencyResource(
        f"urn:pulumi:{stack}::{project}::pulumi:pulumi:Stack::{project}-{stack}"
    )
    pulumi.runtime.settings.set_root_resource(root)
    run = project, stack, pulumi.runtime.is_dry_run()
    if run not in _runs:
        read = Program(_state())
        # Another call may have come first while the state was read.
        _runs.setdefault(run, read)
    _programs[root] = _runs[run].for_one(retention)


# A process of the package belongs to a preview, or to the update that follows it.
_runs: dict[object, Program] = {}

# Components have nothing in common that a caller could hand them but the root resource of the run
# (pulumi.runtime.get_root_resource), so what they share is found by it.
_programs: WeakKeyDictionary[pulumi.Resource, Program] = WeakKeyDictionary()
_TRIES, _PAUSE_SECONDS = 20, 0.25


def _state() -> Mapping[str, Any]:
    """Of the running program's stack, as it was before this run. Ends the program where that cannot
    be read: its content is unknown then.
    """
    try:
        return _read(pulumi.get_stack())
    except _Unread as error:
        stop(f"{error}, so nothing is deployed: {error.reason}")


def _state_of_another(stack: str) -> Mapping[str, Any]:
    """Empty where there is no such stack: its file may be older or newer than it."""
    try:
        return _read(stack)
    except _Unread as error:
        if not error.is_unknown:
            pulumi.warn(f"{error}, so which buckets it has is not known: {error.reason}")
        return {}


class _Unread(Exception):
    def __init__(self, stack: str, reason: str) -> None:
        super().__init__(f"the state of the stack `{stack}` cannot be read")
        self.reason = reason

    @property
    def is_unknown(self) -> bool:
        """Whether there is no such stack: the engine says so of every backend (pulumi/pkg v3.250,
        resource/deploy/builtins.go).
        """
        return "unknown stack" in self.reason


def _read(name: str) -> Mapping[str, Any]:
    """The state of a stack of the project. Raises `_Unread`."""
    stack = f"{pulumi.get_organization()}/{pulumi.get_project()}/{name}"
    for tries in count(1):
        try:
            return _outputs(stack)
        except Exception as error:
            if type(error) is not Exception:
                raise
            # A failed invoke has no class of its own (pulumi/runtime/invoke.py). The engine may be
            # writing the state at that moment, and in a file backend the file is empty then
            # ("failed to load checkpoint: EOF", seen with 3.250).
            unread = _Unread(stack, str(error))
            if tries == _TRIES or unread.is_unknown:
                raise unread from error
            time.sleep(_PAUSE_SECONDS)
    raise AssertionError("it counts on")


def _outputs(stack: str) -> Mapping[str, Any]:
    # Read from the engine, which knows the backend (pulumi/pkg v3.250,
    # resource/deploy/builtins.go; in the older layout of a file backend it cannot).
    answer = pulumi.runtime.invoke(
        "pulumi:pulumi:readStackResourceOutputs", {"stackName": stack}
    ).value
    outputs: Mapping[str, Any] = (answer or {}).get("outputs") or {}
    return outputs
