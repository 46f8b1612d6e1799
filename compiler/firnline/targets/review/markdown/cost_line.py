"""What a month costs before and after, in one line; and month by month."""

from __future__ import annotations

from firnline.inventory.forecast.forecast import Forecast
from firnline.targets.between import dollars_between
from firnline.targets.forecast_verdict import verdict
from firnline.targets.review.markdown.cost_chart import cost_chart
from firnline.targets.review.markdown.dialect import Dialect, folded
from firnline.targets.review.markdown_text import code, prose
from firnline.targets.review.model import Review

_DOLLAR = "&#36;"  # two of the sign would begin and end a formula


def cost_line(review: Review) -> str:
    """Empty where nobody said what is stored."""
    if review.facts is None:
        return ""
    found = review.facts.cost
    if not isinstance(found, Forecast):
        return f"**Cost:** not known: {_said(str(found))}."
    change = found.change
    last = len(change.saved)
    before, after = (
        dollars_between(side.costs[-1].total) for side in (change.before, change.after)
    )
    said = verdict(change)
    line = f"**Cost in month {last}:** {before} → **{after}**. {said[:1].upper()}{said[1:]}."
    return line.replace("$", _DOLLAR)


def _said(text: str) -> str:
    """What stands between backticks is a command."""
    parts = text.split("`")
    return "".join(code(part) if place % 2 else prose(part) for place, part in enumerate(parts))


def cost_by_month(review: Review, dialect: Dialect) -> str:
    """Empty where it is not known, or one month tells all."""
    if review.facts is None or not isinstance(review.facts.cost, Forecast):
        return ""
    found = review.facts.cost
    change = found.change
    if len(change.saved) < 2:
        return ""
    rows = [
        [
            f"{place + 1} ({found.starts[place]:%Y&#8209;%m})",
            *(dollars_between(side.costs[place].total) for side in (change.before, change.after)),
            dollars_between(change.saved[place]),
        ]
        for place in range(len(change.saved))
    ]
    in_all = [dollars_between(side.in_all.total) for side in (change.before, change.after)]
    rows.append(["**in all**", *in_all, dollars_between(change.saved_so_far[-1])])
    lines = ["| Month | Before | After | Saved |", "|:--|--:|--:|--:|"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    table = "\n".join(lines).replace("$", _DOLLAR)
    blocks = filter(None, (cost_chart(found, dialect), table))
    return folded(dialect, "Cost, month by month", "\n\n".join(blocks))
