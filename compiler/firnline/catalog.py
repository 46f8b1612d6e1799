"""Every kind of diagnostic, in the order of their codes."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import firnline.diagnostics
import firnline.fleet
import firnline.inventory.checks
import firnline.language
import firnline.lint
import firnline.reach.doomed
import firnline.revision
import firnline.rules
from firnline.diagnostics.kinds import Kind

_PACKAGES = (
    firnline.diagnostics,
    firnline.language,
    firnline.rules,
    firnline.lint,
    firnline.inventory.checks,
    firnline.revision,
    firnline.fleet,
    firnline.reach.doomed,
)
# From the target, only the modules that do not import Pulumi.
_MODULES = tuple(
    f"firnline.targets.pulumi_aws.{name}"
    for name in (
        "agreement",
        "claims",
        "erased",
        "guard",
        "not_restored",
        "proved_rules",
        "rules_of_others",
        "stack_files",
        "strays",
        "two_stacks",
        "without_a_lock",
        "world",
    )
)


def catalog() -> tuple[Kind, ...]:
    """Every `Kind` that a module declares, sorted by code."""
    found: dict[str, Kind] = {}
    for name in (*_modules(), *_MODULES):
        for value in vars(importlib.import_module(name)).values():
            if isinstance(value, Kind):
                known = found.setdefault(value.code, value)
                assert known is value, f"{value.code} is declared twice"
    return tuple(found[code] for code in sorted(found))


def _modules() -> Iterator[str]:
    for package in _PACKAGES:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield found.name
