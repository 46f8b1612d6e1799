"""A fleet → the files of its Pulumi project. `firnline rollout` makes the stack files, one for each
account; plain `pulumi up` needs those of all accounts.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sandbox.fleet.plan import (
    KINDS,
    UPLOADS,
    FleetAccount,
    Kind,
    Retention,
    Size,
    accounts_in,
    retentions_of,
)

MARK = "# Written by `python -m sandbox fleet`, which overwrites this folder."

_PROGRAM = '''\
"""The Pulumi program that gives every bucket of the stack's accounts its rules."""

from firnline.targets.pulumi_aws import deploy

deploy("policies")
'''

_SETTINGS = f"""\
{MARK}
[review]
approvals = "self"

# The first rules of a bucket that a sandbox made up need no approval; whatever shortens them does.
[gates.levels]
FL402 = {{level = "off", why = "what is stored in the sandbox is made up"}}
FL415 = {{level = "off", why = "what is stored in the sandbox is made up"}}
"""


def files_of(size: Size, virtual_environment: Path) -> dict[str, str]:
    """By their path in the project's folder."""
    accounts = accounts_in(size)
    return {
        "Pulumi.yaml": _project(virtual_environment),
        "__main__.py": _PROGRAM,
        "firnline.toml": _SETTINGS,
        "policies/fleet.yaml": _fleet(accounts),
        **{f"policies/{kind.name}.yaml": _policy(kind, size.rules) for kind in _kinds(accounts)},
        f"policies/{UPLOADS}.yaml": _uploads(),
    }


def stack_files_of(size: Size) -> dict[str, str]:
    """As `files_of`: a stack for each account, with its label for a name."""
    return {
        f"Pulumi.{each.label}.yaml": (f"config:\n  firnline:accounts: [{each.label}]\n")
        for each in accounts_in(size)
    }


def _project(virtual_environment: Path) -> str:
    return (
        f"{MARK}\nname: firnline-fleet\ndescription: S3 lifecycle rules of a fleet in the sandbox\n"
        'requiredPulumiVersion: ">=3.250.0"\n'
        f"runtime:\n  name: python\n  options:\n    virtualenv: {virtual_environment}\n"
        "# The world of stacks that say nothing else: they stop when S3 is looked for elsewhere.\n"
        "config:\n  firnline:world: sandbox\n"
    )


def _fleet(accounts: tuple[FleetAccount, ...]) -> str:
    return "".join(
        [
            "firnline: fleet/v1\nnamespace: acme-fleet\naccounts:\n",
            *(
                f'  {each.label}:\n    id: "{each.id}"\n    regions: [us-east-1, eu-west-1]\n'
                f"    role: {each.role}\n    wave: {each.wave}\n"
                for each in accounts
            ),
        ]
    )


def _kinds(accounts: tuple[FleetAccount, ...]) -> Iterator[Kind]:
    used = {bucket.kind for account in accounts for bucket in account.buckets}
    return (kind for kind in KINDS if kind in used)


def _policy(kind: Kind, rules: int) -> str:
    versioned = kind.versioning == "enabled"
    return "".join(
        [
            f"firnline: policy/v1\npolicy: {kind.name}\nowner: ml-platform\n"
            f"why: {kind.name} of all teams\n"
            f'applies_to:\n  - {{account: "*", buckets: "acme-*-{kind.name}-*"}}\n'
            f"versioning: {kind.versioning}\nretain:\n",
            *(_retention(each, versioned) for each in retentions_of(kind, rules)),
        ]
    )


def _retention(retention: Retention, versioned: bool) -> str:
    lines = [f"  {retention.name}:", f"    prefix: {retention.prefix}"]
    if retention.days is None:
        lines += ["    warm_after: 90d", "    delete_after: never"]
        old = "    old_versions: {delete_after: never}"
    else:
        lines += [f"    delete_after: {retention.days}d"]
        old = "    old_versions: {delete_after: 7d}"
    return "\n".join([*lines, *([old] if versioned else [])]) + "\n"


def _uploads() -> str:
    return (
        f"firnline: policy/v1\npolicy: {UPLOADS}\nowner: ml-platform\n"
        "why: incomplete multipart uploads are billed and nobody sees them\n"
        'applies_to: [{account: "*", buckets: "acme-*"}]\nuploads: {abort_after: 7d}\n'
    )
