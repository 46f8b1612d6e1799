"""How `make test-all` runs what is marked slow: it imports nothing else, and the longest is first.

A file goes to one worker, so that a server which its tests share is started once. Where each test
is as long as what they share, they go to whoever is free, at the end, so that no core idles then.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

ALONE = "slow"
"""The `-m` that selects them."""
_SAYS_SO = "mark.slow"
_LONGEST_FIRST = (
    "tests/docs/test_site.py",
    "tests/docs/test_contributing.py",
    "tests/docs/test_commands.py",
    "tests/rollout/",
    "tests/examples/",
    "tests/sandbox/",
    "tests/test_walls.py",
    "tests/test_negative_control.py",
    "tests/reach/",
    "tests/hostile/",
    "tests/cli/test_interrupts.py",
    "tests/cli/",
    "tests/docs/",
)
_WHOEVER_IS_FREE = ("tests/docs/test_commands.py", "tests/end_to_end/attacks/")


_ONE_WORKER = "tests/examples/"
"""Its files share a laboratory."""


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(_WHOEVER_IS_FREE):
            return nodeid
        return _ONE_WORKER if nodeid.startswith(_ONE_WORKER) else nodeid.partition("::")[0]


def has_none(path: Path) -> bool:
    """Whether no test of this file is slow: each such file says so itself."""
    is_file = path.name.startswith("test_") and path.suffix == ".py"
    return is_file and _SAYS_SO not in path.read_text(encoding="utf-8")


def check_that_each_file_says_so(items: Iterable[pytest.Item]) -> None:
    silent = {each.path for each in items if each.get_closest_marker("slow")}
    for path in sorted(silent):
        if has_none(path):
            raise pytest.UsageError(f"{path} has slow tests: write `@pytest.mark.slow` there")


def longest_first(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _place(item.nodeid))


def _place(nodeid: str) -> int:
    known = (i for i, start in enumerate(_LONGEST_FIRST) if nodeid.startswith(start))
    last = nodeid.startswith("tests/end_to_end/attacks/")
    return next(known, len(_LONGEST_FIRST) + last)
