"""From where was this Firnline installed, so that pip can install the same again?"""

from __future__ import annotations

import json
import shlex
from importlib import metadata
from typing import Any

from firnline import __version__

_EXTRA = "firnline[pulumi]"


def requirement() -> str:
    """A line of requirements.txt: this version from the index, or from pip's original source."""
    try:
        recorded = metadata.distribution("firnline").read_text("direct_url.json")
    except metadata.PackageNotFoundError:
        recorded = None
    return requirement_of(json.loads(recorded) if recorded else None)


def requirement_of(recorded: dict[str, Any] | None) -> str:
    """`recorded` is pip's record of an installation that did not come from an index (PEP 610)."""
    if recorded is None:
        return f"{_EXTRA}=={__version__}"
    url = recorded["url"]
    if "vcs_info" in recorded:
        url = f"{recorded['vcs_info']['vcs']}+{url}@{recorded['vcs_info']['commit_id']}"
    if "subdirectory" in recorded:
        url = f"{url}#subdirectory={recorded['subdirectory']}"
    return f"{_EXTRA} @ {url}"


def install_command(requirement: str) -> str:
    """Without what only Pulumi needs: for checks in CI."""
    return f"pip install {shlex.quote(requirement.replace(_EXTRA, 'firnline', 1))}"


def is_of_this_machine(requirement: str) -> bool:
    return "@ file:" in requirement
