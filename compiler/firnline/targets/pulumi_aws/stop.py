"""Ends a program with our message instead of a traceback; reads the stack's configuration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NoReturn

import pulumi

from firnline.diagnostics.kinds import Diagnostic, has_errors, in_order
from firnline.diagnostics.text import to_text
from firnline.diagnostics.visible import visible
from firnline.targets.pulumi_aws.stack_files import ACCOUNTS, StackFile, labels_in
from firnline.targets.pulumi_aws.stack_files import other_stacks as stack_files
from firnline.targets.pulumi_aws.world import AWS, endpoints, judge_world

ALREADY_SAID: Final = 32
"""The exit code after which Pulumi adds no message of its own (pulumi-language-python-exec)."""


def stop(reason: str) -> NoReturn:
    raise pulumi.RunError(reason)


def stop_on(found: Iterable[Diagnostic]) -> None:
    """Errors end the program; warnings are shown and the program goes on."""
    diagnostics = in_order(found)
    if has_errors(diagnostics):
        stop(f"\n{to_text(diagnostics)}")
    if diagnostics:
        pulumi.warn(f"\n{to_text(diagnostics)}")


def stop_on_mixed_worlds(
    region: str, *, profile: str | None = None, declared: Mapping[str, str] | None = None
) -> None:
    """`profile` and `declared` (URLs by service) are those of one provider, if it sets any."""
    found = endpoints(region, profile=profile, declared=declared)
    trouble = judge_world(stack_world(), found, pulumi.get_stack())
    stop_on([trouble] if trouble else [])


def stack_world() -> str:
    """The stack's configuration value `firnline:world`."""
    return pulumi.Config("firnline").get("world") or AWS


def stack_accounts() -> tuple[str, ...]:
    """The labels in the stack's `firnline:accounts`; ends the program where there are none."""
    said = pulumi.Config("firnline").get("accounts")
    file = f"Pulumi.{pulumi.get_stack()}.yaml"
    if not said:
        stop(
            f"{file} does not say which accounts the stack deploys:"
            f" add `{ACCOUNTS}: [<label of the fleet file>]` below `config:`"
        )
    labels = labels_in(said)
    if labels is None:
        stop(
            f"{file}: `{ACCOUNTS}` is `{visible(said)}`, which is no label and no list of labels:"
            f" write `{ACCOUNTS}: ml-prod`, or `{ACCOUNTS}: [ml-prod, ml-staging]`, with labels of"
            " the fleet file"
        )
    return labels


def other_stacks() -> tuple[StackFile, ...]:
    return stack_files(Path(pulumi.get_root_directory()), pulumi.get_stack())
