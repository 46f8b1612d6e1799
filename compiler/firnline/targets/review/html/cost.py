"""What does it cost before and after, month by month, and does it pay?"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from firnline.inventory.forecast.between import Between
from firnline.inventory.forecast.forecast import Forecast
from firnline.targets.between import dollars_between
from firnline.targets.forecast_verdict import verdict
from firnline.targets.review.html.template import rendered
from firnline.targets.review.model import Review


@dataclass(frozen=True, slots=True)
class Month:
    """`bars` are the amounts before and after, at most, in percent of the largest of all."""

    name: str
    before: str
    after: str
    saved: str
    bars: tuple[str, str]


def cost(review: Review) -> Markup:
    """Empty where nobody said what is stored, or nothing changes."""
    if review.facts is None or not review.found.items:
        return Markup()
    found = review.facts.cost
    if not isinstance(found, Forecast):
        return rendered("unknown.html", title="Cost", text=f"Not known: {found}.")
    change = found.change
    said = verdict(change)
    return rendered(
        "cost.html",
        verdict=f"{said[:1].upper()}{said[1:]}.",
        months=_months(found),
        in_all=(
            dollars_between(change.before.in_all.total),
            dollars_between(change.after.in_all.total),
            dollars_between(change.saved_so_far[-1]),
        ),
    )


def _months(found: Forecast) -> list[Month]:
    change = found.change
    paid = [
        tuple(side.costs[place].total for side in (change.before, change.after))
        for place in range(len(change.saved))
    ]
    most = max((each.at_most for sides in paid for each in sides), default=Fraction())
    return [
        Month(
            f"{found.starts[place]:%Y-%m-%d}",
            dollars_between(before),
            dollars_between(after),
            dollars_between(change.saved[place]),
            (_share(before, most), _share(after, most)),
        )
        for place, (before, after) in enumerate(paid)
    ]


def _share(amount: Between[Fraction], most: Fraction) -> str:
    return f"{float(100 * max(amount.at_most, Fraction()) / most):.2f}%" if most > 0 else "0%"
