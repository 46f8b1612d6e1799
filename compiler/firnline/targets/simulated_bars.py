"""The histories of a simulation as bars: a row for each different one, over ages in days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible, width
from firnline.s3.simulate.stored import StoredItem
from firnline.targets.aligned import cut
from firnline.targets.legend import fitted
from firnline.targets.simulated import Simulated
from firnline.targets.timeline import Change, bar, changes, horizon, legend_of

MOST_BARS = 12
_NAME = 26

Stories = Mapping[tuple[Change, ...], Sequence[StoredItem]]


def stories_of(simulated: Simulated) -> Stories:
    """The items of each different story."""
    found: dict[tuple[Change, ...], list[StoredItem]] = defaultdict(list)
    for item, steps in zip(simulated.items, simulated.histories, strict=True):
        found[changes(item, steps)].append(item)
    return found


def bars_of(stories: Stories, columns: int, most: int | None = MOST_BARS) -> str:
    """Those of most objects first, and not more than `most`."""
    ordered = sorted(stories.items(), key=lambda story: -len(story[1]))
    shown = ordered[:most]
    days = horizon([story for story, _ in shown])
    wide = max(columns - _NAME - 20, 14)
    lines = [f"{'age':>{_NAME + 18}}  0d{f'{days}d':>{wide - 2}}"]
    for story, items in shown:
        many = how_many(len(items), items[0].kind.value)
        name = cut(visible(items[0].key), _NAME)
        name += " " * (_NAME - width(name))
        lines.append(f"{many:>17} {name}  {bar(story, days, wide)}")
    if len(ordered) > len(shown):
        lines.append(f"… and {len(ordered) - len(shown):,} more kinds of stories: see --all")
    legend = fitted(legend_of(story for story, _ in shown), columns)
    return "\n".join([*lines, "", *legend])
