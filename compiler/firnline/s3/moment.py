"""A moment as people and tools write it → a `datetime` in UTC."""

from __future__ import annotations

from datetime import UTC, datetime


def read_moment(text: object) -> datetime:
    """ISO 8601, with or without a time; UTC where it says no offset. A `datetime` is taken as is.

    Raises `ValueError`, whose text goes on after the name of what was read.
    """
    try:
        moment = text if isinstance(text, datetime) else datetime.fromisoformat(str(text).strip())
        if moment.tzinfo is not UTC:
            moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"is no date: {str(text)[:60]!r}") from None
    if not 1 < moment.year < 9999:
        raise ValueError(f"is a date too far away: {str(text)[:60]!r}")
    return moment
