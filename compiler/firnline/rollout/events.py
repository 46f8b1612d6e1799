"""What happens in a rollout, as it happens: for the screen, for machines and for the record."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Happened(StrEnum):
    BEGAN = "began"
    RESUMED = "resumed"
    WAVE_BEGAN = "wave-began"
    PREVIEWING = "previewing"
    PREVIEWED = "previewed"
    WAITING = "waiting"
    WRITING = "writing"
    VERIFYING = "verifying"
    NOTED = "noted"
    ACCOUNT_ENDED = "account-ended"
    WAVE_ENDED = "wave-ended"
    PAUSED = "paused"
    STOPPING = "stopping"
    ENDED = "ended"


CANARY: Final = "canary"
"""The result of a pause in which it is awaited what S3 does; the text is when it began, by the
clock of S3."""


@dataclass(frozen=True, slots=True)
class Event:
    """`at` is seconds since 1970. `wave` is 0 and `account` empty where it is about none. `result`
    is that of an account that ended, or of the whole; `text` is for people. Of an account that
    ended there are the `seconds` that it took, and the name of the `resource` that failed.
    """

    at: float
    what: Happened
    wave: int = 0
    account: str = ""
    result: str = ""
    buckets: int = 0
    text: str = ""
    seconds: float = 0.0
    resource: str = ""
