"""How are durations written, and what do they come to in days?"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

# S3 reads day counts as 32-bit integers: 2,147,483,647 is accepted and one more is MalformedXML
# (captured on S3, radkawar/stackd, lifecycle_control_replay.json, 2026-09-21).
MOST_DAYS: Final = 2_147_483_647
_DURATION = re.compile(r"(0|[1-9][0-9]*)([dwy])")


class Days(int):
    """A number of days; prints as it would be written in a policy."""

    def __str__(self) -> str:
        return f"{int(self)}d"

    __repr__ = __str__


class Never(Enum):
    NEVER = "never"

    def __str__(self) -> str:
        return self.value


NEVER: Final = Never.NEVER
After = Days | Never
"""An age at which something happens, or `never`."""


class NotADuration(ValueError):
    """The text is no duration; the first argument says why, in words of the policy."""


def parse_duration(text: str) -> Days:
    """`30d`, `2w`, `7y` as days; a year is 365 n + ⌈n/4⌉ days, so no promise comes out short."""
    match = _DURATION.fullmatch(text)
    if not match:
        raise NotADuration("is not a duration")
    count, unit = int(match[1]) if len(match[1]) < 12 else MOST_DAYS + 1, match[2]
    days = {"d": count, "w": 7 * count, "y": 365 * count + -(-count // 4)}[unit]
    if days > MOST_DAYS:
        raise NotADuration(f"is longer than S3 can count ({MOST_DAYS:,} days)")
    return Days(days)


def parse_after(text: str) -> After:
    """A duration or `never`."""
    return NEVER if text == "never" else parse_duration(text)


def suggest_duration(text: str) -> str | None:
    """What was probably meant by a duration written another way; none where it could be two."""
    text = text.strip().lower()
    if len(text) > 20:
        return None
    if match := re.fullmatch(r"p(\d+)([dwy])", text):
        return f"{int(match[1])}{match[2]}"
    if match := re.fullmatch(r"(\d+)\s*(days?|weeks?|years?|[dwy])", text):
        return f"{int(match[1])}{match[2][0]}"
    if match := re.fullmatch(r"\d+", text):
        return f"{int(text)}d"
    return None
