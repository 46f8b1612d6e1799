"""Is a file that is named a references file, by how it begins?"""

from __future__ import annotations

import re

from firnline.cli.failed import CommandFailed
from firnline.cli.named_file import beginning_of
from firnline.diagnostics.visible import visible
from firnline.reach.reference_file import VERSION

_BEGINS = re.compile(rb'\s*\{"firnline":\s*"(references/v[0-9]+)"')


def refuse_other_files(path: str, remedy: str) -> None:
    """Than one that begins as a references file does, of this version. Raises `CommandFailed`."""
    begins = beginning_of(path, remedy)
    version = _BEGINS.match(begins)
    if version is None:
        raise CommandFailed(f"{visible(path)} is no references file: {remedy}")
    if (written := version[1].decode()) != VERSION:
        raise CommandFailed(
            f"{visible(path)} is of the form {written}, and this version of Firnline reads"
            f" {VERSION}: write it again with `firnline gc refs`"
        )
