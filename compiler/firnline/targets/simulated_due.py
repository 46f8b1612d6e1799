"""What is due at a moment, for people: by retention, and item by item where they are few."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from firnline.diagnostics.visible import visible
from firnline.s3.phrases import to_do_in_words
from firnline.s3.simulate.batch import ActionTaken
from firnline.s3.simulate.stored import ItemKind, LifecycleAction, StoredItem
from firnline.s3.simulate.tally import Tally
from firnline.targets.aligned import aligned
from firnline.targets.simulated import Due, written
from firnline.targets.simulated_days import sized
from firnline.targets.simulated_totals import OLD_VERSION, owner_of

_FEW = 20

_Pairs = list[tuple[StoredItem, ActionTaken]]


def due_of(due: Due, columns: int, *, every_row: bool) -> str:
    header = ("", "objects", "size", "due since", "for example")
    parts = [
        [f"actions due as of {written(due.at)}:"],
        aligned([header, *_by_owner(due)], columns, right=(1, 2)),
    ]
    if every_row or 1 < len(due.items) <= _FEW:
        rows = [_row(*pair) for pair in zip(due.items, due.actions, strict=True)]
        parts.append(aligned([("now", "action", "due since", "key"), *rows], columns))
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _by_owner(due: Due) -> Iterator[tuple[str, ...]]:
    """Those with most bytes first, and last what nothing is done to."""
    owners: dict[str, dict[str, _Pairs]] = defaultdict(lambda: defaultdict(list))
    idle: _Pairs = []
    for pair in zip(due.items, due.actions, strict=True):
        taken = pair[1]
        if taken.action is LifecycleAction.NONE:
            idle.append(pair)
        else:
            owners[owner_of(taken, due.kept)][_to_do(taken)].append(pair)
    for owner in sorted(owners, key=lambda owner: -sum(map(_bytes, owners[owner].values()))):
        yield (visible(owner),)
        for to_do, pairs in sorted(owners[owner].items(), key=lambda each: -_bytes(each[1])):
            yield _summed(f"  {to_do}", pairs)
    if idle:
        yield _summed("nothing is due", idle)


def _summed(name: str, pairs: _Pairs) -> tuple[str, ...]:
    dues = [taken.due for _, taken in pairs if taken.due]
    since = f"{min(dues):%Y-%m-%d}" if dues else ""
    size = sized(Tally(len(pairs), _bytes(pairs)))
    return name, f"{len(pairs):,}", size, since, visible(pairs[0][0].key)


def _bytes(pairs: Sequence[tuple[StoredItem, ActionTaken]]) -> int:
    return sum(item.size for item, _ in pairs)


def _row(item: StoredItem, taken: ActionTaken) -> tuple[str, ...]:
    now = item.storage_class if item.kind is ItemKind.OBJECT_VERSION else item.kind.value
    since = f"{taken.due:%Y-%m-%d}" if taken.due else ""
    key = visible(item.key) if item.current else f"{visible(item.key)} ({OLD_VERSION})"
    return now, _to_do(taken), since, key


def _to_do(taken: ActionTaken) -> str:
    return to_do_in_words(taken.action, taken.storage_class)
