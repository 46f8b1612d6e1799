"""Rules → Pulumi's official AWS provider. Importing this package does not import pulumi."""

from __future__ import annotations

import gc
import importlib
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from firnline.targets.pulumi_aws.component import Retention
    from firnline.targets.pulumi_aws.deployment import deploy
    from firnline.targets.pulumi_aws.policy_file import rules_from

__all__ = ["Retention", "deploy", "rules_from"]

_HOMES = {"Retention": "component", "deploy": "deployment", "rules_from": "policy_file"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(_imported(f"{__name__}.{_HOMES[name]}"), name)


def _imported(module: str) -> ModuleType:
    """Nothing of it is garbage, and looking for some takes a fifth of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        return importlib.import_module(module)
    finally:
        if collects:
            gc.enable()
