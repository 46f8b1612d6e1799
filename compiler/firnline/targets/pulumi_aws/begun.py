"""Which runs began and ended before they recorded what they changed?

A resource without inputs says so of each run at once, before anything is written, and the ledger
says at the end which run it is of: where the two differ, a run was killed. Only stacks that were
part of a rollout have it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import pulumi
from pulumi.runtime.rpc import UNKNOWN

from firnline.targets.pulumi_aws.rollout_run import RolloutRun

TOKEN: Final = "firnline:s3:Rollout"
NAME: Final = "rollout"


@dataclass(frozen=True, slots=True)
class Begun:
    """By the name of each run that ended early, what it was part of. `is_kept` where the stack has
    the resource.
    """

    runs: Mapping[str, RolloutRun]
    is_kept: bool

    @property
    def rollouts(self) -> tuple[str, ...]:
        """Those that may have written what is not recorded, "" for a run outside of any. An undo of
        one of them may not: what it writes is what the ledger has.
        """
        every = {each.rollout for each in self.runs.values()}
        found = [each for each in self.runs.values() if each.restores not in every - {None}]
        return tuple(dict.fromkeys(each.rollout or "" for each in found))


@dataclass(frozen=True, slots=True)
class ThisRun:
    """Its `name`, where a stack tells its runs apart."""

    rollout: str | None = None
    name: str | None = None


OF_NO_ROLLOUT: Final = ThisRun()


class Begin(pulumi.ComponentResource):
    """`run` is the name of this one."""

    def __init__(self, earlier: Begun, this: RolloutRun) -> None:
        super().__init__(TOKEN, NAME, {})
        self.run = str(uuid4())
        begun = {name: _told(each) for name, each in {**earlier.runs, self.run: this}.items()}
        # Unknown, so that `pulumi up --plan` accepts what comes of it.
        self.register_outputs({"begun": UNKNOWN if pulumi.runtime.is_dry_run() else begun})


def begun_in(state: Mapping[str, Any], ended: str | None) -> Begun:
    """`state` holds the outputs of each resource, by URN; `ended` is the run that the ledger is
    of.
    """
    for urn, each in state.items():
        if urn.split("::")[2:] == [TOKEN, NAME]:
            told: dict[str, Any] = dict(each["outputs"].get("begun") or {})
            runs = {
                name: RolloutRun(known.get("rollout"), known.get("restores"))
                for name, known in told.items()
            }
            return Begun({} if ended in runs else runs, True)
    return Begun({}, False)


def _told(run: RolloutRun) -> dict[str, str]:
    said = {"rollout": run.rollout, "restores": run.restores}
    return {name: value for name, value in said.items() if value is not None}
