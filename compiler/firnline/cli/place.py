"""Where in a repository does a project begin, and which of its files belong at the top?"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from firnline.folder import DEFAULT_FOLDER


@dataclass(frozen=True, slots=True)
class Place:
    """`below`: the folder of the project, seen from the top of the repository; empty at the top and
    outside of one. `policies`: their folder, seen from the project's.
    """

    policies: str = DEFAULT_FOLDER
    below: str = ""

    def at_top(self, path: str) -> str:
        """A file at the top of the repository, seen from the project."""
        return "../" * len(Path(self.below).parts) + path

    def from_top(self, path: str) -> str:
        """A file of the project, seen from the top of the repository."""
        parts = [*Path(self.below).parts, *path.split("/")]
        while ".." in parts:
            at = parts.index("..")
            del parts[at - 1 : at + 1]
        return "/".join(parts)

    def from_policies(self, path: str) -> str:
        """A file of the project, seen from a file among the policies."""
        return "../" * len(Path(self.policies).parts) + path

    @property
    def after_command(self) -> str:
        """The folder as a command takes it, which looks in `policies` by itself."""
        return "" if self.policies == DEFAULT_FOLDER else f" {self.policies}"


def place_of(folder: Path, policies: str) -> Place:
    if (folder / ".git").exists():
        return Place(policies)
    top = next((each for each in folder.parents if (each / ".git").exists()), None)
    return Place(policies, folder.relative_to(top).as_posix() if top else "")


def workflow(place: Place) -> str:
    """Of its own for each project of a repository."""
    return f".github/workflows/{_workflow_name(place)}.yml"


def comment_workflow(place: Place) -> str:
    """The one that posts what the other leaves. No project below has this name by its folder."""
    return f".github/workflows/{_workflow_name(place)}.comment.yml"


def seen_from_the_top(place: Place) -> dict[str, str]:
    """How CI and pre-commit, which begin at the top, come to the project; by the placeholders of
    the files.
    """
    below = place.below
    program = shlex.quote(place.from_top(".venv/bin/firnline"))
    program += f" -C {shlex.quote(below)}" if below else ""
    only = json.dumps([f"{below}/**", workflow(place)])
    policies = re.escape(place.from_top(place.policies)).replace("\\-", "-")
    return {
        "workflow": _workflow_name(place),
        "workflow_file": Path(workflow(place)).name,
        "comment_workflow": Path(comment_workflow(place)).name,
        "policies": place.policies,
        "dir": place.after_command,
        "venv": place.from_top(".venv"),
        # Names are seen from the top, where a hook is run.
        "fmt_entry": _plain(f"{program} fmt{place.after_command if below else ''}"),
        "fmt_takes_no_names": "\n        pass_filenames: false" if below else "",
        "check_entry": _plain(f"{program} check{place.after_command}"),
        "files": _plain(rf"^{policies}/.*\.ya?ml$"),
        "only_here": f", paths: {only}" if below else "",
        "only_here_in_braces": f" {{paths: {only}}}" if below else "",
        "working_directory": (
            f"defaults:\n  run: {{working-directory: {_plain(below)}}}\n" if below else ""
        ),
    }


def _workflow_name(place: Place) -> str:
    name = "-".join(["firnline", *Path(place.below).parts])
    return re.sub("[^A-Za-z0-9._-]+", "-", name)


def _plain(text: str) -> str:
    """As YAML, in quotes where it needs them."""
    return text if re.fullmatch(r"[\w./^][\w ./\\?*$-]*", text, re.ASCII) else json.dumps(text)
