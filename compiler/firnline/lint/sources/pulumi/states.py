"""The states of resources in `pulumi preview --json` and in `pulumi stack export`.

pulumi/pulumi: pkg/display/json.go (previewDigest, previewStep) and sdk/go/common/apitype/core.go
(DeploymentV3, ResourceV3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from firnline.language.data_tree import Path
from firnline.s3.shape import Json

_PROVIDER: Final = re.compile(r"::pulumi:providers:aws::[^:]*?_(\d+)_(\d+)_(\d+)::")
_REMOVING: Final = ("delete", "delete-replaced", "discard-replaced")


@dataclass(frozen=True, slots=True)
class State:
    """`inputs_at` is the place of the inputs in the data of the file."""

    urn: str
    type: str
    inputs: Json
    outputs: Json
    inputs_at: Path
    depends_on: tuple[str, ...]
    provider: str
    retained: bool = False

    @property
    def name(self) -> str:
        return self.urn.rpartition("::")[2]

    @property
    def provider_version(self) -> str | None:
        """As far as the name of a default provider tells."""
        found = _PROVIDER.search(self.provider)
        return ".".join(found.groups()) if found else None


@dataclass(frozen=True, slots=True)
class Removal:
    """A step that deletes a resource; `after_new` where its replacement is there before."""

    state: State
    where: Path
    after_new: bool


def states_of(data: Json) -> tuple[State, ...] | None:
    """Those that will be, or are; None where the data is none of Pulumi's."""
    if isinstance(steps := data.get("steps"), list):
        is_preview = bool({"changeSummary", "config", "duration"} & data.keys())
        if not is_preview and not any(isinstance(each, dict) and "urn" in each for each in steps):
            return None
        found = (
            _state(step.get("newState"), ("steps", nth, "newState"))
            for nth, step in enumerate(steps)
            if isinstance(step, dict) and step.get("op") not in _REMOVING
        )
        return _last_of_each(each for each in found if each is not None)
    deployment = data.get("deployment")
    if not isinstance(deployment, dict):
        return None
    resources = deployment.get("resources")
    kept = (
        _state(each, ("deployment", "resources", nth))
        for nth, each in enumerate(resources if isinstance(resources, list) else ())
        if not (isinstance(each, dict) and each.get("delete"))
    )
    return _last_of_each(each for each in kept if each is not None)


def removals_of(data: Json) -> Iterator[Removal]:
    steps = data.get("steps")
    new: set[str] = set()
    for nth, step in enumerate(steps if isinstance(steps, list) else ()):
        if not isinstance(step, dict):
            continue
        urn = str(step.get("urn"))
        if step.get("op") == "create-replacement":
            new.add(urn)
        old = _state(step.get("oldState"), ("steps", nth, "oldState"))
        if step.get("op") in _REMOVING and old is not None and not old.retained:
            yield Removal(old, ("steps", nth, "urn"), urn in new)


def _last_of_each(states: Iterator[State]) -> tuple[State, ...]:
    """A replaced resource has several steps."""
    return tuple({each.urn: each for each in states}.values())


def _state(said: Any, where: Path) -> State | None:
    if not isinstance(said, dict) or not isinstance(said.get("urn"), str):
        return None
    return State(
        urn=said["urn"],
        type=str(said.get("type", "")),
        inputs=_object(said.get("inputs")),
        outputs=_object(said.get("outputs")),
        inputs_at=(*where, "inputs"),
        depends_on=_depends_on(said),
        provider=str(said.get("provider", "")),
        retained=said.get("retainOnDelete") is True,
    )


def _depends_on(said: Json) -> tuple[str, ...]:
    """Of what the argument `bucket` depends on; else of what the resource does."""
    by_property = _object(said.get("propertyDependencies")).get("bucket")
    named = by_property if isinstance(by_property, list) else said.get("dependencies")
    return tuple(map(str, named)) if isinstance(named, list) else ()


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}
