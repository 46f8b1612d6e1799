"""Do objects stop in a class on their way to a colder one for too few days?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise, Drop, LetBe, Way
from firnline.inventory.checks.transition import (
    WORTH_TELLING,
    Moved,
    Transition,
    days_that_pay,
    total,
)
from firnline.inventory.money import dollars
from firnline.s3.terms import Days

SHORT_STOP = Kind(
    code="FL504",
    name="short-stop",
    severity=Severity.WARNING,
    title="a stop on the way to a colder class costs more than it saves",
    why=(
        "Each transition is paid for each object. A class in which objects stay for a short time"
        " only, before they move on, may save less than the move into it costs: it is cheaper to"
        " skip it. `firnline forecast` and `firnline check --inventory` report it, which know how"
        " many objects there are."
    ),
    help="skip the warmer class, or let the objects stay there for longer",
    wrong=(
        "retain: {runs: {prefix: runs/, warm_after: 30d, archive_after: 60d, delete_after: never}}"
    ),
    right="retain: {runs: {prefix: runs/, archive_after: 60d, delete_after: never}}",
)


def check(transition: Transition) -> Iterator[Diagnostic]:
    losing = [each for each in transition.moved if each.is_stop and each.loses]
    found = total(losing)
    if found.lost < WORTH_TELLING:
        return
    onward = min(str(each.move.onward) for each in losing)
    days = days_that_pay(losing)
    yield SHORT_STOP.at(
        transition.where.place,
        f"{transition.where.by}moving {found.in_words} to {transition.into} costs"
        f" {dollars(found.paid)}, and storing them there for {_stays(losing)} {found.saves}, until"
        f" they move to {onward}",
        notes=[f"the stop pays from {how_many(days, 'day')} on"] if days else (),
        remedy=tuple(_ways(transition, onward, days)),
    )


def _stays(losing: list[Moved]) -> str:
    days = sorted(each.end - each.move.day for each in losing)
    return how_many(days[0], "day") if days[0] == days[-1] else f"{days[0]} to {days[-1]} days"


def _ways(transition: Transition, onward: str, days: int | None) -> Iterator[Way]:
    where = transition.where
    if where.move is None or where.timeline is None:
        yield Advise(f"remove the transition into {transition.into}")
        return
    yield Drop(where.move.name)
    following = next((each for each in where.timeline.moves if each.storage_class == onward), None)
    if days and following and where.section and where.retention:
        keys = () if where.timeline is where.retention.clocks.objects else ("old_versions",)
        if not keys:
            yield LetBe(where.section, (following.name,), str(Days(where.move.after + days)))
