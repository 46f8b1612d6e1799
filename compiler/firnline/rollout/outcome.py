"""What became of an account in a rollout."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """`REFUSED` by the guard or a gate before anything was written; `FAILED` while it was written
    or read back; `UNSURE`: written, and S3 does not answer what was written.
    """

    UP_TO_DATE = "up-to-date"
    APPLIED = "applied"
    REFUSED = "refused"
    FAILED = "failed"
    UNSURE = "unsure"
    INTERRUPTED = "interrupted"
    NOT_STARTED = "not-started"

    @property
    def is_good(self) -> bool:
        return self in (Result.UP_TO_DATE, Result.APPLIED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one account. `reason` is what a person should read, `resource` the name of the bucket that
    failed where one did, `logs` the folder with all that the engine printed.
    """

    account: str
    stack: str
    wave: int
    result: Result
    written: int = 0
    seconds: float = 0.0
    resource: str = ""
    reason: str = ""
    logs: str = ""
