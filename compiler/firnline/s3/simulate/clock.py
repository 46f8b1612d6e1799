"""When does an action fall due? Ages are rounded up to midnight UTC."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from firnline.s3.terms import When

DAY = timedelta(days=1)


def midnight_from(moment: datetime) -> datetime:
    """The next midnight UTC; an exact midnight is its own.

    S3 User Guide, "Lifecycle configuration elements": S3 adds the days to the creation time and
    rounds up to the next day midnight UTC. What it does with an exact midnight is not documented.
    """
    moment = moment.astimezone(UTC)
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight if midnight == moment else midnight + DAY


def due_after(since: datetime, when: When) -> datetime | None:
    """The moment an action falls due for what began at `since`: a number of days later, or the
    rule's date, which holds for every object, also for those created after it (S3 User Guide,
    "Lifecycle configuration elements"). None where that is after the year 9999.
    """
    if not isinstance(when, int):
        return datetime.combine(when, time(), UTC)
    try:
        return midnight_from(since + timedelta(days=int(when)))
    except OverflowError:
        return None
