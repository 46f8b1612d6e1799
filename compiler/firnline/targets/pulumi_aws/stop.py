"""What does the stack say about itself; and how a program ends with our words, not a traceback."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NoReturn

import pulumi

from firnline.diagnostics.kinds import Diagnostic, has_errors, in_order
from firnline.diagnostics.text import to_text
from firnline.targets.pulumi_aws.world import AWS, endpoint_of_s3, judge_world

ALREADY_SAID: Final = 32
"""The exit code after which Pulumi adds no words of its own (pulumi-language-python-exec)."""


def stop(reason: str) -> NoReturn:
    raise pulumi.RunError(reason)


def stop_on(found: Iterable[Diagnostic]) -> None:
    """Errors end the program; what only warns is shown and the program goes on."""
    diagnostics = in_order(found)
    if has_errors(diagnostics):
        stop(f"\n{to_text(diagnostics)}")
    if diagnostics:
        pulumi.warn(f"\n{to_text(diagnostics)}")


def stop_on_mixed_worlds(region: str) -> None:
    trouble = judge_world(stack_world(), endpoint_of_s3(region), pulumi.get_stack())
    stop_on([trouble] if trouble else [])


def stack_world() -> str:
    """What the stack's configuration says in `firnline:world`."""
    return pulumi.Config("firnline").get("world") or AWS


def stack_accounts() -> list[str]:
    """The labels in the stack's `firnline:accounts`; ends the program where there are none."""
    named = pulumi.Config("firnline").get_object("accounts")
    if not named:
        stop(
            f"Pulumi.{pulumi.get_stack()}.yaml does not say which accounts the stack deploys:"
            " add `firnline:accounts: [<label of the fleet file>]` below `config:`"
        )
    return [named] if isinstance(named, str) else [str(label) for label in named]
