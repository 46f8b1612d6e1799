"""The retention schedule, as one page of HTML that needs nothing else."""

from __future__ import annotations

from firnline.targets.schedule.model import Schedule
from firnline.targets.schedule.page import page


def to_html(schedule: Schedule) -> str:
    return page(schedule)
