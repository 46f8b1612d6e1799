"""A rule of thumb beside the forecast, and what it gets wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.wrapping import wrapped
from firnline.inventory.forecast.between import Between
from firnline.inventory.forecast.change import Change
from firnline.inventory.forecast.rule_of_thumb import CLAIMED, DELETED, SHARES, RuleOfThumb
from firnline.targets.aligned import aligned
from firnline.targets.between import dollars_between

_NONE = Between(Fraction(), Fraction())


def told(rule: RuleOfThumb, change: Change, costs: dict[str, str], columns: int) -> list[str]:
    """`costs` says how kinds of cost are called."""
    rows: list[Sequence[str]] = [("beside a rule of thumb", "the rule", "forecast")]
    for name in dict.fromkeys((*SHARES, *rule.shares)):
        share = SHARES.get(name)
        rows.append((f"stored in {name}", _part(share), _percent(rule.shares.get(name, _NONE))))
    rows.append(("deleted", _part(DELETED), _percent(rule.deleted)))
    pairs = zip(("first", "last"), (0, -1), strict=True)
    for which, place in pairs:
        rows.append(
            (
                f"saved in the {which} month",
                dollars_between(rule.saved[place]),
                dollars_between(change.saved[place]),
            )
        )
    in_all = dollars_between(rule.saved_in_all), dollars_between(change.saved_so_far[-1])
    rows.append(("saved in all", *in_all))
    for name, amount in rule.left_out.items():
        if amount.at_most:
            rows.append((f"{costs[name]}, in all", "-", dollars_between(amount)))
    lines = aligned(rows, columns, right=(1, 2))
    for text in _wrong(rule, change):
        lines += wrapped(text, columns, hanging=2)
    return lines


def _wrong(rule: RuleOfThumb, change: Change) -> Iterator[str]:
    low, high = (_part(each) for each in CLAIMED)
    yield (
        f"the rule says {low.removesuffix(' %')} to {high}; its shares come to"
        f" {_percent(rule.saves)} at these prices, from the first day on"
    )
    saved, by_rule = change.saved_so_far[-1], rule.saved_in_all
    months = how_many(len(change.saved), "month")
    if saved.at_most < by_rule.at_least:
        less = Between(by_rule.at_least - saved.at_most, by_rule.at_most - saved.at_least)
        yield f"in {months} it promises {dollars_between(less)} that the change does not save"
    elif saved.at_least > by_rule.at_most:
        more = Between(saved.at_least - by_rule.at_most, saved.at_most - by_rule.at_least)
        yield f"in {months} it misses {dollars_between(more)} that the change saves"
    yield (
        "it knows no ages, sizes or versions of objects, and no policy: its shares are the same"
        " whatever is stored"
    )


def _part(share: Fraction | None) -> str:
    return "-" if share is None else f"{float(share * 100):.0f} %"


def _percent(share: Between[Fraction]) -> str:
    least, most = _part(share.at_least), _part(share.at_most)
    return least if least == most else f"{least.removesuffix(' %')} to {most}"
