"""What does a stack say about itself? Its state, as `pulumi stack export` prints it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from firnline.s3.model import RuleSet
from firnline.targets.pulumi_aws.deployed_rules import deployed_rules

_STACK: Final = "pulumi:pulumi:Stack"


@dataclass(frozen=True, slots=True)
class StackState:
    """`applied` has the digest of each bucket's rules, `written` the rules as they were sent, None
    where they cannot be read. `outputs` are those of each resource, by URN, and `pending` the URNs
    of operations that an engine never finished.
    """

    exists: bool = True
    applied: Mapping[str, str] = field(default_factory=dict)
    written: Mapping[str, RuleSet | None] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    pending: tuple[str, ...] = ()


NO_STACK: Final = StackState(exists=False)


def state_of(deployment: Mapping[str, Any]) -> StackState:
    """`deployment` is the member of that name in what is exported."""
    resources: Sequence[Mapping[str, Any]] = deployment.get("resources") or ()
    outputs = next(
        (each.get("outputs") or {} for each in resources if each.get("type") == _STACK), {}
    )
    applied = outputs.get("applied")
    pending = deployment.get("pending_operations") or ()
    return StackState(
        # By name, as a label may have changed since.
        applied={
            str(key).rpartition("/")[2]: str(digest)
            for key, digest in (applied if isinstance(applied, Mapping) else {}).items()
        },
        written=deployed_rules(resources),
        outputs={
            str(each["urn"]): {"outputs": each.get("outputs") or {}}
            for each in resources
            if not each.get("delete")
        },
        pending=tuple(str((each.get("resource") or {}).get("urn", "")) for each in pending),
    )
