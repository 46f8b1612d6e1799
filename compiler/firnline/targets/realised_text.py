"""What came of changes of rules, for people: forecast and found, and what explains the gap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.diagnostics.wrapping import wrapped
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.how_much import how_much
from firnline.inventory.money import dollars
from firnline.inventory.savings.entry import Entry
from firnline.inventory.savings.gap import Gap, gaps, in_all
from firnline.inventory.savings.overdue import NotDone
from firnline.inventory.savings.realised import LAG, Look, Realised
from firnline.s3.phrases import to_do_in_words
from firnline.s3.terms import Bytes
from firnline.targets.aligned import aligned

_NOT_KNOWN = "?"
_NONE = "-"
_LISTED = 10


def to_text(found: Sequence[Realised], columns: int) -> str:
    return "\n\n".join("\n".join(_lines(each, columns)) for each in found) + "\n"


def _lines(found: Realised, columns: int) -> Iterator[str]:
    last = found.looks[-1]
    parts = [
        _head(found.entry),
        _days(found.looks, columns) if len(found.looks) > 1 else [],
        _classes(last, columns),
        [
            line
            for each in _why(last, found.tags_unknown)
            for line in wrapped(each, columns, hanging=2)
        ],
        [line for each in found.notes for line in wrapped(f"note: {each}", columns, hanging=2)],
    ]
    first = True
    for part in parts:
        if part:
            if not first:
                yield ""
            yield from part
            first = False


def _head(entry: Entry) -> list[str]:
    change = entry.change
    name = f"{visible(change.bucket)} ({visible(change.account)}, {visible(change.region)})"
    lines = [f"{name}: rules changed on {change.at:%Y-%m-%d %H:%M}Z"]
    if entry.inventory is not None:
        lines.append(f"  what was there: {visible(entry.inventory)}")
    if entry.forecast is None:
        return [*lines, f"  nothing was forecast: {visible(entry.missing)}"]
    first, last = (dollars(Fraction(entry.forecast.saved(month))) for month in (0, -1))
    months = len(entry.forecast.after.usd)
    return [*lines, f"  forecast then: to save {first} in month 1, {last} in month {months}"]


def _days(looks: Sequence[Look], columns: int) -> list[str]:
    rows: list[Sequence[str]] = [("inventory of", "without it", "forecast", "found", "gap")]
    for look in looks:
        whole = in_all(gaps(look))
        rows.append((f"{look.shown.made:%Y-%m-%d %H:%M}Z", *_amounts(whole)))
    return aligned(rows, columns, right=(1, 2, 3, 4))


def _classes(look: Look, columns: int) -> list[str]:
    made = f"{look.shown.made:%Y-%m-%d %H:%M}Z"
    rows: list[Sequence[str]] = [(made, "without it", "forecast", "found", "gap")]
    found = list(gaps(look))
    rows += [(each.storage_class, *_amounts(each)) for each in found]
    rows.append(("in all", *_amounts(in_all(found))))
    if look.rates is not None:
        rates = look.rates
        amounts = (rates.unchanged, rates.forecast, rates.found)
        gap = rates.found - rates.forecast
        more = f"{'+' if gap > 0 else ''}{dollars(gap)}" if gap else _NONE
        rows.append(("a month of it", *map(dollars, amounts), more))
    return aligned(rows, columns, right=(1, 2, 3, 4))


def _amounts(gap: Gap) -> list[str]:
    return [
        _size(gap.unchanged),
        _size(gap.forecast),
        _size(gap.found),
        _NOT_KNOWN if gap.whole is None else _signed(gap.whole),
    ]


def _size(amount: int | None) -> str:
    if amount is None:
        return _NOT_KNOWN
    return Bytes(amount).rounded if amount else _NONE


def _signed(amount: int) -> str:
    return f"{'+' if amount > 0 else '-'}{Bytes(abs(amount)).rounded}" if amount else _NONE


def _why(look: Look, tags_unknown: bool) -> Iterator[str]:
    shown, rows = look.shown, list(gaps(look))
    created = _sum(shown.created.values())
    if created.objects:
        yield f"created since: {_volume(created)}"
    for each in shown.lagging[:_LISTED]:
        yield f"due for less than {LAG + 1} days, which S3 may take: {_action(each)}"
    for each in shown.overdue[:_LISTED]:
        sample = f", such as `{visible(each.key)}`" if each.key is not None else ""
        yield (
            f"not done by rule `{visible(each.rule)}`: {_action(each)}, due since"
            f" {each.since:%Y-%m-%d}{sample}"
        )
    if len(shown.overdue) > _LISTED:
        yield f"… and {how_many(len(shown.overdue) - _LISTED, 'more action')} not done"
    yield from _otherwise(rows, tags_unknown)
    if look.rates is not None:
        rates = look.rates
        saved, forecast = rates.unchanged - rates.found_of_then, rates.unchanged - rates.forecast
        compared = "exactly as" if saved == forecast else f"and {dollars(forecast)} were"
        of_then = " on what was there at the change" if created.objects else ""
        yield f"it saves {dollars(saved)} a month by then{of_then}, {compared} forecast"


def _otherwise(rows: Sequence[Gap], tags_unknown: bool) -> Iterator[str]:
    """What no rule explains whose filter is known to match."""
    who = "somebody, or a rule that filters by tags," if tags_unknown else "somebody"
    for each in rows:
        if each.otherwise:
            amount = Bytes(abs(each.otherwise)).rounded
            yield (
                f"{each.storage_class}: {amount} less, which {who} deleted, overwrote or moved"
                if each.otherwise < 0
                else f"{each.storage_class}: {amount} more than rules, growth and lag explain"
            )


def _action(found: NotDone) -> str:
    return f"{to_do_in_words(found.action, found.into)}, {_volume(found.volume)}"


def _volume(volume: Volume) -> str:
    what = "object version"
    if not volume.bytes:
        return how_many(volume.objects, what)
    return how_much(volume.objects, volume.bytes, what)


def _sum(volumes: Iterable[Volume]) -> Volume:
    total = Volume()
    for each in volumes:
        total = total.plus(each)
    return total
