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


class Forever(Enum):
    FOREVER = "forever"

    def __str__(self) -> str:
        return self.value


FOREVER: Final = Forever.FOREVER
Kept = Days | Forever
"""How long a promise keeps something."""


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


def parse_kept(text: str) -> Kept:
    """A duration or `forever`."""
    return FOREVER if text == "forever" else parse_duration(text)


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


_SIZE = re.compile(r"(0|[1-9][0-9]{0,15})(B|KiB|MiB|GiB|TiB)")
_UNITS = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}


class Bytes(int):
    """A size in bytes; prints as it would be written in a policy."""

    def __str__(self) -> str:
        for unit in ("TiB", "GiB", "MiB", "KiB"):
            if self and self % _UNITS[unit] == 0:
                return f"{self // _UNITS[unit]}{unit}"
        return f"{int(self)}B"

    __repr__ = __str__


# The sizes that S3 takes as a filter's bound (captured on S3, radkawar/stackd,
# lifecycle_control_replay.json, 2026-09-21).
LARGEST_BOUND: Final = Bytes(1_099_511_627_776_000)


class NotASize(ValueError):
    """The text is no size; the first argument says why, in words of the policy."""


def parse_size(text: str) -> Bytes:
    """`128KiB` in bytes; units are powers of 1,024."""
    match = _SIZE.fullmatch(text)
    if not match:
        raise NotASize("is not a size")
    size = Bytes(int(match[1]) * _UNITS[match[2]])
    if size > LARGEST_BOUND:
        raise NotASize("is larger than S3 takes (1,000TiB)")
    return size


def suggest_size(text: str) -> str | None:
    """The size in our spelling, where a unit was written in another one."""
    match = re.fullmatch(r"(\d{1,15})\s*([kmgt]?)i?b?(?:ytes?)?", text.strip().lower())
    if not match:
        return None
    return f"{int(match[1])}{match[2].upper()}{'iB' if match[2] else 'B'}"
