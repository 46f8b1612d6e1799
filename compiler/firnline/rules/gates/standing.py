"""Gates that need nothing to compare with (FL403, FL404): what must be approved to open them?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, assert_never

from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.diagnostics.position import Span
from firnline.language.gate_settings import GateSettings, Level
from firnline.language.model import Policy
from firnline.rules.diff.items import Comparison, ReviewItem
from firnline.rules.diff.words import in_words
from firnline.rules.gates.gate import Gate, GatedItem
from firnline.rules.gates.report import about
from firnline.s3.terms import Clock


@dataclass(frozen=True, slots=True)
class Standing:
    """A gate, and each item that must be approved: that the objects of its retention are deleted as
    the policies say.
    """

    gate: Diagnostic
    items: tuple[GatedItem, ...]

    def at_level(self, level: Level) -> Diagnostic | None:
        """The diagnostic of a gate that is open; None where the project has switched it off, or
        where everything is approved.
        """
        waiting = [item for item in self.items if item.is_open]
        match level:
            case Level.OFF:
                return None
            case Level.ERROR:
                return replace(self.gate, severity=Severity.ERROR)
            case Level.WARNING:
                return replace(self.gate, severity=Severity.WARNING)
            case Level.GATE if self.items and not waiting:
                return None
            case Level.GATE:
                notes = [
                    note for item in waiting for note in (*item.notes, *about(item, compares=False))
                ]
                return replace(self.gate, notes=(*self.gate.notes, *notes))
            case _:
                assert_never(level)


ANYTHING: Final = "anything"
"""What happened before: such a gate compares with nothing."""


def standing(
    found: Iterable[Diagnostic], policies: Iterable[Policy], now: Comparison
) -> tuple[Standing, ...]:
    """`now` compares nothing with the policies."""
    policies = tuple(policies)
    return tuple(
        Standing(each, tuple(_items(each, policies, now)))
        for each in found
        if each.severity is Severity.GATE
    )


def still_open(
    states: Iterable[Standing], judged: Sequence[GatedItem], settings: GateSettings
) -> Iterator[Diagnostic]:
    """Each at the level that the project says. `judged` are the items of all, in their order, with
    what is approved of them.
    """
    count = 0
    for each in states:
        mine = tuple(judged[count : count + len(each.items)])
        count += len(mine)
        level = settings.level(each.gate.kind.code)
        if (found := replace(each, items=mine).at_level(level)) is not None:
            yield found


def _items(gate: Diagnostic, policies: tuple[Policy, ...], now: Comparison) -> Iterator[GatedItem]:
    names = set(_retentions(gate, policies))
    for item in now.items:
        if item.change.clock is Clock.OBJECTS and item.change.new.ends and _is_in(item, names):
            _, new = in_words(item.change)
            yield GatedItem(
                item.change.retention,
                item.buckets,
                (item.change,),
                ANYTHING,
                new,
                (Gate(gate.kind, gate.message),),
            )


def _is_in(item: ReviewItem, names: set[str]) -> bool:
    return item.change.retention in names


def _retentions(gate: Diagnostic, policies: tuple[Policy, ...]) -> Iterator[str]:
    """The one that it points into; else all of the policy, since an override may stand anywhere."""
    place = gate.place
    if not isinstance(place, Span):
        return
    for policy in policies:
        if policy.name.span.source is not place.source:
            continue
        inside = [
            retention
            for retention in policy.retentions
            if retention.span.source is place.source
            and retention.span.start <= place.start < retention.span.end
        ]
        for retention in inside or policy.retentions:
            yield f"{policy.name.value}/{retention.name.value}"
