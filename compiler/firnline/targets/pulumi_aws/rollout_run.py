"""Is a run part of a rollout, and does it undo an earlier one?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

ROLLOUT: Final = "FIRNLINE_ROLLOUT"
RESTORE: Final = "FIRNLINE_RESTORE"
PLANNED: Final = "FIRNLINE_PLANNED"
"""The digest of what a rollout has planned for the stack (`stack.digest_of_all`)."""
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,99}")


class BadRollout(ValueError):
    """The text says what is wrong."""


@dataclass(frozen=True, slots=True)
class RolloutRun:
    """The ID of the rollout that the run is part of, and of the one that it undoes."""

    rollout: str | None = None
    restores: str | None = None


def rollout_run(environment: Mapping[str, str]) -> RolloutRun:
    """Raises `BadRollout`."""
    rollout, restores = (_id_in(environment, name) for name in (ROLLOUT, RESTORE))
    if restores is not None and rollout == restores:
        raise BadRollout(
            f"{ROLLOUT} and {RESTORE} are both `{rollout}`: what undoes a rollout needs an ID of"
            " its own, so that it can be undone as well"
        )
    return RolloutRun(rollout, restores)


def _id_in(environment: Mapping[str, str], name: str) -> str | None:
    said = environment.get(name)
    if not said:
        return None
    if not _ID.fullmatch(said):
        raise BadRollout(
            f"{name} is no ID of a rollout: write up to 100 letters, digits and `.`, `_`, `:`, `+`"
            " or `-`"
        )
    return said
