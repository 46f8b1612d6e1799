"""What should the owner of an imported policy know that the policy itself does not say?"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from firnline.fleet.imported.acting import Acting
from firnline.fleet.imported.model import ImportedPolicy, Relation
from firnline.fleet.imported.obstacles import actors_anywhere
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.model import Rule


def remarks(
    acting: Acting, policy: ImportedPolicy, stay: Collection[Rule], relation: Relation
) -> Iterator[str]:
    active = {*actors_anywhere(acting), *stay}
    for rule in acting.rules:
        if not rule.enabled:
            yield f"rule `{rule.id}` was disabled: nothing of it is here"
        elif rule not in active:
            yield f"rule `{rule.id}` never acted: other rules did the same, no later"
    if relation is Relation.BUT_FOR_EMPTY_OBJECTS:
        yield (
            "objects of 0 bytes are not covered by filters with tags or sizes: those that the rules"
            " acted on stay as they are"
        )
    for each in policy.retentions:
        if each.smallest_move is not None and each.smallest_move < SMALL_OBJECT:
            yield f"`{each.name}` also moves objects under 128KiB, as the rules did"
    for stays in policy.kept:
        yield f"rule `{stays.rule.id}` stays as it is: {stays.reason}"
