"""A report → one page of HTML that needs nothing else: the verdict first.

It loads nothing, and says the same without its script, which only sorts tables.
"""

from __future__ import annotations

from markupsafe import Markup

from firnline import __version__
from firnline.inventory.forecast.not_counted import WHY
from firnline.targets.html.page import Heading, whole_page
from firnline.targets.report.html.ages import ages
from firnline.targets.report.html.policies import coverage, retentions
from firnline.targets.report.html.registries import registries
from firnline.targets.report.html.sections import (
    by_bucket,
    by_month,
    by_owner,
    by_prefix,
    by_storage_class,
)
from firnline.targets.report.html.template import rendered, style
from firnline.targets.report.html.verdict import verdict_section
from firnline.targets.report.model import Report


def page(report: Report) -> str:
    months = f"{report.starts[0]:%Y-%m-%d} to {report.starts[-1]:%Y-%m-%d}"
    return whole_page(
        Heading(
            "Retention report",
            report.name,
            [f"What is stored, what it costs, and what the policies delete: forecast of {months}"],
        ),
        [
            verdict_section(report),
            by_month(report),
            by_storage_class(report),
            by_owner(report),
            by_prefix(report),
            ages(report),
            retentions(report),
            by_bucket(report),
            coverage(report),
            registries(report),
            _sources(report),
        ],
        rendered("footer.html", version=__version__, as_of=f"{report.as_of:%Y-%m-%d %H:%M}Z"),
        style(),
        sorts=True,
    )


def _sources(report: Report) -> Markup:
    forecast = report.forecast
    return rendered(
        "sources.html",
        lines=[*forecast.facts, *(f"prices: {each.in_words}" for each in forecast.prices)],
        not_counted=[WHY[each] for each in forecast.not_counted],
    )
