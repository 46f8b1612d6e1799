"""What changes between two snapshots → the items that need an approval."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import reduce

from firnline.language.gate_settings import GateSettings, Level
from firnline.rules.diff.category import Category
from firnline.rules.diff.items import ReviewItem, digest_of
from firnline.rules.diff.words import in_words, subject
from firnline.rules.gates import (
    deletes_sooner,
    first_rules,
    first_run,
    last_copy,
    rules_go,
    scope_widened,
    undo_window,
)
from firnline.rules.gates.gate import Circumstances, FirstRun, Gate, GatedItem
from firnline.s3.terms import Clock

_NOTHING = "no rules"
_NOTHING_STORED = FirstRun(0, 0, 0, 0)
_GATES = (deletes_sooner.gate, scope_widened.gate, undo_window.gate, last_copy.gate)


def gated_items(around: Circumstances) -> tuple[GatedItem, ...]:
    """In the order of the comparison; then one for each bucket that had no rules, and for each rule
    of others that goes. What ends later than before, or only moves, needs no approval.
    """
    found = (*_changed(around), *_first(around), *rules_go.items(around))
    return tuple(item for each in found if (item := _at_levels(each, around.settings)).gates)


def _changed(around: Circumstances) -> Iterator[GatedItem]:
    for item in around.found.items:
        buckets = tuple(key for key in item.buckets if around.found.had_rules(key))
        if not buckets:
            continue
        here = replace(item, buckets=buckets)
        gates = tuple(gate for ask in _GATES if (gate := ask(here, around)) is not None)
        if not gates:
            continue
        known = _first_run_on(here, around)
        if _is_in_inventories(item):
            gates = _with_first_run(gates, known, around)
        old, new = in_words(item.change)
        yield GatedItem(
            item.change.retention,
            buckets,
            (item.change,),
            old,
            new,
            gates,
            known,
        )


def _first(around: Circumstances) -> Iterator[GatedItem]:
    by_bucket: dict[str, list[ReviewItem]] = {}
    for item in around.found.items:
        for key in item.buckets:
            if not around.found.had_rules(key):
                by_bucket.setdefault(key, []).append(item)
    for key, items in sorted(by_bucket.items()):
        here = [replace(item, buckets=(key,)) for item in items]
        known = _NOTHING_STORED if key in around.empty else _first_run_of(here, around)
        gate = first_rules.gate(key, items, known)
        if gate is not None:
            deleting = [item for item in items if _deletes(item)]
            gates: tuple[Gate, ...] = (gate,)
            if any(map(_is_in_inventories, deleting)):
                gates = _with_first_run(gates, known, around)
            yield GatedItem(
                None,
                (key,),
                tuple(item.change for item in items),
                _NOTHING,
                "; ".join(map(_said, deleting)),
                gates,
                known,
                is_first_rules=True,
            )


def _first_run_of(items: Iterable[ReviewItem], around: Circumstances) -> FirstRun | None:
    """Of all items together; None where nothing is known of one that deletes something that an
    inventory may have.
    """
    deleting = [item for item in items if _deletes(item) and _is_in_inventories(item)]
    known = [_first_run_on(item, around) for item in deleting]
    found = [each for each in known if each is not None]
    return reduce(FirstRun.plus, found) if found and len(found) == len(known) else None


def _first_run_on(item: ReviewItem, around: Circumstances) -> FirstRun | None:
    """On the buckets of the item, which may be fewer than it was found on."""
    if not around.first_runs:
        return None
    whole = around.first_runs.get(digest_of(item.change, item.buckets))
    if whole is not None:
        return whole
    parts = [around.first_runs.get(digest_of(item.change, (key,))) for key in item.buckets]
    found = [each for each in parts if each is not None]
    return reduce(FirstRun.plus, found) if len(found) == len(parts) else None


def _is_in_inventories(item: ReviewItem) -> bool:
    return item.change.clock is not Clock.MULTIPART_UPLOADS


def _with_first_run(
    gates: tuple[Gate, ...], known: FirstRun | None, around: Circumstances
) -> tuple[Gate, ...]:
    found = first_run.gate(known, around)
    return (*gates, found) if found is not None else gates


def _at_levels(item: GatedItem, settings: GateSettings) -> GatedItem:
    """Without what the project has switched off."""
    levels = [(gate, settings.level(gate.kind.code)) for gate in item.gates]
    gates = tuple(replace(gate, level=level) for gate, level in levels if level is not Level.OFF)
    return replace(item, gates=gates)


def _deletes(item: ReviewItem) -> bool:
    return Category.DELETES_SOONER in item.categories


def _said(item: ReviewItem) -> str:
    return f"{subject(item.change)}: {in_words(item.change)[1]}"
