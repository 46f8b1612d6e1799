"""The files of a project that `firnline init` begins, filled with what it was told."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib import resources
from string import Template

from firnline.cli.answers import STARTER, Answers, World
from firnline.cli.installed import install_command
from firnline.cli.place import seen_from_the_top

_FILES = resources.files("firnline.cli") / "starter_files"
_PLAIN = re.compile(r"[A-Za-z]([A-Za-z0-9 ._@/=-]*[A-Za-z0-9])?")
# Words that YAML 1.1 does not read as text.
_NO_TEXT = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])

# In the sandbox's bucket there are objects under this prefix, and none under tmp/.
_FIRST_RETENTION = {World.AWS: "tmp", World.SANDBOX: "failed-experiments"}
_FIRST_PREFIX = {World.AWS: "tmp/", World.SANDBOX: "experiments/failed/"}


def templates() -> dict[str, str]:
    """The policies that `init --from` can begin with, each with its first line, which says what it
    is for.
    """
    files = (_FILES / "policies").iterdir()
    names = sorted(each.name.removesuffix(".yaml") for each in files if each.name.endswith(".yaml"))
    return {
        name: _first_line((_FILES / policy_template(name)).read_text("utf-8")) for name in names
    }


def policy_template(name: str) -> str:
    return "starter.yaml" if name == STARTER else f"policies/{name}.yaml"


def filled(template: str, answers: Answers, said: Mapping[str, str]) -> str:
    text = (_FILES / template).read_text("utf-8")
    if template == "program.py":
        return text.replace('"policies"', json.dumps(answers.place.policies))
    return Template(text).substitute(
        **seen_from_the_top(answers.place),
        **said,
        bucket=_scalar(answers.bucket),
        account_id=answers.account_id,
        label=_scalar(answers.label),
        regions=", ".join(answers.regions),
        role=_role(answers),
        owner=_scalar(answers.owner),
        namespace=_scalar(answers.namespace),
        world=answers.world.value,
        retention=_FIRST_RETENTION[answers.world],
        prefix=_FIRST_PREFIX[answers.world],
        requirement=answers.requirement,
        install=_scalar(install_command(answers.requirement)),
    )


def _role(answers: Answers) -> str:
    if answers.role:
        return f"    role: {answers.role}    # assumed to read and to write"
    return (
        "    # Without a role your own credentials are used, which must be this account's:\n"
        f"    # role: arn:aws:iam::{answers.account_id}:role/retention"
    )


def _scalar(text: str) -> str:
    """As YAML, in block or in brackets, that every parser reads as this text."""
    plain = _PLAIN.fullmatch(text) and text.lower() not in _NO_TEXT
    return text if plain else json.dumps(text, ensure_ascii=False)


def _first_line(text: str) -> str:
    return text.partition("\n")[0].removeprefix("# ")
