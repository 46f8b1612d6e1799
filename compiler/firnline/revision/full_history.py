"""How does a CI system, or a person, get the commits that a shallow clone lacks?"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Final

from firnline.diagnostics.visible import visible

SYSTEMS: Final = {
    "GITHUB_ACTIONS": "check out with `fetch-depth: 0` (actions/checkout)",
    "GITLAB_CI": 'set `GIT_DEPTH: "0"` in the variables of the job',
    "BITBUCKET_BUILD_NUMBER": "write `clone: {depth: full}` into bitbucket-pipelines.yml",
    "TF_BUILD": "check out with `fetchDepth: 0`",
}
# These fetch every branch along with the history; the others only that of the change.
_WITH_BRANCHES: Final = frozenset({"GITHUB_ACTIONS", "TF_BUILD"})


def fetch_of(branch: str, *, whole: bool = False) -> str:
    """The command that fetches a branch, for clones of a single branch too; of a shallow clone the
    rest of the history besides, if `whole`.
    """
    unshallow = "--unshallow " if whole else ""
    refs = shlex.quote(visible(f"+refs/heads/{branch}:refs/remotes/origin/{branch}"))
    return f"git fetch {unshallow}origin {refs}"


def full_history(environment: Mapping[str, str], branch: str | None) -> str:
    """What to do in a shallow clone; `branch` is one of `origin` that is missing too, if any."""
    fetch = fetch_of(branch, whole=True) if branch else "git fetch --unshallow origin"
    for system, cure in SYSTEMS.items():
        if environment.get(system):
            if branch and system not in _WITH_BRANCHES:
                return f"{cure}, and run `{fetch_of(branch)}`"
            return cure
    return f"run `{fetch}`; in CI check out the whole history (`fetch-depth: 0`)"
