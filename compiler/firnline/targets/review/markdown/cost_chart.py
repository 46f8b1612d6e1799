"""What each month costs before and after, as a chart that GitHub draws (Mermaid)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from firnline.inventory.forecast.forecast import Forecast
from firnline.targets.review.markdown.dialect import Dialect

_COLOURS: Final = "#8c959f, #1a7f37"
_HEADROOM: Final = Fraction(11, 10)


def cost_chart(found: Forecast, dialect: Dialect) -> str:
    """Nothing stands here alone: a table has all of it. Empty where an amount is two bounds, where
    nothing costs anything, and where no forge draws it.
    """
    sides = found.change.before, found.change.after
    totals = [[cost.total for cost in side.costs] for side in sides]
    highest = max(each.at_most for side in totals for each in side)
    is_exact = all(each.is_exact for side in totals for each in side)
    if dialect is not Dialect.GITHUB or not is_exact or highest <= 0:
        return ""
    months = ", ".join(f'"{each:%Y-%m}"' for each in found.starts[: len(totals[0])])
    bars, line = ([each.at_least for each in side] for side in totals)
    settings = (
        f'%%{{init: {{"themeVariables": {{"xyChart": {{"plotColorPalette": "{_COLOURS}"}}}},'
        ' "xyChart": {"height": 260, "titleFontSize": 15}}}%%'
    )
    lines = [
        "```mermaid",
        settings,
        "xychart-beta",
        '  title "USD a month: before (bars) and after (line)"',
        f"  x-axis [{months}]",
        f'  y-axis "USD a month" 0 --> {float(highest * _HEADROOM):.2f}',
        f"  bar [{_series(bars)}]",
        f"  line [{_series(line)}]",
        "```",
    ]
    return "\n".join(lines)


def _series(amounts: Sequence[Fraction]) -> str:
    return ", ".join(f"{float(each):.2f}" for each in amounts)
