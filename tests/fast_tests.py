"""How `make test` gives tests to its workers: by the file, as `--dist loadfile` does.

But those of `end_to_end/` go to two of the three alone: each worker that has some needs an emulator
and a first `up`, which take a quarter of a minute of a core.
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

_SHARE_AN_UP = "tests/end_to_end/"
_AS_LONG_AS_THOSE_BEFORE = "tests/end_to_end/test_int"


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(_SHARE_AN_UP):
            return f"{_SHARE_AN_UP} {nodeid < _AS_LONG_AS_THOSE_BEFORE}"
        return nodeid.partition("::")[0]
