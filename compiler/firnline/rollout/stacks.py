"""Which stack of the project deploys which account? One for each."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from firnline.atomic_file import write_file
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.remedy import Advise
from firnline.language.fleet import Account
from firnline.rollout.settings_file import settings_in
from firnline.targets.pulumi_aws.stack_files import ACCOUNTS, WORLD, StackFile, folder_of_stacks
from firnline.targets.pulumi_aws.two_stacks import MOVE, TWO_STACKS
from firnline.targets.pulumi_aws.world import AWS


@dataclass(frozen=True, slots=True)
class AccountStack:
    """`is_new`: the project has no file of the stack yet."""

    account: Account
    stack: str
    is_new: bool

    @property
    def label(self) -> str:
        return self.account.label.value

    @property
    def wave(self) -> int:
        return self.account.wave or 1

    @property
    def file(self) -> str:
        return f"Pulumi.{self.stack}.yaml"


def stacks_of(
    accounts: Iterable[Account], files: Sequence[StackFile], taken: Collection[str]
) -> tuple[AccountStack, ...]:
    """`files` are those of the project's stacks, of one world, `taken` the names of stacks of every
    world. A label may have changed since a stack was made: what its file names counts, not what it
    is called.
    """
    by_label = {label: each.stack for each in files for label in each.accounts}
    names = set(taken)
    found = []
    for account in accounts:
        label = account.label.value
        name = by_label.get(label) or _free(label, names)
        names.add(name)
        found.append(AccountStack(account, name, label not in by_label))
    return tuple(found)


def check_one_each(accounts: Iterable[Account], files: Sequence[StackFile]) -> Iterator[Diagnostic]:
    """Checks that no stack names several accounts, and no account is named by several stacks."""
    for account in accounts:
        label = account.label.value
        named = [each for each in files if label in each.accounts]
        shared = next((each for each in named if len(each.accounts) > 1), None)
        if len(named) > 1:
            yield TWO_STACKS.at(
                account.label.span,
                f"`{label}` is deployed by {' and by '.join(each.name for each in named)}",
                remedy=Advise(f"name it in one of them; {MOVE}"),
            )
        elif shared is not None:
            others = ", ".join(f"`{each}`" for each in shared.accounts if each != label)
            yield TWO_STACKS.at(
                account.label.span,
                f"{shared.name} deploys `{label}` together with {others}, and a rollout needs a"
                " stack for each account",
                remedy=Advise(
                    f"take `{label}` out of its `{ACCOUNTS}` and run `pulumi up` there, which"
                    " leaves the rules live; the rollout then makes a stack for the account"
                ),
            )


def make_files(project: Path, stacks: Sequence[AccountStack], world: str) -> list[str]:
    """Of the stacks that have none: their names. Every stack reads the files of all, so they are
    made before the first one is deployed. With the secrets provider of the others.
    """
    secrets = _secrets_provider(project, stacks)
    of_world = "" if world == AWS else f"  {WORLD}: {world}\n"
    folder = folder_of_stacks(project)
    made = [each for each in stacks if each.is_new]
    for each in made:
        content = f"{secrets}config:\n  {ACCOUNTS}: {json.dumps(each.label)}\n{of_world}"
        write_file(folder / each.file, content.encode())
    return [each.file for each in made]


def _secrets_provider(project: Path, stacks: Sequence[AccountStack]) -> str:
    """A line with the one that all other stacks have; empty where they have none, or several."""
    files = (
        settings_in(folder_of_stacks(project) / each.file) for each in stacks if not each.is_new
    )
    known = {str(each.get("secretsprovider") or "") for each in files}
    said = known.pop() if len(known) == 1 else ""
    return f"secretsprovider: {json.dumps(said)}\n" if said else ""


def _free(label: str, taken: Collection[str]) -> str:
    """The label, unless a stack that deploys something else is called so."""
    name = label
    while name in taken:
        name += "-account"
    return name
