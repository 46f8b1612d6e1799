"""How much does each line of a proposal save, so that the lines sum up to what all of them do?

Lines are added one by one, and each counts for what the forecast is less with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from functools import reduce
from itertools import chain
from typing import NamedTuple

from firnline.inventory.advice.below import Node
from firnline.inventory.advice.proposed import Line, Proposed, Worth
from firnline.inventory.advice.timeline import with_rules
from firnline.inventory.forecast.cost import Cost, Usd, cost
from firnline.inventory.forecast.first_run import FirstRun, Happens, first_run
from firnline.inventory.forecast.groups import Group
from firnline.inventory.forecast.monthly import averaged, of_a_month
from firnline.inventory.forecast.undecided import Contents
from firnline.inventory.forecast.usage import MonthUsage, Name, fates, usage
from firnline.inventory.forecast.volume import Volume, merged
from firnline.inventory.portions.now import now as now_of
from firnline.inventory.prices.price_list import Prices
from firnline.s3.model import Rule, RuleSet
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState, ItemKind


class Circumstances(NamedTuple):
    """`starts` are the midnights at which months begin, and at which the last one ends."""

    live: RuleSet
    state: BucketState
    starts: Sequence[datetime]
    prices: Prices


class Below(NamedTuple):
    """A prefix that gets tiers: its current objects; what a month of it costs as it is stored
    `today`, whatever rules do, and in the last month with the change; and what the rules do at
    first with it.
    """

    volume: Volume
    today: Usd
    at_last: Usd
    first_run: FirstRun


class Worths(NamedTuple):
    """`below` has all that is in no prefix as None."""

    lines: Mapping[Line, Worth]
    below: Mapping[str | None, Below]


def worths(
    root: Node,
    proposed: Proposed,
    at: Circumstances,
    changed: Sequence[tuple[Line, RuleSet]] = (),
) -> Worths:
    """`changed` are rules that take the place of the live ones, one after the other, before what is
    proposed is added: they do the same to what is below its prefixes. Raises `NoPrice`.
    """
    parts = {part.prefix: part for part in _parts(root, proposed.prefixes)}
    now = {prefix: _happens(part, (), at) for prefix, part in parts.items()}
    total = reduce(_plus, (each.months for each in now.values()))
    costs = _costs(total, at.prices)
    cleaned: tuple[Rule, ...] = ()
    found: dict[Line, Worth] = {}
    for line, rules_then in changed:
        at = at._replace(live=rules_then)
        then = _happens(parts[None], (), at)
        total = _plus(_plus(total, then.months), now[None].months, -1)
        now[None] = then
        before, costs = costs, _costs(total, at.prices)
        found[line] = _worth(before, costs)
    for line, rules in proposed.steps():
        if line.prefix is None:
            cleaned, rules = rules, ()
        first: dict[Happens, Volume] = {}
        for part in _concerned(line, parts):
            then = _happens(part, (*cleaned, *rules), at)
            first = _done(first, now[part.prefix].first_run, then.first_run)
            total = _plus(_plus(total, then.months), now[part.prefix].months, -1)
            now[part.prefix] = then
        before, costs = costs, _costs(total, at.prices)
        found[line] = _worth(before, costs)._replace(first=first)
    billed = {prefix: now_of(Contents(part.stored)).billed for prefix, part in parts.items()}
    start = averaged(at.prices, merged(billed.values()))
    end = _averaged(total[-1], at.prices)
    below = {
        prefix: Below(
            _volume(parts[prefix]),
            of_a_month(billed[prefix], start),
            cost(each.months[-1], end).total,
            each.first_run,
        )
        for prefix, each in now.items()
    }
    return Worths(found, below)


def _done(
    found: Mapping[Happens, Volume], before: FirstRun, then: FirstRun
) -> dict[Happens, Volume]:
    more = _sum(_sum(found, then.happens, 1), before.happens, -1)
    return dict(more)


def _averaged(month: MonthUsage, prices: Prices) -> Prices:
    stored = {
        each: Volume(*(part // month.days for part in volume))
        for each, volume in month.stored.items()
    }
    return averaged(prices, stored)


def _volume(part: _Part) -> Volume:
    found = Volume()
    for each in chain.from_iterable(part.stored):
        if each.example.current:
            found = found.plus(each.volume)
    return found


class _Part(NamedTuple):
    """What is in a prefix that gets tiers, or, as None, all else. `has_versions`: some of it is
    none of the current objects alone.
    """

    prefix: str | None
    stored: list[Group]
    arriving: list[Group]

    @property
    def has_versions(self) -> bool:
        return self.prefix is None or any(len(group) > 1 for group in self.stored)


class _Happens(NamedTuple):
    months: Sequence[MonthUsage]
    first_run: FirstRun


def _parts(root: Node, prefixes: Sequence[str]) -> Iterator[_Part]:
    """The whole bucket is a part only where it is the only one."""
    rest = _Part(None, [], [])
    yield from _split(root, set(prefixes) if len(prefixes) == 1 else {*prefixes} - {""}, rest)
    yield rest


def _split(node: Node, prefixes: set[str], rest: _Part) -> Iterator[_Part]:
    if node.prefix in prefixes:
        part = _Part(node.prefix, [], [])
        for each in node.all:
            for group in each.stored:
                (part if _has_current(group) else rest).stored.append(group)
            part.arriving.extend(each.arriving)
        yield part
        return
    rest.stored.extend(node.stored)
    rest.arriving.extend(node.arriving)
    for each in node.below:
        yield from _split(each, prefixes, rest)


def _has_current(group: Group) -> bool:
    items = (each.example for each in group)
    return any(item.current and item.kind is ItemKind.OBJECT_VERSION for item in items)


def _concerned(line: Line, parts: Mapping[str | None, _Part]) -> Iterable[_Part]:
    if line.prefix is not None:
        return [parts[line.prefix]]
    return [part for part in parts.values() if part.has_versions]


def _happens(part: _Part, rules: Sequence[Rule], at: Circumstances) -> _Happens:
    batch = Batch(with_rules(at.live, *rules), at.state)
    begin, end = at.starts[0], at.starts[-1]
    stored = list(fates(batch, part.stored, begin, end))
    arriving = list(fates(batch, part.arriving, begin, end))
    return _Happens(usage(stored, arriving, at.starts), first_run(stored, begin))


def _plus(
    one: Sequence[MonthUsage], other: Sequence[MonthUsage], times: int = 1
) -> list[MonthUsage]:
    return [_both(*pair, times) for pair in zip(one, other, strict=True)]


def _both(one: MonthUsage, other: MonthUsage, times: int) -> MonthUsage:
    return MonthUsage(
        one.days,
        _sum(one.stored, other.stored, times),
        _sum(one.at_end, other.at_end, times),
        _sum(one.transitions, other.transitions, times),
        _sum(one.early, other.early, times),
    )


def _sum(
    one: Mapping[Name, Volume], other: Mapping[Name, Volume], times: int
) -> Mapping[Name, Volume]:
    found = dict(one)
    for name, volume in other.items():
        found[name] = found.get(name, Volume()).plus(volume, times)
    return {name: volume for name, volume in found.items() if volume != Volume()}


def _costs(months: Sequence[MonthUsage], prices: Prices) -> list[Cost]:
    return [cost(each, prices) for each in months]


def _worth(before: Sequence[Cost], after: Sequence[Cost]) -> Worth:
    pairs = list(zip(before, after, strict=True))
    return Worth(
        tuple(Fraction(one.total - other.total) for one, other in pairs),
        sum((other.transitions - one.transitions for one, other in pairs), Fraction()),
    )
