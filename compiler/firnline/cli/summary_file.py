"""A saved summary: read from disk, or the reason why it cannot be used."""

from __future__ import annotations

from firnline.cli.failed import CommandFailed
from firnline.diagnostics.visible import visible
from firnline.inventory.summary.problems import UnusableSummary
from firnline.inventory.summary.summary import Summary

try:
    from firnline.inventory.summary.file import read_summary
except ModuleNotFoundError as missing:
    raise CommandFailed(
        f"a summary is read by {missing.name}: pip install 'firnline[inventory]'"
    ) from None


def read_summary_file(path: str) -> Summary:
    """Raises `CommandFailed`."""
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        raise CommandFailed(f"{visible(path)} cannot be read: {error.strerror}") from None
    try:
        return read_summary(content, path)
    except UnusableSummary as problem:
        raise CommandFailed(str(problem)) from None
