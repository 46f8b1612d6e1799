"""What a rollout needs on this machine besides its program: secrets, room, and a clean checkout."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from firnline.diagnostics.how_many import how_many
from firnline.revision.git import Git
from firnline.revision.no_base import NoBaseCommit
from firnline.rollout.finding import Finding, Weight
from firnline.rollout.settings_file import settings_in
from firnline.rollout.stacks import AccountStack
from firnline.s3.terms import Bytes
from firnline.targets.pulumi_aws.stack_files import folder_of_stacks

_PASSPHRASE: Final = "PULUMI_CONFIG_PASSPHRASE"
_BYTES_EACH: Final = 2 * 1024 * 1024
"""Of an account: its logs, and its state with the copies that the engine keeps of it."""
_LEAST_BYTES: Final = 50 * 1024 * 1024


def check_secrets(project: Path, stacks: Sequence[AccountStack]) -> Iterator[Finding]:
    """A backend of files encrypts secrets with a passphrase unless the stack names a key (Pulumi
    docs, "Stack settings file reference"); without it, each engine fails by itself. Pulumi Cloud
    has keys of its own.
    """
    if _PASSPHRASE in os.environ:
        return
    if path := os.environ.get(f"{_PASSPHRASE}_FILE"):
        if not (project / path).is_file():
            yield Finding(
                Weight.STOPS,
                f"{_PASSPHRASE}_FILE names {path}, and there is no such file",
                "name the file with the passphrase of the stacks",
            )
        return
    is_diy = _is_of_files(project)
    needing = [
        each.stack
        for each in stacks
        if _needs_passphrase(folder_of_stacks(project) / each.file, is_diy)
    ]
    if needing:
        more = f" and {len(needing) - 1} more" if len(needing) > 1 else ""
        yield Finding(
            Weight.STOPS,
            f"the secrets of the stack `{needing[0]}`{more} are encrypted with a passphrase, and"
            f" neither {_PASSPHRASE} nor {_PASSPHRASE}_FILE is set",
            "set one of them; or let the stacks use a key of KMS: `pulumi stack"
            " change-secrets-provider awskms://alias/NAME?region=REGION`",
        )


def _is_of_files(project: Path) -> bool:
    """False too where only the engine knows: where one has logged in before."""
    backend = settings_in(project / "Pulumi.yaml").get("backend")
    said = backend.get("url") if isinstance(backend, dict) else None
    scheme = urlsplit(os.environ.get("PULUMI_BACKEND_URL") or str(said or "")).scheme
    return scheme not in ("", "http", "https")


def _needs_passphrase(file: Path, is_diy: bool) -> bool:
    settings = settings_in(file)
    provider = settings.get("secretsprovider")
    if provider and provider not in ("passphrase", "default"):
        return False
    return "encryptionsalt" in settings or is_diy


def check_disk(project: Path, accounts: int) -> Iterator[Finding]:
    free = shutil.disk_usage(project).free
    needed = max(_LEAST_BYTES, accounts * _BYTES_EACH)
    if free < needed:
        yield Finding(
            Weight.STOPS,
            f"{Bytes(free).rounded} are free in {project}, and the logs and states of"
            f" {how_many(accounts, 'account')} may take {Bytes(needed).rounded}",
            "make room: a deployment whose state cannot be written is not known to Pulumi",
        )


def check_git(project: Path) -> Iterator[Finding]:
    """Nothing where git does not know the folder."""
    try:
        said = Git("the project").ask("-C", str(project), "status", "--porcelain", "--", ".")
    except NoBaseCommit:
        return
    changed = said.printed.splitlines() if said.code == 0 else []
    if changed:
        yield Finding(
            Weight.NOTE,
            f"{how_many(len(changed), 'file')} of the project not as in the commit that is checked"
            " out: what is deployed will be in no commit",
        )
