"""What was simulated, as text and as JSON."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from firnline.diagnostics.visible import visible
from firnline.s3.simulate.batch import Deed, Step
from firnline.s3.simulate.listed import Told
from firnline.s3.simulate.stored import Action, Sort, Thing
from firnline.targets.timeline import Change, bar, changes, horizon, legend, to_do, told

MOST_ROWS = 40
MOST_BARS = 12
_OLD_VERSION = "old version"


@dataclass(frozen=True, slots=True)
class Simulated:
    """Things and their stories, one for each; the last `made` things are delete markers that S3
    puts meanwhile."""

    things: Sequence[Thing]
    stories: Sequence[tuple[Step, ...]]
    since: datetime | None
    until: datetime | None
    made: int = 0


def of_listing(
    things: Sequence[Thing], told: Iterable[Told], since: datetime | None, until: datetime | None
) -> Simulated:
    """The things in the order of the listing, then the markers that S3 puts, by key."""
    stories: list[tuple[Step, ...]] = [()] * len(things)
    made: list[Told] = []
    for each in told:
        if each.place is None:
            made.append(each)
        else:
            stories[each.place] = each.steps
    made.sort(key=lambda each: (each.thing.key, each.thing.created))
    return Simulated(
        (*things, *(each.thing for each in made)),
        (*stories, *(each.steps for each in made)),
        since,
        until,
        len(made),
    )


def owed_to_text(things: Sequence[Thing], owed: Sequence[Deed], at: datetime, columns: int) -> str:
    """What is owed, summed up; object by object where they are few."""
    parts = [f"owed at {_moment(at)}:"]
    groups: dict[str, list[tuple[Thing, Deed]]] = defaultdict(list)
    for thing, deed in zip(things, owed, strict=True):
        groups[_to_do(deed)].append((thing, deed))
    table = _table("", "objects", "bytes", "due since", "for example")
    for name, group in sorted(groups.items(), key=lambda item: -len(item[1])):
        dues = [deed.due for _, deed in group if deed.due]
        since = _day(min(dues)) if dues else ""
        table.add_row(name, f"{len(group):,}", _bytes(group), since, visible(group[0][0].key))
    parts.append(_drawn(table, columns))
    if len(things) <= MOST_ROWS:
        rows = _table("key", "now", "owed", "due since", "by")
        for thing, deed in zip(things, owed, strict=True):
            since = _day(deed.due) if deed.due else ""
            rows.add_row(_called(thing), _state(thing), _to_do(deed), since, _by(deed))
        parts.append(_drawn(rows, columns))
    return "\n\n".join(parts) + "\n"


def stories_to_text(simulated: Simulated, columns: int) -> str:
    """The timelines, and under them what happens on which day."""
    steps = [
        (step, thing)
        for thing, story in zip(simulated.things, simulated.stories, strict=True)
        for step in story
    ]
    until = f" until {_day(simulated.until)}" if simulated.until else ""
    if not steps:
        return f"nothing happens{until}\n"
    parts = (timelines(simulated, columns), _days(steps, columns), _left(simulated))
    return "\n\n".join(parts) + "\n"


def _left(simulated: Simulated) -> str:
    """What is there at the end, in one line."""
    counts: Counter[str] = Counter()
    for thing, steps in zip(simulated.things, simulated.stories, strict=True):
        if steps and steps[-1].left is None:
            continue
        marked = any(step.deed.action is Action.DELETE_MARKER for step in steps)
        old = thing.sort is Sort.DATA and (marked or not thing.current)
        counts[_OLD_VERSION if old else thing.sort.value] += 1
    when = f" on {_day(simulated.until)}" if simulated.until else ""
    kinds = (Sort.DATA.value, _OLD_VERSION, Sort.MARKER.value, Sort.UPLOAD.value)
    parts = [
        f"{counts[name]:,} {name}{'s' * (counts[name] != 1)}" for name in kinds if counts[name]
    ]
    return f"left{when}: {', '.join(parts) or 'nothing'}"


def timelines(simulated: Simulated, columns: int) -> str:
    """A row for each kind of story, those of most objects first; ages in days."""
    groups: dict[tuple[Change, ...], list[Thing]] = defaultdict(list)
    for thing, steps in zip(simulated.things, simulated.stories, strict=True):
        groups[changes(thing, steps)].append(thing)
    ordered = sorted(groups.items(), key=lambda item: -len(item[1]))
    shown = ordered[:MOST_BARS]
    days = horizon([story for story, _ in shown])
    width = max(columns - 46, 20)
    lines = [f"{'age':>44}  0d{f'{days}d':>{width - 2}}"]
    for story, things in shown:
        many = f"{len(things):,} object{'s' * (len(things) != 1)}"
        name = visible(things[0].key)
        name = name if len(name) <= 26 else f"{name[:25]}…"
        lines.append(f"{many:>17} {name:<26}  {bar(story, days, width)}")
    if len(ordered) > MOST_BARS:
        lines.append(f"… and {len(ordered) - MOST_BARS:,} more kinds of stories")
    return "\n".join([*lines, "", legend(story for story, _ in shown)])


def _days(steps: list[tuple[Step, Thing]], columns: int) -> str:
    """By day; by month where those are too many."""
    days = {step.at.date() for step, _ in steps}
    form = "%Y-%m-%d" if len(days) <= MOST_ROWS else "%Y-%m"
    count: Counter[tuple[str, str]] = Counter()
    size: Counter[tuple[str, str]] = Counter()
    rules: dict[tuple[str, str], set[str]] = defaultdict(set)
    for step, thing in steps:
        row = (step.at.strftime(form), told(step.deed.action, step.deed.storage_class))
        count[row] += 1
        size[row] += thing.size
        rules[row] |= {rule.id for rule in step.deed.rules}
    table = _table("day" if form.endswith("d") else "month", "", "objects", "bytes", "by")
    for row in sorted(count):
        ids = ", ".join(sorted(rules[row])[:3]) + ", …" * (len(rules[row]) > 3)
        table.add_row(*row, f"{count[row]:,}", f"{size[row]:,}", visible(ids))
    return _drawn(table, columns)


def owed_to_json(things: Sequence[Thing], owed: Sequence[Deed], at: datetime) -> str:
    rows = ({**_thing(t), **_deed(d)} for t, d in zip(things, owed, strict=True))
    return _document({"at": _moment(at)}, rows)


def stories_to_json(simulated: Simulated) -> str:
    listed = len(simulated.things) - simulated.made
    rows = (
        {
            **_thing(thing),
            **({} if place < listed else {"put_by_lifecycle": True}),
            "steps": [{"at": _moment(s.at), **_deed(s.deed)} for s in story],
        }
        for place, (thing, story) in enumerate(
            zip(simulated.things, simulated.stories, strict=True)
        )
    )
    said = {name: getattr(simulated, name) for name in ("since", "until")}
    return _document({name: each and _moment(each) for name, each in said.items()}, rows)


def _document(head: dict[str, Any], rows: Iterator[dict[str, Any]]) -> str:
    """One object on a line, so that a long one can be read in pieces."""
    opening = json.dumps({"schema_version": 1, **head, "objects": []})
    lines = ",\n".join(f"  {json.dumps(row)}" for row in rows)
    return f"{opening[:-2]}\n{lines}\n]}}\n" if lines else f"{opening}\n"


def _thing(thing: Thing) -> dict[str, Any]:
    shape: dict[str, Any] = {"key": thing.key, "created": _moment(thing.created)}
    if thing.sort is Sort.DATA:
        shape |= {"size": thing.size, "storage_class_now": thing.storage_class}
    else:
        shape["type"] = thing.sort.value.replace(" ", "_")
    if thing.noncurrent_since is not None:
        shape["noncurrent_since"] = _moment(thing.noncurrent_since)
    return shape


def _deed(deed: Deed) -> dict[str, Any]:
    return {
        "action": deed.action.value,
        "storage_class": deed.storage_class,
        "due": _moment(deed.due) if deed.due else None,
        "rules": [rule.id for rule in deed.rules],
    }


def _to_do(deed: Deed) -> str:
    return to_do(deed.action, deed.storage_class)


def _called(thing: Thing) -> str:
    return visible(thing.key) if thing.current else f"{visible(thing.key)} (old version)"


def _state(thing: Thing) -> str:
    return thing.storage_class if thing.sort is Sort.DATA else thing.sort.value


def _by(deed: Deed) -> str:
    return ", ".join(visible(rule.id) for rule in deed.rules)


def _bytes(group: Sequence[tuple[Thing, Deed]]) -> str:
    return f"{sum(thing.size for thing, _ in group):,}"


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _table(*names: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="")
    for name in names:
        numbers = name in ("objects", "bytes")
        table.add_column(name, justify="right" if numbers else "left", overflow="fold")
    return table


def _drawn(table: Table, columns: int) -> str:
    stream = StringIO()
    console = Console(file=stream, width=columns, no_color=True, highlight=False, markup=False)
    console.print(table)
    return "\n".join(line.rstrip() for line in stream.getvalue().rstrip().splitlines())
