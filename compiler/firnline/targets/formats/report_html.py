"""A report as one page of HTML that needs nothing else."""

from __future__ import annotations

from firnline.targets.report.html.page import page
from firnline.targets.report.model import Report


def to_html(report: Report) -> str:
    return page(report)
