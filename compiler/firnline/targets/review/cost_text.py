"""What does it cost a month before a change and after it, and does the change pay?"""

from __future__ import annotations

from firnline.diagnostics.wrapping import wrapped
from firnline.inventory.forecast.forecast import Forecast
from firnline.inventory.prices.price_list import NoPrice
from firnline.targets.aligned import aligned
from firnline.targets.between import dollars_between
from firnline.targets.forecast_verdict import verdict


def cost(found: Forecast | NoPrice, columns: int) -> list[str]:
    """The first month, the last one, and all together, as `firnline forecast` tells them."""
    if isinstance(found, NoPrice):
        return wrapped(f"what it costs is not known: {found}", columns, hanging=2)
    change = found.change
    sides = change.before, change.after
    places = dict.fromkeys((0, len(change.saved) - 1))
    rows = [
        (
            f"month {place + 1} (from {found.starts[place]:%Y-%m-%d})",
            *(dollars_between(side.costs[place].total) for side in sides),
            dollars_between(change.saved[place]),
        )
        for place in places
    ]
    in_all = (
        "in all",
        *(dollars_between(side.in_all.total) for side in sides),
        dollars_between(change.saved_so_far[-1]),
    )
    table = [("what it costs", "before", "after", "saved"), *rows, in_all]
    return [
        *aligned(table, columns, right=(1, 2, 3)),
        *wrapped(verdict(change), columns, hanging=2),
    ]
