"""The two snapshots of an example of a gate, and what is asked of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from firnline.diagnostics.kinds import Example
from firnline.rules.gates.first_run import FIRST_RUN
from firnline.rules.gates.gate import FirstRun

BEFORE: Final = "before/"
AFTER: Final = "after/"
DELETED: Final = {FIRST_RUN: FirstRun(96 * 2**40, 96 * 2**40, 400 * 2**40, 4_616_482)}
DELETED_IN_WORDS: Final = "400TiB below `models/rc/`, of which 96TiB are older than 18 days"


def snapshots_of(example: Example) -> tuple[dict[str, str], dict[str, str]] | None:
    """The files before and after, by their names below `policies/`; None of another example."""
    if not isinstance(example, Mapping) or not any(name.startswith(BEFORE) for name in example):
        return None
    before, after = (
        {name.removeprefix(side): text for name, text in example.items() if name.startswith(side)}
        for side in (BEFORE, AFTER)
    )
    return before, after
