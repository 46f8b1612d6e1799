"""Which accounts do the stacks of a project deploy? Reads their files, `Pulumi.<stack>.yaml`.

A stack does not know when another one drops an account. So each stack reads the files of all.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise
from firnline.language.fleet import Fleet
from firnline.language.pyyaml import NotYaml, plain_values
from firnline.rules.bucket_rules import BucketRules
from firnline.targets.pulumi_aws.two_stacks import MOVE, TWO_STACKS
from firnline.targets.pulumi_aws.world import AWS

ACCOUNTS: Final = "firnline:accounts"
WORLD: Final = "firnline:world"
_ENDINGS = (".yaml", ".yml", ".json")

NO_STACK = Kind(
    code="FL713",
    name="account-without-stack",
    severity=Severity.ERROR,
    title="no stack of the project deploys an account with managed buckets",
    why=(
        "What the policies require for its buckets is never written, and rules that are live there"
        " keep deleting, whatever the policies say now."
    ),
    help=f"name the account in the `{ACCOUNTS}` of a stack, or give it up with a release",
    # Accounts with buckets of ours, and those that each stack names.
    wrong="accounts: [staging, prod]\nPulumi.staging.yaml: [staging]\n",
    right="accounts: [staging, prod]\nPulumi.staging.yaml: [staging]\nPulumi.prod.yaml: [prod]\n",
)


@dataclass(frozen=True, slots=True)
class StackFile:
    """The content of a stack's file; no `accounts` where it has none that can be read."""

    name: str
    accounts: tuple[str, ...]
    world: str

    @property
    def stack(self) -> str:
        return Path(self.name).stem.removeprefix("Pulumi.")


def labels_in(value: object) -> tuple[str, ...] | None:
    """The labels of a `firnline:accounts`: one, several in a list, or several separated by commas.

    A list comes as YAML or, from Pulumi, as JSON. None where it is something else.
    """
    if isinstance(value, str) and value.lstrip().startswith(("[", "{", '"')):
        try:
            value = json.loads(value)
        except ValueError:
            return None
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list) or not all(_is_label(each) for each in value):
        return None
    labels = [str(each).strip() for each in value]
    return tuple(dict.fromkeys(labels)) if labels and all(labels) else None


def other_stacks(project: Path, stack: str) -> tuple[StackFile, ...]:
    """The files of all stacks but this one."""
    return tuple(each for each in stack_files(project) if each.stack != stack)


def stack_files(project: Path) -> tuple[StackFile, ...]:
    """Of all stacks."""
    world = project_world(project) or AWS
    files = [
        path
        for path in sorted(folder_of_stacks(project).glob("Pulumi.*"))
        if path.suffix in _ENDINGS and path.stem.removeprefix("Pulumi.") != "Pulumi"
    ]
    return tuple(_stack_file(path.name, _read(path), world) for path in files)


def folder_of_stacks(project: Path) -> Path:
    """Where their files are: that of `Pulumi.yaml`, or the one that it names."""
    settings = _settings(project)
    folder = next((each["stackConfigDir"] for each in settings if "stackConfigDir" in each), "")
    return project / str(folder)


def project_world(project: Path) -> str | None:
    """That of its stacks that say none, where the project says one."""
    said = (_world(each.get("config")) for each in _settings(project))
    return next(filter(None, said), None)


def _settings(project: Path) -> list[Mapping[str, Any]]:
    return [_read(project / f"Pulumi{ending}") for ending in _ENDINGS]


def check_deployed(
    fleet: Fleet,
    buckets: Iterable[BucketRules],
    here: Collection[str],
    others: Sequence[StackFile],
    world: str,
) -> Iterator[Diagnostic]:
    """Checks that every account that gets rules is named by this stack (`here`) or another one of
    its world.
    """
    named = {*here, *(label for each in others if each.world == world for label in each.accounts)}
    counted = Counter(each.bucket.account for each in buckets)
    for account in fleet.accounts:
        label = account.label.value
        if counted[label] and label not in named:
            many = "1 bucket is" if counted[label] == 1 else f"{counted[label]} buckets are"
            yield NO_STACK.at(
                account.label.span,
                f"{many} managed in `{label}`, but no stack of the project names it",
                notes=[_looked_at(others, world)],
                remedy=Advise(
                    f"write `{ACCOUNTS}: {label}` into the Pulumi.<stack>.yaml of the stack that"
                    " deploys it; or give the account up: exclude its buckets from the policies and"
                    " write a release"
                ),
            )


def check_not_shared(
    fleet: Fleet, here: Collection[str], others: Sequence[StackFile], world: str
) -> Iterator[Diagnostic]:
    """Checks that no other stack of its world names an account of this stack."""
    for account in fleet.accounts:
        label = account.label.value
        also = [each.name for each in others if each.world == world and label in each.accounts]
        if label in here and also:
            yield TWO_STACKS.at(
                account.label.span,
                f"this stack deploys `{label}`, and so does {' and '.join(also)}",
                remedy=Advise(f"name it in one of them; {MOVE}"),
            )


def _is_label(value: object) -> bool:
    """YAML reads a label such as 2024 as a number."""
    return isinstance(value, (str, int)) and not isinstance(value, bool)


def _looked_at(others: Sequence[StackFile], world: str) -> str:
    of_world = [
        f"{each.name} names {', '.join(each.accounts) or 'none'}"
        for each in others
        if each.world == world
    ]
    return "; ".join(["this stack does not name it", *of_world])


def _stack_file(name: str, content: Mapping[str, Any], world: str) -> StackFile:
    """`world` is that of the project, which holds where the stack says none."""
    config = content.get("config")
    said = config if isinstance(config, dict) else {}
    return StackFile(name, labels_in(said.get(ACCOUNTS)) or (), _world(said) or world)


def _world(config: object) -> str | None:
    """A project may also describe a value: its type, its default."""
    said = config.get(WORLD) if isinstance(config, dict) else None
    if isinstance(said, dict):
        said = said.get("value", said.get("default"))
    return str(said) if said else None


def _read(path: Path) -> Mapping[str, Any]:
    """All values as text. Invalid YAML counts as empty: Pulumi itself refuses it."""
    try:
        content = plain_values(path.read_bytes())
    except (FileNotFoundError, NotYaml):
        return {}
    return content if isinstance(content, dict) else {}
