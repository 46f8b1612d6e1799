"""How old is what is stored, and in which classes?"""

from __future__ import annotations

from markupsafe import Markup

from firnline.inventory.ages import AgeBand
from firnline.s3.terms import Bytes
from firnline.targets.charts.stored import StoredIn, ages_by_class
from firnline.targets.report.html.template import Cell, charts, section, sideways, table
from firnline.targets.report.model import Report


def ages(report: Report) -> Markup:
    """Empty where nothing tells it."""
    found = report.ages
    if found is None:
        return Markup()
    drawn = [
        StoredIn(
            _words(band), {name: volumes[place].bytes for name, volumes in found.by_class.items()}
        )
        for place, band in enumerate(found.bands)
    ]
    rows = [
        (
            Cell(_words(band), band.least),
            *(
                Cell(
                    Bytes(each[place].bytes).rounded, each[place].bytes, f"{each[place].objects:,}"
                )
                for each in found.by_class.values()
            ),
        )
        for place, band in enumerate(found.bands)
    ]
    say = ["Current objects, by the days since they were written."]
    if found.not_told:
        say.append(f"No ages are known of {', '.join(found.not_told)}.")
    return section(
        "ages",
        "By age",
        charts(("", ages_by_class("ages", drawn))),
        sideways("Bytes by age and storage class", table(("Age", *found.by_class), rows)),
        say=say,
    )


def _words(band: AgeBand) -> str:
    if band.under is None:
        return f"{band.least} days and more"
    return f"{band.least} to {band.under - 1} days" if band.least else f"under {band.under} days"
