"""Why can `firnline init` not begin here, beside what exists?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from firnline.cli.additions import program_of_another_language
from firnline.cli.answers import STARTER, Answers
from firnline.cli.starter import Existing, files_for, fleet_file, policy_file
from firnline.folder import DEFAULT_FOLDER
from firnline.language.read_files import read_files

_MOST_LABELS = 5
_OWN_FOLDER = "  mkdir -p {name} && firnline -C {name} init"
_ACCOUNT = """\
  {label}:
    id: "{id}"
    regions: [{regions}]"""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """`cure`: commands and text to be copied, where `why` does not say it all."""

    why: str
    cure: str = ""


def obstacle_to(answers: Answers, existing: Existing, *, account_given: bool) -> Obstacle | None:
    return (
        _other_yaml(answers, existing)
        or _another_language(answers, existing)
        or _unknown_account(answers, existing, given=account_given)
    )


def _other_yaml(answers: Answers, existing: Existing) -> Obstacle | None:
    """Files of another tool, where there are only such: `check` would refuse them all."""
    policies = answers.place.policies
    among = _among_policies(answers, existing)
    if not among or _has_ours(answers, existing):
        return None
    other = "retention" if policies != "retention" else "policies"
    return Obstacle(
        f"`{policies}/` already holds other YAML ({among[0]}); take another folder, such as"
        f" `--policies {other}`"
    )


def _another_language(answers: Answers, existing: Existing) -> Obstacle | None:
    """A first project whose policies its program could not deploy. Policies that are there are
    checked nevertheless.
    """
    project = program_of_another_language(existing)
    if project is None or _has_ours(answers, existing):
        return None
    return Obstacle(
        f"the program of {project} is not Python, so it cannot deploy policies; begin in a folder"
        " of its own, with the same options",
        _OWN_FOLDER.format(name="retention" if answers.place.policies != "retention" else "s3"),
    )


def _unknown_account(answers: Answers, existing: Existing, *, given: bool) -> Obstacle | None:
    """A template that joins policies names an account of the fleet file that is there."""
    path = fleet_file(answers.place)
    text = existing.get(path)
    if text is None or answers.template == STARTER or policy_file(answers) in existing:
        return None
    fleet = read_files({path: text.encode()})[0].fleet
    if fleet is None or not fleet.accounts:
        return None  # `firnline check` says what is wrong there
    ids = {each.label.value: each.id.value for each in fleet.accounts}
    label = answers.label
    if ids.get(label) == answers.account_id:
        return None
    one, id = next(iter(ids.items()))
    option = f"--account {one}={id}"
    bucket = answers.bucket if given else "NAME"
    again = f"  firnline init --from {answers.template} --bucket {bucket} {option}"
    again += _policies_option(answers)
    if label in ids:
        why = f"the account `{label}` of {path} is {ids[label]}, not {answers.account_id}"
        return Obstacle(f"{why}; name it as it is there", again)
    if not given:
        why = f"{path} has accounts of its own; name one of them, and the bucket"
        return Obstacle(why, again)
    account = _ACCOUNT.format(
        label=label, id=answers.account_id, regions=", ".join(answers.regions)
    )
    return Obstacle(
        f"{path} has no account `{label}`, only {_some(ids)}; name one of these, or add"
        f" `{label}` under `accounts:` first",
        f"{again}\nor in {path}:\n{account}",
    )


def _some(labels: Collection[str]) -> str:
    shown = list(labels)[:_MOST_LABELS]
    return ", ".join([*shown, *(["…"] if len(labels) > len(shown) else [])])


def _policies_option(answers: Answers) -> str:
    policies = answers.place.policies
    return "" if policies == DEFAULT_FOLDER else f" --policies {policies}"


def _has_ours(answers: Answers, existing: Existing) -> bool:
    ours = files_for(answers, {}).keys()
    return any(
        path in ours or "firnline:" in (existing[path] or "")
        for path in _among_policies(answers, existing)
    )


def _among_policies(answers: Answers, existing: Existing) -> list[str]:
    return sorted(path for path in existing if path.startswith(f"{answers.place.policies}/"))
