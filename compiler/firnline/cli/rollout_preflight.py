"""Says what speaks against a rollout before it writes, and stops it where it would fail."""

from __future__ import annotations

from collections.abc import Sequence

from firnline.cli.failed import CommandFailed
from firnline.cli.streams import say
from firnline.rollout.engine import EngineFailed, Engines
from firnline.rollout.finding import Finding, Weight
from firnline.rollout.preflight_program import Program


def say_findings(found: Sequence[Finding], *, stop: bool = True) -> None:
    """Raises `CommandFailed` where one of them stops the rollout."""
    stopping = [each for each in found if each.stops and stop]
    for each in found:
        word = "error" if each in stopping else "warning" if each.stops else "note"
        say(f"{word}: {each.cause}" + (f"\n  = help: {each.help}" if each.help else ""))
    if stopping:
        no_access = any(each.weight is Weight.NO_ACCESS for each in stopping)
        raise CommandFailed("nothing was deployed", 3 if no_access else 2)


def install_plugin(engines: Engines, program: Program | None) -> None:
    """Once, before engines run at a time. Raises `CommandFailed`."""
    if program is None or not program.lacks_plugin or program.provider is None:
        return
    say(f"installing the AWS provider {program.provider} of Pulumi")
    try:
        engines.install_plugin("aws", program.provider)
    except EngineFailed as why:
        raise CommandFailed(
            f"the AWS provider {program.provider} cannot be installed: {why}; `pulumi plugin"
            f" install resource aws {program.provider}` does the same"
        ) from why
