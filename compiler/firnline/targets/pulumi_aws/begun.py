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

TOKEN: Final = "firnline:s3:Rollout"
NAME: Final = "rollout"


@dataclass(frozen=True, slots=True)
class Begun:
    """By the name of each run that ended early, the rollout that it was part of, or "". `is_kept`
    where the stack has the resource.
    """

    runs: Mapping[str, str]
    is_kept: bool

    @property
    def rollouts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.runs.values()))


@dataclass(frozen=True, slots=True)
class ThisRun:
    """Its `name`, where a stack tells its runs apart."""

    rollout: str | None = None
    name: str | None = None


OF_NO_ROLLOUT: Final = ThisRun()


class Begin(pulumi.ComponentResource):
    """`run` is the name of this one."""

    def __init__(self, earlier: Begun, rollout: str | None) -> None:
        super().__init__(TOKEN, NAME, {})
        self.run = str(uuid4())
        begun = {**earlier.runs, self.run: rollout or ""}
        # Unknown, so that `pulumi up --plan` accepts what comes of it.
        self.register_outputs({"begun": UNKNOWN if pulumi.runtime.is_dry_run() else begun})


def begun_in(state: Mapping[str, Any], ended: str | None) -> Begun:
    """`state` holds the outputs of each resource, by URN; `ended` is the run that the ledger is
    of.
    """
    for urn, each in state.items():
        if urn.split("::")[2:] == [TOKEN, NAME]:
            runs: dict[str, str] = dict(each["outputs"].get("begun") or {})
            return Begun({} if ended in runs else runs, True)
    return Begun({}, False)
