"""Items that need an approval → diagnostics, each gate once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from firnline.diagnostics.kinds import Diagnostic
from firnline.rules.diff.items import Comparison
from firnline.rules.diff.words import few
from firnline.rules.gates.first_run import UNKNOWN
from firnline.rules.gates.gate import Gate, GatedItem
from firnline.rules.gates.place import place_of


def gate_diagnostics(items: Iterable[GatedItem], found: Comparison) -> tuple[Diagnostic, ...]:
    return tuple(each for item in items for each in _of(item, found))


def shown_gates(item: GatedItem) -> Iterator[tuple[Gate, tuple[str, ...]]]:
    """Those that are open, with what else is to be said of each. That facts are missing is said of
    the first gate, and is one of its own only where no other is open.
    """
    waiting = [gate for gate in item.gates if gate.kind.code not in item.approved]
    certain = [gate for gate in waiting if not gate.is_unknown]
    unknown = [gate for gate in waiting if gate.is_unknown]
    for nth, gate in enumerate(certain or unknown):
        about = [UNKNOWN] if certain and unknown else []
        yield gate, (*gate.notes, *(about + list(item.notes) if nth == 0 else []))


def about(item: GatedItem, *, compares: bool = True) -> Iterator[str]:
    """What an approval of it is bound to. `compares`: with what happened before."""
    if not compares:
        yield f"as written: {item.new}"
    elif not item.is_first_rules and item.rule is None:
        yield f"before: {item.old}; after: {item.new}"
    yield f"on {few(item.buckets)}; item {item.digest}"


def _of(item: GatedItem, found: Comparison) -> Iterator[Diagnostic]:
    place = place_of(item, found)
    more = tuple(about(item))
    for gate, notes in shown_gates(item):
        notes = (*notes, *more)
        yield gate.kind.at(place, gate.message, notes=notes, severity=gate.severity)
