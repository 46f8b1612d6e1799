"""By class: what was forecast, what is found, and the causes that add up to the difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from firnline.inventory.forecast.stays import by_class
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.savings.realised import Look


@dataclass(frozen=True, slots=True)
class Gap:
    """In bytes. `found` is `forecast` and the causes: what was `created` since, what rules have not
    done yet (`lagging`) or in time (`overdue`; negative in the class that it should be in), and
    what happened `otherwise`: negative where something is gone or was moved by somebody else.
    None where no forecast is known for the day.
    """

    storage_class: str
    unchanged: int | None
    forecast: int | None
    found: int
    created: int
    lagging: int
    overdue: int
    otherwise: int | None

    @property
    def whole(self) -> int | None:
        return None if self.forecast is None else self.found - self.forecast


def gaps(look: Look) -> Iterator[Gap]:
    shown, expected = look.shown, look.expected
    all_found, all_created = by_class(shown.stored), by_class(shown.created)
    lagging, overdue = shown.lagging_net, shown.overdue_net
    names = dict.fromkeys(
        [
            *(expected.before if expected else ()),
            *(expected.after if expected else ()),
            *all_found,
            *lagging,
            *overdue,
        ]
    )
    for name in names:
        found = all_found.get(name, Volume()).bytes
        created = all_created.get(name, Volume()).bytes
        late, missed = lagging.get(name, 0), overdue.get(name, 0)
        forecast = expected.after.get(name, 0) if expected else None
        otherwise = None if forecast is None else found - forecast - created - late - missed
        unchanged = expected.before.get(name, 0) if expected else None
        yield Gap(name, unchanged, forecast, found, created, late, missed, otherwise)


def in_all(found: Iterable[Gap]) -> Gap:
    rows = list(found)
    known = all(each.forecast is not None for each in rows)
    return Gap(
        "",
        sum(each.unchanged or 0 for each in rows) if known else None,
        sum(each.forecast or 0 for each in rows) if known else None,
        sum(each.found for each in rows),
        sum(each.created for each in rows),
        sum(each.lagging for each in rows),
        sum(each.overdue for each in rows),
        sum(each.otherwise or 0 for each in rows) if known else None,
    )
