"""A rule's actions: numbers, dates, classes, and the order in which they come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise

from firnline.s3.law import refusals as no
from firnline.s3.law.classes import NO_TARGETS, STEPS, TARGETS
from firnline.s3.law.facts import holding
from firnline.s3.law.filters import in_words
from firnline.s3.law.members import Report
from firnline.s3.law.stated import StatedRule, StatedTransition
from firnline.s3.terms import Partition

_MOVES = ("Transitions", "Transition", "Days", "Expiration")
_OLD_MOVES = (
    "NoncurrentVersionTransitions",
    "NoncurrentVersionTransition",
    "NoncurrentDays",
    "NoncurrentVersionExpiration",
)


Earliest = Mapping[str, int]
"""By class, the day before which S3 refuses the transition; None where any day is accepted."""


def earliest(partition: Partition, as_of: date | None) -> Earliest:
    """The fact that holds there and then."""
    rows = {name: holding(row.earliest, partition, as_of) for name, row in TARGETS.items()}
    return {name: int(row.value) for name, row in rows.items() if row is not None and row.value}


def known_targets(as_of: date | None) -> frozenset[str]:
    """The classes that S3 has heard of, on that day."""
    known = {name for name, row in TARGETS.items() if row.target.holds(Partition.AWS, as_of)}
    return frozenset(known | set(NO_TARGETS))


def check_numbers(rule: StatedRule, least: Earliest, report: Report) -> None:
    """Every number and date for itself."""
    if rule.end.days is not None and rule.end.days < 1:
        _not_positive(report, "Expiration.Days", "Expiration", rule.end.days)
    if rule.end.date is not None and not _is_midnight(rule.end.date):
        report(no.NOT_MIDNIGHT, "Expiration.Date")
    for number, move in enumerate(rule.moves):
        _check_move(move, f"Transitions[{number}]", "Transition", "Days", report)
        _check_earliest(move, f"Transitions[{number}]", _MOVES, least, report)
    for number, move in enumerate(rule.old_moves):
        path = f"NoncurrentVersionTransitions[{number}]"
        _check_move(move, path, _OLD_MOVES[1], "NoncurrentDays", report)
        _check_earliest(move, path, _OLD_MOVES, least, report)
        _check_newer(move.newer, path, _OLD_MOVES[1], report)
    if rule.old_end.days is not None and rule.old_end.days < 1:
        path = "NoncurrentVersionExpiration"
        _not_positive(report, f"{path}.NoncurrentDays", path, rule.old_end.days)
    _check_newer(rule.old_end.newer, _OLD_MOVES[3], _OLD_MOVES[3], report)
    if rule.abort_days is not None and rule.abort_days < 1:
        path = "AbortIncompleteMultipartUpload"
        _not_positive(report, f"{path}.DaysAfterInitiation", path, rule.abort_days)
    if rule.scope.legacy:
        for path in rule.newer_at:
            report(no.NEWER_IN_V1, path, "Prefix")


def check_classes(rule: StatedRule, known: frozenset[str], schema: Report) -> None:
    """A class that S3 does not know is the schema's concern."""
    for name, moves in (("Transitions", rule.moves), (_OLD_MOVES[0], rule.old_moves)):
        for number, move in enumerate(moves):
            if move.storage_class is not None and move.storage_class not in known:
                schema(no.UNKNOWN_CLASS, f"{name}[{number}].StorageClass")


def check_order(rule: StatedRule, report: Report) -> None:
    """Classes once each, one way of counting, strictly downhill, and the end after all of it."""
    _check_chain(rule, rule.moves, _MOVES, report)
    if rule.moves and rule.end.days is not None and rule.end.date is None:
        _check_end(rule, rule.moves, _MOVES, rule.end.days, report)
    if rule.moves and rule.end.date is not None and rule.end.days is None:
        _check_end_date(rule, rule.end.date, report)
    _check_chain(rule, rule.old_moves, _OLD_MOVES, report)
    if rule.old_moves and rule.old_end.days is not None:
        _check_end(rule, rule.old_moves, _OLD_MOVES, rule.old_end.days, report)


def _is_midnight(moment: datetime) -> bool:
    """To the microsecond: one thousandth of a second later is refused (observed)."""
    return not (moment.hour or moment.minute or moment.second or moment.microsecond)


def _check_move(move: StatedTransition, path: str, action: str, field: str, report: Report) -> None:
    if move.days is not None and move.days < 0:
        report(no.NEGATIVE, f"{path}.{field}", field=field, action=action, value=move.days)
    if move.date is not None and not _is_midnight(move.date):
        report(no.NOT_MIDNIGHT, f"{path}.Date")
    if move.storage_class in NO_TARGETS:
        report(no.NO_TARGET, f"{path}.StorageClass", value=move.storage_class)


def _check_earliest(
    move: StatedTransition,
    path: str,
    names: tuple[str, str, str, str],
    least: Earliest,
    report: Report,
) -> None:
    first = least.get(move.storage_class or "", 0)
    if move.days is not None and 0 <= move.days < first:
        _, action, field, _ = names
        report(
            no.TOO_EARLY,
            f"{path}.{field}",
            field=field,
            action=action,
            least=first,
            storage_class=move.storage_class,
            value=move.days,
        )


def _check_newer(count: int | None, path: str, action: str, report: Report) -> None:
    if count is not None and count < 1:
        _not_positive(report, f"{path}.NewerNoncurrentVersions", action, count)


def _not_positive(report: Report, path: str, action: str, value: int) -> None:
    report(no.NOT_POSITIVE, path, field=path.rpartition(".")[2], action=action, value=value)


def _check_chain(
    rule: StatedRule,
    moves: Sequence[StatedTransition],
    names: tuple[str, str, str, str],
    report: Report,
) -> None:
    list_name, action, _, _ = names
    if len(moves) < 2:
        return
    first: dict[str, str] = {}
    for number, move in enumerate(moves):
        path = f"{list_name}[{number}].StorageClass"
        if move.storage_class in first:
            other = first[move.storage_class]
            report(no.CLASS_TWICE, path, other, action=action, scope=in_words(rule.scope))
        first.setdefault(move.storage_class or "", path)
    first_by_date = moves[0].date is not None
    for number, move in enumerate(moves):
        if (move.date is not None) != first_by_date and None in (move.days, move.date):
            field, other_field = ("Days", "Date") if first_by_date else ("Date", "Days")
            path, other = f"{list_name}[{number}].{field}", f"{list_name}[0].{other_field}"
            report(no.MIXED_MOVES, path, other, scope=in_words(rule.scope))
            return
    _check_gaps(rule, moves, names, report)


def _check_gaps(
    rule: StatedRule,
    moves: Sequence[StatedTransition],
    names: tuple[str, str, str, str],
    report: Report,
) -> None:
    list_name, action, field, _ = names
    timed = sorted(
        (at, number)
        for number, move in enumerate(moves)
        if (at := _day(move)) is not None and move.storage_class in STEPS
    )
    for (earlier, one), (later, two) in pairwise(timed):
        origin, target = moves[one].storage_class or "", moves[two].storage_class or ""
        after, gap = STEPS[origin]
        downhill = target in after and later > earlier
        if origin == target or (downhill and later - earlier >= gap):
            continue  # the same class twice is reported already
        guilty = max(one, two)  # S3 names the value of the one that is listed later (observed)
        unit = "Date" if moves[two].date is not None else field
        # Of two in a wrong order, S3 says that the colder one must come later.
        uphill = origin in STEPS[target].next
        warmer, colder = (target, origin) if uphill else (origin, target)
        report(
            no.TOO_CLOSE if downhill else no.NOT_LATER,
            f"{list_name}[{guilty}].{unit}",
            f"{list_name}[{min(one, two)}].{unit}",
            field=unit,
            action=action,
            scope=in_words(rule.scope),
            value=moves[guilty].days,
            gap=int(gap),
            colder=colder,
            warmer=warmer,
        )


def _day(move: StatedTransition) -> int | None:
    if move.date is not None:
        return move.date.toordinal() if move.days is None else None
    return move.days


def _check_end(
    rule: StatedRule,
    moves: Sequence[StatedTransition],
    names: tuple[str, str, str, str],
    end: int,
    report: Report,
) -> None:
    list_name, action, field, end_action = names
    path = f"{end_action}.{field}"
    for number, move in enumerate(moves):
        if move.date is not None and move.days is None:
            report(no.MIXED_END, path, f"{list_name}[{number}].Date", scope=in_words(rule.scope))
            break
    timed = [(move.days, number) for number, move in enumerate(moves) if move.days is not None]
    if not timed:
        return
    last, number = max(timed)
    if 0 < end <= last:
        report(
            no.END_TOO_EARLY,
            path,
            f"{list_name}[{number}].{field}",
            field=field,
            end=end_action,
            action=action,
            scope=in_words(rule.scope),
            value=end,
        )


def _check_end_date(rule: StatedRule, end: datetime, report: Report) -> None:
    list_name, action, _, end_action = _MOVES
    path = f"{end_action}.Date"
    for number, move in enumerate(rule.moves):
        if move.days is not None and move.date is None:
            report(no.MIXED_END, path, f"{list_name}[{number}].Days", scope=in_words(rule.scope))
            break
    timed = [(move.date, number) for number, move in enumerate(rule.moves) if move.date is not None]
    if not timed:
        return
    last, number = max(timed)
    if end <= last:
        report(
            no.END_TOO_EARLY,
            path,
            f"{list_name}[{number}].Date",
            field="Date",
            end=end_action,
            action=action,
            scope=in_words(rule.scope),
        )
