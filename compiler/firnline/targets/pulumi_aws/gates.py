"""Which gates does a write open that no approval opens, compared with what is live?

What is live is compared, and not a git revision: a change that was approved and merged may be
deployed long after, together with others, and by several stacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.language.approvals import Emergency
from firnline.rules.diff.category import Category
from firnline.rules.diff.items import Comparison
from firnline.rules.gates.approved import Judged, judge
from firnline.rules.gates.find import gated_items
from firnline.rules.gates.gate import LIVE, Circumstances, GatedItem
from firnline.rules.gates.report import gate_diagnostics
from firnline.rules.gates.standing import Standing
from firnline.s3.terms import Clock
from firnline.targets.pulumi_aws.agreed import Agreed

_REFUSING = (Severity.GATE, Severity.ERROR)
_OF_DATA = (Clock.OBJECTS, Clock.NONCURRENT_VERSIONS)


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """`items` wait for an approval, or are refused by the project's settings. `found` says why,
    with those gates that the settings make a warning. `emergencies` open what no approval does.
    With `is_of_first_rules` it would be another one if nothing were stored in the bucket.
    """

    items: tuple[GatedItem, ...] = ()
    found: tuple[Diagnostic, ...] = ()
    emergencies: tuple[Emergency, ...] = ()
    is_of_first_rules: bool = False

    @property
    def refuses(self) -> bool:
        return any(each.severity in _REFUSING for each in self.found)


def judge_gates(
    change: Comparison,
    names: Sequence[str],
    agreed: Agreed,
    today: date,
    *,
    is_empty: bool = False,
) -> GateVerdict:
    """`change` is of one bucket, from what is live to what is about to be written, under the first
    of the `names`; approvals may call the bucket by any of them.
    """
    empty = frozenset(names[:1]) if is_empty else frozenset[str]()
    around = Circumstances(LIVE, change, agreed.settings, empty=empty)
    changed = _judged(gated_items(around), names, agreed, today)
    found, judged = [*gate_diagnostics(changed.items, change)], [changed]
    sooner = frozenset(_deleted_sooner(change)) if not is_empty else frozenset[str]()
    for each in agreed.standing:
        here = [item for item in each.items if item.retention in sooner]
        if here:
            judged.append(_judged(here, names, agreed, today))
            level = agreed.settings.level(each.gate.kind.code)
            still = replace(each, items=judged[-1].items).at_level(level)
            found += [still] if still is not None else []
    waiting = [item for each in judged for item in each.items if item.is_open or item.is_refused]
    emergencies = {id(each): each for every in judged for each in every.emergencies}
    is_first = not change.had_rules(names[0])
    return GateVerdict(tuple(waiting), tuple(found), tuple(emergencies.values()), is_first)


def standing_on(key: str, agreed: Agreed) -> Agreed:
    """With the gates of the policies as they are on the bucket with this key alone."""
    here = (
        Standing(each.gate, tuple(item for item in each.items if key in item.buckets))
        for each in agreed.standing
    )
    return replace(agreed, standing=tuple(each for each in here if each.items))


def _judged(
    items: Iterable[GatedItem], names: Sequence[str], agreed: Agreed, today: date
) -> Judged:
    """An approval that has the bucket under any of its names is one of it."""
    items = tuple(items)
    by_name = [
        judge([replace(item, buckets=(name,)) for item in items], agreed.approvals, today)
        for name in names
    ]
    together = zip(*(each.items for each in by_name), strict=True)
    return Judged(
        tuple(
            replace(
                same[0],
                approved=frozenset[str]().union(*(each.approved for each in same)),
                notes=tuple(dict.fromkeys(note for each in same for note in each.notes)),
            )
            for same in together
        ),
        tuple(used for each in by_name for used in each.used),
        tuple(urgent for each in by_name for urgent in each.emergencies),
    )


def _deleted_sooner(change: Comparison) -> Iterator[str]:
    """The retentions whose data are: noncurrent versions too, as bytes live until they go."""
    for item in change.items:
        is_sooner = Category.DELETES_SOONER in item.categories
        if is_sooner and item.change.clock in _OF_DATA and item.change.retention:
            yield item.change.retention
