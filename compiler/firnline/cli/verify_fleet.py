"""What `firnline verify` compares with: the policies, the lock, and an earlier revision of both."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from firnline.cli.failed import CommandFailed
from firnline.cli.parser import instead_of
from firnline.cli.snapshots import GIT
from firnline.cli.streams import say_diagnostics
from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.diagnostics.visible import visible
from firnline.fleet.questions import ListedBucket
from firnline.language.check import Known
from firnline.language.fleet import Account, Fleet
from firnline.pipeline import Compilation, compile_beside, compile_files
from firnline.revision.read import read_revision
from firnline.rules.bucket_rules import BucketRules
from firnline.workspace import project_around, read_folder


@dataclass(frozen=True, slots=True)
class Selected:
    """`accounts` are those that are wanted, and `buckets` the names that are; all if empty."""

    compilation: Compilation
    fleet: Fleet
    accounts: tuple[Account, ...]
    buckets: frozenset[str]

    def is_wanted(self, bucket: ListedBucket) -> bool:
        return bucket.account in self.accounts and (not self.buckets or bucket.name in self.buckets)


def selected(folder: str, accounts: Sequence[str], buckets: Sequence[str], colour: str) -> Selected:
    """Raises `CommandFailed` and `NoPolicies`."""
    if os.path.isfile(folder):
        raise CommandFailed(f"{folder} is a file; name the folder that contains it")
    compilation = compile_files(read_folder(folder), Known(project_around([folder])))
    if compilation.failed:
        errors = [each for each in compilation.diagnostics if each.severity is Severity.ERROR]
        say_diagnostics(errors, colour, [folder])
        raise CommandFailed("nothing was read: what should be live is not known", code=1)
    read = compilation.folder
    if read.fleet is None or read.lock is None:
        what = "fleet file" if read.fleet is None else "fleet lock: run `firnline resolve`"
        raise CommandFailed(f"{folder} has no {what}")
    if not read.fleet.accounts:
        raise CommandFailed(
            f"nothing to verify: the fleet file and the lock of {folder} have no account"
        )
    names = frozenset(name.removeprefix("s3://").rstrip("/") for name in buckets)
    _refuse_unknown(names, compilation)
    return Selected(compilation, read.fleet, _accounts(accounts, read.fleet), names)


def base_rules(
    named: str | None, compilation: Compilation
) -> tuple[tuple[BucketRules, ...] | None, tuple[Diagnostic, ...]]:
    """What the policies of a revision say, by its own lock; or the errors in them. Raises
    `CommandFailed`, `NoBaseCommit` and `NoPolicies`.
    """
    if named is None:
        return None, ()
    revision, _, path = named.removeprefix(GIT).partition(":")
    if not named.startswith(GIT) or not revision:
        raise CommandFailed(f"--base {visible(named)}: write a revision, such as git:origin/main")
    files = read_revision(revision, path or None)
    if not files:
        raise CommandFailed(f"--base {visible(named)}: it has no policies there")
    before = compile_beside(files, compilation)
    errors = [each for each in before.diagnostics if each.severity is Severity.ERROR]
    return before.buckets, tuple(errors)


def _accounts(named: Sequence[str], fleet: Fleet) -> tuple[Account, ...]:
    if not named:
        return fleet.accounts
    found = []
    for each in dict.fromkeys(named):
        account = fleet.account(each) or fleet.account_with(each)
        if account is None:
            known = [one.label.value for one in fleet.accounts]
            raise CommandFailed(instead_of("account", each, known))
        found.append(account)
    return tuple(dict.fromkeys(found))


def _refuse_unknown(names: frozenset[str], compilation: Compilation) -> None:
    known = [each.bucket.name for each in compilation.buckets if each.bucket.locked]
    for name in sorted(names - set(known)):
        raise CommandFailed(instead_of("bucket", name, known))
