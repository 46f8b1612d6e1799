"""How are durations written, and how many days are they?"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import Final

from firnline.s3.law.limits import LARGEST_SIZE_BOUND, MOST_DAYS
from firnline.s3.terms import SIZE_UNITS, Bytes, Days

_DURATION = re.compile(r"(0|[1-9][0-9]*)([dwy])")


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


class TooLong(NotADuration):
    """The text is a duration, but of more days than S3 can count."""


@lru_cache(maxsize=1_024)  # a fleet says the same few again and again
def parse_duration(text: str) -> Days:
    """`30d`, `2w`, `7y` as days; a year is 365 n + ⌈n/4⌉ days, so no promise is shorter than
    meant.
    """
    match = _DURATION.fullmatch(text)
    if not match:
        raise NotADuration("is not a duration")
    count, unit = int(match[1]) if len(match[1]) < 12 else MOST_DAYS + 1, match[2]
    days = {"d": count, "w": 7 * count, "y": 365 * count + -(-count // 4)}[unit]
    if days > MOST_DAYS:
        raise TooLong(f"is longer than S3 can count ({MOST_DAYS:,} days)")
    return Days(days)


def parse_after(text: str) -> After:
    """A duration or `never`."""
    return NEVER if text == "never" else parse_duration(text)


def parse_kept(text: str) -> Kept:
    """A duration or `forever`."""
    return FOREVER if text == "forever" else parse_duration(text)


def suggest_duration(text: str) -> str | None:
    """What was probably meant by a duration written another way; None where it could be two."""
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


class NotASize(ValueError):
    """The text is no size; the first argument says why, in words of the policy."""


def parse_size(text: str) -> Bytes:
    """`128KiB` in bytes; units are powers of 1,024."""
    match = _SIZE.fullmatch(text)
    if not match:
        raise NotASize("is not a size")
    size = Bytes(int(match[1]) * SIZE_UNITS[match[2]])
    if size > LARGEST_SIZE_BOUND:
        raise NotASize("is larger than S3 accepts (1,000TiB)")
    return size


def suggest_size(text: str) -> str | None:
    """The size in our spelling, where a unit was written in another one."""
    match = re.fullmatch(r"(\d{1,15})\s*([kmgt]?)i?b?(?:ytes?)?", text.strip().lower())
    if not match:
        return None
    return f"{int(match[1])}{match[2].upper()}{'iB' if match[2] else 'B'}"
