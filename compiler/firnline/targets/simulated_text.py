"""The result of a simulation, for people: tables, and timelines."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from io import StringIO
from typing import assert_never

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.s3.phrases import done_in_words, singular, to_do_in_words
from firnline.s3.simulate.batch import ActionTaken, BatchStep
from firnline.s3.simulate.stored import ItemKind, LifecycleAction, StoredItem
from firnline.s3.terms import Clock
from firnline.targets.simulated import ByVersioning, Due, Simulated, written
from firnline.targets.timeline import Change, bar, changes, horizon, legend_of
from firnline.targets.versioning_words import UNKNOWN, clause

MOST_ROWS = 40
MOST_BARS = 12
_OLD_VERSION = singular(Clock.NONCURRENT_VERSIONS)


def to_text(result: Due | Simulated | ByVersioning, *, columns: int) -> str:
    match result:
        case Due():
            return _due(result, columns)
        case Simulated():
            return _histories(result, columns)
        case ByVersioning():
            return _by_versioning(result, lambda each: to_text(each, columns=columns))
        case _:
            assert_never(result)


def to_timelines(result: Due | Simulated | ByVersioning, *, columns: int) -> str:
    """What is due at one moment has no timeline."""
    match result:
        case Due():
            return _due(result, columns)
        case Simulated():
            return _timelines(result, columns) + "\n"
        case ByVersioning():
            return _by_versioning(result, lambda each: to_timelines(each, columns=columns))
        case _:
            assert_never(result)


def _by_versioning(result: ByVersioning, drawn: Callable[[Due | Simulated], str]) -> str:
    parts = [
        f"if {clause(versioning)}:\n\n{drawn(answer)}\n"
        for versioning, answer in result.answers.items()
    ]
    return "".join([*parts, UNKNOWN, "\n"])


def _due(due: Due, columns: int) -> str:
    """Summed up; object by object where they are few."""
    parts = [f"due at {written(due.at)}:"]
    groups: dict[str, list[tuple[StoredItem, ActionTaken]]] = defaultdict(list)
    for item, taken in zip(due.items, due.actions, strict=True):
        groups[_to_do(taken)].append((item, taken))
    table = _table("", "objects", "bytes", "due since", "for example")
    for name, group in sorted(groups.items(), key=lambda item: -len(item[1])):
        dues = [taken.due for _, taken in group if taken.due]
        since = _day(min(dues)) if dues else ""
        table.add_row(name, f"{len(group):,}", _bytes(group), since, visible(group[0][0].key))
    parts.append(_drawn(table, columns))
    if len(due.items) <= MOST_ROWS:
        rows = _table("key", "now", "action", "due since", "by")
        for item, taken in zip(due.items, due.actions, strict=True):
            since = _day(taken.due) if taken.due else ""
            rows.add_row(_called(item), _state(item), _to_do(taken), since, _by(taken))
        parts.append(_drawn(rows, columns))
    return "\n\n".join(parts) + "\n"


def _histories(simulated: Simulated, columns: int) -> str:
    """The timelines, and below them what happens on which day."""
    steps = [
        (step, item)
        for item, story in zip(simulated.items, simulated.histories, strict=True)
        for step in story
    ]
    until = f" until {_day(simulated.until)}" if simulated.until else ""
    if not steps:
        return f"nothing happens{until}\n"
    parts = (_timelines(simulated, columns), _days(steps, columns), _left(simulated))
    return "\n\n".join(parts) + "\n"


def _left(simulated: Simulated) -> str:
    """What remains at the end, in one line."""
    counts: Counter[str] = Counter()
    for item, steps in zip(simulated.items, simulated.histories, strict=True):
        if steps and steps[-1].left is None:
            continue
        marked = any(step.taken.action is LifecycleAction.DELETE_MARKER for step in steps)
        old = item.kind is ItemKind.OBJECT_VERSION and (marked or not item.current)
        counts[_OLD_VERSION if old else item.kind.value] += 1
    when = f" on {_day(simulated.until)}" if simulated.until else ""
    kinds = (
        ItemKind.OBJECT_VERSION.value,
        _OLD_VERSION,
        ItemKind.DELETE_MARKER.value,
        ItemKind.MULTIPART_UPLOAD.value,
    )
    parts = [how_many(counts[name], name) for name in kinds if counts[name]]
    return f"left{when}: {', '.join(parts) or 'nothing'}"


def _timelines(simulated: Simulated, columns: int) -> str:
    """A row for each different history, those of most objects first; ages in days."""
    groups: dict[tuple[Change, ...], list[StoredItem]] = defaultdict(list)
    for item, steps in zip(simulated.items, simulated.histories, strict=True):
        groups[changes(item, steps)].append(item)
    ordered = sorted(groups.items(), key=lambda item: -len(item[1]))
    shown = ordered[:MOST_BARS]
    days = horizon([story for story, _ in shown])
    width = max(columns - 46, 20)
    lines = [f"{'age':>44}  0d{f'{days}d':>{width - 2}}"]
    for story, items in shown:
        many = how_many(len(items), "object")
        name = visible(items[0].key)
        name = name if len(name) <= 26 else f"{name[:25]}…"
        lines.append(f"{many:>17} {name:<26}  {bar(story, days, width)}")
    if len(ordered) > MOST_BARS:
        lines.append(f"… and {len(ordered) - MOST_BARS:,} more kinds of stories")
    return "\n".join([*lines, "", legend_of(story for story, _ in shown)])


def _days(steps: list[tuple[BatchStep, StoredItem]], columns: int) -> str:
    """By day; by month where those are too many."""
    days = {step.at.date() for step, _ in steps}
    form = "%Y-%m-%d" if len(days) <= MOST_ROWS else "%Y-%m"
    count: Counter[tuple[str, str]] = Counter()
    size: Counter[tuple[str, str]] = Counter()
    rules: dict[tuple[str, str], set[str]] = defaultdict(set)
    for step, item in steps:
        row = (step.at.strftime(form), done_in_words(step.taken.action, step.taken.storage_class))
        count[row] += 1
        size[row] += item.size
        rules[row] |= {rule.id for rule in step.taken.rules}
    table = _table("day" if form.endswith("d") else "month", "", "objects", "bytes", "by")
    for row in sorted(count):
        ids = ", ".join(sorted(rules[row])[:3]) + ", …" * (len(rules[row]) > 3)
        table.add_row(*row, f"{count[row]:,}", f"{size[row]:,}", visible(ids))
    return _drawn(table, columns)


def _to_do(taken: ActionTaken) -> str:
    return to_do_in_words(taken.action, taken.storage_class)


def _called(item: StoredItem) -> str:
    return visible(item.key) if item.current else f"{visible(item.key)} ({_OLD_VERSION})"


def _state(item: StoredItem) -> str:
    return item.storage_class if item.kind is ItemKind.OBJECT_VERSION else item.kind.value


def _by(taken: ActionTaken) -> str:
    return ", ".join(visible(rule.id) for rule in taken.rules)


def _bytes(group: Sequence[tuple[StoredItem, ActionTaken]]) -> str:
    return f"{sum(item.size for item, _ in group):,}"


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


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
