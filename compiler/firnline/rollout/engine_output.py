"""What a failing engine printed → what a person needs to read of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_DIAGNOSTICS: Final = "Diagnostics:"
_RESOURCE: Final = re.compile(r"^  (\S+) \((.+)\):$")
_WARNS_OF_PATH: Final = re.compile(r"using pulumi-\S+ from \$PATH")
_NOISE: Final = (
    "error: an unhandled error occurred: program exited with non-zero exit code",
    "error: preview failed",
    "error: update failed",
)
"""What the engine adds below an error that says more."""
_ENDS: Final = ("Resources:", "Outputs:", "Duration:")
_STACK: Final = "pulumi:pulumi:Stack"


def in_short(stdout: str, stderr: str) -> str:
    """Its errors, without progress, and without warnings that are no reason to stop."""
    found = [
        text for _, text in _sections(stdout) if "error:" in text or "exception" in text.lower()
    ]
    said = "\n".join(found) or stderr.strip() or stdout.strip()
    kept = [line for line in said.splitlines() if not line.strip().startswith(_NOISE)]
    # A message of ours begins below the engine's word.
    return "\n".join(line for line in kept if line.strip() not in ("", "error:"))


def failing_resource(stdout: str) -> str:
    """The name of the first one with an error; empty where it is none in particular."""
    for resource, text in _sections(stdout):
        type, _, name = resource.partition(" ")
        if "error:" in text and type != _STACK:
            return name
    return ""


def _sections(stdout: str) -> Iterator[tuple[str, str]]:
    """`Diagnostics:` has one for each resource, `  TYPE (NAME):` and its text below."""
    lines: list[str] = []
    resource, inside = "", False
    for line in stdout.splitlines():
        if line.startswith(_DIAGNOSTICS):
            inside = True
        elif inside and line.startswith(_ENDS):
            inside = False
        elif inside and (head := _RESOURCE.match(line)):
            if lines:
                yield resource, "\n".join(lines)
            resource, lines = f"{head[1]} {head[2]}", []
        elif inside and not _WARNS_OF_PATH.search(line):
            lines.append(line.removeprefix("    "))
    if lines:
        yield resource, "\n".join(lines)
