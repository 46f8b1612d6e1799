"""Which gates do the approvals open, and which approvals does nothing need?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, TypeVar

from firnline.language.approvals import Approval, ApprovalsFile, Emergency
from firnline.rules.diff.words import called
from firnline.rules.gates.first_run import FIRST_RUN
from firnline.rules.gates.gate import GatedItem

T = TypeVar("T")

LONGEST_EMERGENCY: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Judged:
    """The items with what is approved of each; `used` and `emergencies` open a gate."""

    items: tuple[GatedItem, ...]
    used: tuple[Approval, ...]
    emergencies: tuple[Emergency, ...]


def judge(items: Iterable[GatedItem], files: Sequence[ApprovalsFile], today: date) -> Judged:
    """An approval is of an item on its buckets or on fewer; from its day on, or where the first run
    may delete more than it says, it opens nothing.
    """
    approvals = [each for file in files for each in file.approvals]
    emergencies = [each for file in files for each in file.emergencies]
    judged: list[GatedItem] = []
    used: list[Approval] = []
    in_emergency: list[Emergency] = []
    for item in items:
        mine = [each for each in approvals if _is_of(each, item)]
        valid = [each for each in mine if _why_not(each, item, today) is None]
        urgent = [each for each in emergencies if _holds(each, today)]
        approved = frozenset(code for code in item.codes if _is_open(code, item, valid, urgent))
        used += mine
        in_emergency += [each for each in urgent if _needs(each, item, valid)]
        notes = tuple(_notes(item, mine, today)) if set(item.codes) - approved else ()
        judged.append(replace(item, approved=approved, notes=(*item.notes, *notes)))
    return Judged(tuple(judged), _once(used), _once(in_emergency))


def is_beyond(emergency: Emergency, today: date) -> bool:
    """Whether it lasts longer than an emergency may."""
    return emergency.until.value - today > LONGEST_EMERGENCY


def _is_of(approval: Approval, item: GatedItem) -> bool:
    """Whether it is of this change, on any of these buckets."""
    if set(approval.buckets).isdisjoint(item.buckets):
        return False
    return item.digest_on(tuple(sorted(approval.buckets))) == approval.item.value


def _why_not(approval: Approval, item: GatedItem, today: date) -> str | None:
    """Why an approval of this item opens nothing."""
    if approval.until.value <= today:
        return f"the approval by {approval.by} ended on {approval.until.value}"
    limit, known = approval.deletes_up_to, item.first_run
    if limit is not None and known is not None and known.most > limit.value:
        return (
            f"the approval by {approval.by} is of up to {limit.value}, and the first run may"
            " delete more"
        )
    return None


def _is_open(
    code: str, item: GatedItem, approvals: Sequence[Approval], urgent: Sequence[Emergency]
) -> bool:
    """Whether each bucket has an approval of the code. How much may go at once is approved by a
    number alone.
    """
    opened: set[str] = set()
    for each in approvals:
        has_limit = code != FIRST_RUN.code or each.deletes_up_to is not None
        if code in each.codes and has_limit:
            opened.update(each.buckets)
    for emergency in urgent:
        if code in emergency.codes:
            opened.update(emergency.buckets)
    return opened.issuperset(item.buckets)


def _needs(emergency: Emergency, item: GatedItem, approvals: Sequence[Approval]) -> bool:
    """Whether it opens a gate of the item that no approval opens."""
    if set(emergency.buckets).isdisjoint(item.buckets):
        return False
    return any(
        code in emergency.codes and not _is_open(code, item, approvals, ()) for code in item.codes
    )


def _holds(emergency: Emergency, today: date) -> bool:
    return today < emergency.until.value and not is_beyond(emergency, today)


def _notes(item: GatedItem, mine: Sequence[Approval], today: date) -> Iterator[str]:
    """Why an approval that there is does not open the gate."""
    for each in mine:
        if why := _why_not(each, item, today):
            yield why
            continue
        if others := [key for key in item.buckets if key not in each.buckets]:
            yield f"the approval by {each.by} does not name {called(others[0])}"
        missing = [code for code in item.codes if code not in each.codes]
        if missing:
            yield f"the approval by {each.by} is not of {', '.join(missing)}"
        elif FIRST_RUN.code in item.codes and each.deletes_up_to is None:
            yield f"the approval by {each.by} does not say `deletes_up_to`"


def _once(found: Iterable[T]) -> tuple[T, ...]:
    return tuple({id(each): each for each in found}.values())
