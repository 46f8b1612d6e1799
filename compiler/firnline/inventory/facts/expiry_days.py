"""What an inventory tells of the day of expiry of every object, beside the rules: by the engine.

In SQL, what `s3/simulate` says of the day of a single object. S3 Inventory has no tags: a rule that
names some may hold for any object.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from firnline.inventory.facts.frame import Column, quoted
from firnline.inventory.facts.table import Facts
from firnline.inventory.facts.told_days import Alike, Due, ToldDays
from firnline.s3.model import Rule, RuleSet
from firnline.s3.simulate.expiry_date import DayVerdict

_NEEDED: Final = (
    (Column.SIZE, "Size"),
    (Column.LAST_MODIFIED, "LastModifiedDate"),
    (Column.EXPIRATION, "LifecycleExpirationDate"),
)
_READ: Final = (
    Column.KEY,
    *(column for column, _ in _NEEDED),
    Column.IS_LATEST,
    Column.IS_DELETE_MARKER,
)
_EPOCH: Final = date(1970, 1, 1)
_LAST: Final = (date.max - _EPOCH).days
_NO_DAY: Final = _LAST + 1
"""In place of a day where no rule expires an object: later than all."""


def told_days(
    facts: Facts,
    rules: RuleSet,
    before: RuleSet | None = None,
    written_at: datetime | None = None,
) -> ToldDays:
    """`facts` are of one inventory of a bucket; `before` are the rules that `rules` replaced at
    `written_at`, as far as that is known. Raises what a query of `facts` raises.
    """
    (inventory,) = facts.inventories
    if why := _why_not(facts, written_at):
        return ToldDays(inventory.called, inventory.made, why=why)
    waits = Column.REPLICATION_STATUS in facts.known
    columns = (*_READ, *([Column.REPLICATION_STATUS] if waits else ()))
    sql = _sql(rules, before, waits)
    rows = [row for batch in facts.query(sql, columns) for row in batch.to_pylist()]
    found = sorted((_alike(rules, row) for row in rows), key=lambda each: each.key)
    return ToldDays(inventory.called, inventory.made, tuple(found), written_at=written_at)


def due_days(facts: Facts, rules: RuleSet) -> tuple[Due, ...]:
    """What is in the inventory although each day on which S3 may expire it had begun by then.
    Raises what a query of `facts` raises.
    """
    day = (facts.as_of.date() - _EPOCH).days
    waits = Column.REPLICATION_STATUS in facts.known
    rule = f"list_position({_days(_expiring(rules, tagged=False))}, possible[1])"
    sql = f"""
        select {rule} as rule, count(*)::bigint as objects, min(possible[1]) as since,
            min(key) as key
        from (select *, {_possible(rules, waits)} as possible from ({_ROWS}))
        where list_max(possible) <= {day} group by 1
    """
    columns = (*_READ, *([Column.REPLICATION_STATUS] if waits else ()))
    rows = [row for batch in facts.query(sql, columns) for row in batch.to_pylist()]
    named = _expiring(rules, tagged=False)
    found = (
        Due(
            named[row["rule"] - 1].id if row["rule"] else None,
            row["objects"],
            _EPOCH + timedelta(days=row["since"]),
            row["key"],
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda each: (-each.objects, each.key)))


def _why_not(facts: Facts, written_at: datetime | None) -> str:
    lacks = [name for column, name in _NEEDED if column not in facts.known]
    if lacks:
        return f"has no {' and '.join(lacks)}: its configuration does not list them"
    if written_at is not None and facts.as_of < written_at:
        return f"is of {facts.as_of:%Y-%m-%d %H:%M} UTC, before the rules were written"
    return ""


def _alike(rules: RuleSet, row: Mapping[str, Any]) -> Alike:
    first, position = row["first"], row["rule"]
    rule = _expiring(rules, tagged=False)[position - 1].id if position else None
    return Alike(
        DayVerdict(row["verdict"]),
        rule,
        row["objects"],
        row["key"],
        first["size"],
        first["created"],
        _date(first["told"]),
        _date(first["day"]),
    )


def _date(days: int) -> date | None:
    return None if days == _NO_DAY else _EPOCH + timedelta(days=days)


def _sql(rules: RuleSet, before: RuleSet | None, waits: bool) -> str:
    day = "possible[1]"
    earlier = f"list_contains({_possible(before, waits)}, told)" if before else "false"
    rule = f"list_position({_days(_expiring(rules, tagged=False))}, {day})"
    return f"""
        select verdict, rule, count(*)::bigint as objects, min(key) as key,
            arg_min({{size: size, created: last_modified, told: told, day: day}}, key) as first
        from (
            select key, size, last_modified, told, {day} as day, {rule} as rule,
                told < {day} as sooner,
                case when not list_contains(possible, told)
                    then case when {earlier} then '{DayVerdict.NOT_YET.value}'
                        else '{DayVerdict.DISAGREES.value}' end
                    when list_unique(possible) = 1 then '{DayVerdict.AGREES.value}'
                    else '{DayVerdict.UNKNOWN.value}' end as verdict
            from (select *, {_possible(rules, waits)} as possible from ({_ROWS}))
        )
        group by verdict, rule, sooner
    """


_ROWS: Final = f"""
    select *, (epoch_us(last_modified) + 86399999999) // 86400000000 as since,
        epoch_us(last_modified) % 86400000000 = 0 as at_midnight,
        coalesce(epoch_ms(expiration) // 86400000, {_NO_DAY}) as told
    from objects where is_latest and not is_delete_marker
"""
"""`since` is the day, counted from 1970, with whose midnight the object's age begins."""


def _possible(rules: RuleSet, waits: bool) -> str:
    """The days that S3 may tell, ours first."""
    found = [_by_tags(rules, 0), f"if(at_midnight, {_by_tags(rules, 1)}, []::bigint[])"]
    if waits:
        pending = "upper(coalesce(replication_status, '')) in ('PENDING', 'FAILED')"
        found.append(f"if({pending}, [{_NO_DAY}]::bigint[], []::bigint[])")
    return f"({' || '.join(found)})"


def _by_tags(rules: RuleSet, later: int) -> str:
    """The day without tags, and earlier ones of rules that name some."""
    without = f"coalesce(list_min({_days(_expiring(rules, tagged=False), later)}), {_NO_DAY})"
    tagged = _expiring(rules, tagged=True)
    if not tagged:
        return f"[{without}]::bigint[]"
    earlier = f"list_filter({_days(tagged, later)}, lambda day: day < {without})"
    return f"list_concat([{without}]::bigint[], {earlier})"


def _expiring(rules: RuleSet, *, tagged: bool) -> Sequence[Rule]:
    return [
        rule
        for rule in rules.rules
        if rule.enabled and rule.expires is not None and bool(rule.filter.tags) is tagged
    ]


def _days(rules: Iterable[Rule], later: int = 0) -> str:
    """The day of each rule; null where its filter does not match."""
    days = (f"case when {_matches(rule, later)} then {_day(rule, later)} end" for rule in rules)
    return f"[{', '.join(days)}]::bigint[]"


def _day(rule: Rule, later: int) -> str:
    if isinstance(rule.expires, date):
        return str((rule.expires - _EPOCH).days)
    assert rule.expires is not None
    return f"since + {int(rule.expires) + later}"


def _matches(rule: Rule, later: int) -> str:
    filter, conditions = rule.filter, [f"{_day(rule, later)} <= {_LAST}"]
    if filter.prefix:
        conditions.append(f"starts_with(key, {quoted(filter.prefix)})")
    if filter.larger_than is not None:
        conditions.append(f"size > {int(filter.larger_than)}")
    if filter.smaller_than is not None:
        conditions.append(f"size < {int(filter.smaller_than)}")
    return " and ".join(conditions)
