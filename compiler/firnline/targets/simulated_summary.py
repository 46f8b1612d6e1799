"""What happens to a listing, for people: what the first run does, what follows, what is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible, width
from firnline.diagnostics.wrapping import wrapped
from firnline.s3.simulate.stored import ItemKind
from firnline.s3.simulate.tally import Tally, added
from firnline.s3.terms import Bytes
from firnline.targets.aligned import GAP, aligned, cut
from firnline.targets.simulated import Simulated
from firnline.targets.simulated_bars import bars_of, stories_of
from firnline.targets.simulated_days import days_of, sized
from firnline.targets.simulated_totals import OLD_VERSION, Happening, Totals, totals_of

MOST_LINES = 40
_IDLE = "nothing happens"
_MOST_BARS = 5
_FEW = 2_000  # items, of which stories are looked for to draw them
_FEWEST_DAYS = 4
_AROUND_DAYS = 7  # lines: above and below their table, and what is left
_WIDE, _NARROW, _ANY_WIDTH = (10, 9), (7, 7), 1_000
_KINDS = (
    ItemKind.OBJECT_VERSION.value,
    OLD_VERSION,
    ItemKind.DELETE_MARKER.value,
    ItemKind.MULTIPART_UPLOAD.value,
)


def summary_of(simulated: Simulated, columns: int, most: int | None) -> str:
    """`most` lines, if that is possible."""
    totals = totals_of(simulated)
    until = f" until {simulated.until:%Y-%m-%d}" if simulated.until else ""
    since = f", from {simulated.since:%Y-%m-%d}{until or ' on'}" if simulated.since else until
    head = wrapped(f"{in_kinds(totals.stored)}{since}", columns)
    if not totals.happenings:
        return "\n".join([*head, "", _IDLE] if totals.stored else [_IDLE]) + "\n"
    parts = [head, _by_owner(totals, columns, most)]
    if len(simulated.items) <= _FEW:
        stories = stories_of(simulated)
        if most is None or len(stories) <= _MOST_BARS:
            parts.append(bars_of(stories, columns, None).splitlines())
    later = [each for each in totals.happenings if each.at != totals.first_run]
    if later:
        used = sum(len(part) + 1 for part in parts)
        left = None if most is None else most - used - _AROUND_DAYS
        parts.append(_after_the_first_run(later, columns, left))
    parts.append([left_of(simulated, totals, columns)])
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _after_the_first_run(later: Sequence[Happening], columns: int, most: int | None) -> list[str]:
    if most is not None and most < _FEWEST_DAYS:
        return ["after the first run: see --all"]
    return ["after the first run:", "", *days_of(later, columns, most)]


def in_kinds(tallies: Mapping[str, Tally]) -> str:
    """`5 objects (1.2GiB), 1 delete marker`."""
    found = [
        how_many(tallies[name].count, name)
        + (f" ({Bytes(tallies[name].bytes).rounded})" if tallies[name].bytes else "")
        for name in _KINDS
        if name in tallies
    ]
    return ", ".join(found) or "nothing"


def left_of(simulated: Simulated, totals: Totals, columns: int) -> str:
    when = f" on {simulated.until:%Y-%m-%d}" if simulated.until else ""
    return "\n".join(wrapped(f"left{when}: {in_kinds(totals.left)}", columns, hanging=2))


def _by_owner(totals: Totals, columns: int, most: int | None) -> list[str]:
    """What each retention or rule does: on the first run, and later."""
    owners: dict[str, list[Happening]] = defaultdict(list)
    for each in totals.happenings:
        owners[each.owner].append(each)
    blocks = {
        owner: _block(visible(owner), owners[owner], totals.first_run)
        for owner in sorted(owners, key=lambda owner: -_bytes(owners[owner]))
    }
    shown = _that_fit(blocks, most)
    rows = [row for block in shown for row in block]
    if len(owners) > 1:
        rows += _block("in all", totals.happenings, totals.first_run)
    lines = _titled(rows, totals, columns)
    if more := len(owners) - len(shown):
        lines.append(f"… and {more:,} more that do something: see --all")
    if totals.untouched.count:
        size = f" ({sized(totals.untouched)})" if totals.untouched.bytes else ""
        lines.append(f"nothing happens to {totals.untouched.count:,} of them{size}")
    return lines


def _block(title: str, found: Iterable[Happening], first_run: datetime | None) -> _Block:
    """A row for each action, that of most bytes first."""
    sums = added(((each.done, each.at == first_run), each.tally) for each in found)
    whole = added((done, tally) for (done, _), tally in sums.items())
    rows: _Block = [(title,)]
    for done in sorted(whole, key=lambda done: (-whole[done].bytes, done)):
        first, later = (sums.get((done, when), Tally()) for when in (True, False))
        rows.append((f"  {done}", *_cells(first), *_cells(later)))
    return rows


_Block = list[tuple[str, ...]]
"""Its title, then its rows."""


def _cells(tally: Tally) -> tuple[str, str]:
    return (f"{tally.count:,}", sized(tally)) if tally.count else ("-", "")


def _bytes(found: Iterable[Happening]) -> int:
    return sum(each.tally.bytes for each in found)


def _that_fit(blocks: Mapping[str, _Block], most: int | None) -> list[_Block]:
    """On two fifths of the lines; at least one."""
    shown: list[_Block] = []
    lines = 0
    for block in blocks.values():
        lines += len(block)
        if shown and most is not None and lines > most * 2 // 5:
            break
        shown.append(block)
    return shown


def _titled(rows: _Block, totals: Totals, columns: int) -> list[str]:
    """Above the counts of the first run, and of what follows, stand the days. Numbers are never
    cut: on a narrow screen less is said of them, and then of what is done.
    """
    assert totals.first_run is not None, "a listing is simulated from a moment on"
    first, last = totals.first_run, max(each.at for each in totals.happenings)
    rows = [row if len(row) > 1 else (cut(row[0], columns),) for row in rows]
    titles = [f"on the first run, {first:%Y-%m-%d}", f"later, to {last:%Y-%m-%d}"]
    lines = _table(rows, titles[: 1 + (last > first)], _WIDE)
    if max(map(width, lines)) <= columns:
        return lines
    titles[1:] = [f"to {last:%Y-%m-%d}"]
    titles = titles[: 1 + (last > first)]
    lines = _table(rows, titles, _NARROW)
    more = max(map(width, lines)) - columns
    if more <= 0:
        return lines
    room = max(width(row[0]) for row in rows if len(row) > 1) - more
    return _table([(cut(row[0], room), *row[1:]) for row in rows], titles, _NARROW)


def _table(rows: _Block, titles: Sequence[str], numbers: tuple[int, int]) -> list[str]:
    count, size = numbers
    header = ("", *[f"{'objects':>{count}}", f"{'size':>{size}}"] * len(titles))
    cells = [row[: len(header)] for row in rows]
    above, *lines = aligned([header, *cells], _ANY_WIDTH, right=(1, 2, 3, 4))
    second = "" if len(titles) == 1 else f"{titles[1]:>{count + size + 2 * len(GAP)}}"
    first = f"{titles[0]:>{len(above) - len(second)}}"
    return [first + second, above, *lines]
