"""The Pulumi program of another project, as docs/own-aws.md prints it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.docs.pages import blocks

PAGE = "docs/own-aws.md"
_FOLDER = "infra/"
_PATH = re.compile(rf"# {_FOLDER}(\S+)\n")


def files() -> dict[str, str]:
    """Its files by name: blocks whose first line is their path in `infra/`."""
    found = {}
    for block in blocks(PAGE):
        if path := _PATH.match(block.text):
            found[path[1]] = block.text[path.end() :]
    return found


def write_into(folder: Path) -> None:
    for name, text in files().items():
        (folder / name).write_text(text, encoding="utf-8")


def install_line() -> str:
    (line,) = (
        block.text.strip() for block in blocks(PAGE) if block.text.startswith("pip install ")
    )
    return line
