"""In which order does Pulumi get a bucket's rules? In their order in its state.

S3 and the provider keep any order, and none has a meaning. But Pulumi compares lists by position
(observed with 3.250): were rules sorted by ID, a new one would shift all that follow it, and
`--diff` show each of them as changed. So a rule keeps its place, a new one takes the place of a
removed one or comes last, and the last ones fill places that remain empty.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from firnline.s3.model import Rule

_RESOURCE: Final = "$aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration::"


def arranged(rules: Iterable[Rule], last: Sequence[str]) -> tuple[Rule, ...]:
    """All the rules; `last` are the IDs in the order in which they were last written."""
    by_id: dict[str, deque[Rule]] = {}
    for rule in sorted(rules, key=lambda rule: rule.id):
        by_id.setdefault(rule.id, deque()).append(rule)
    places = [by_id[id].popleft() if by_id.get(id) else None for id in last]
    new = deque(rule for left in by_id.values() for rule in left)
    taken = deque([place or (new.popleft() if new else None) for place in places] + [*new])
    found = []
    while taken:
        rule_here = taken.popleft()
        while rule_here is None and taken:
            rule_here = taken.pop()
        if rule_here is not None:
            found.append(rule_here)
    return tuple(found)


def last_written_in(state: Mapping[str, Any]) -> dict[str, list[str]]:
    """The IDs of the rules of each of our resources, by its name, from the outputs by URN."""
    return {
        urn.partition(_RESOURCE)[2]: [rule.get("id") or "" for rule in each["outputs"]["rules"]]
        for urn, each in state.items()
        if _RESOURCE in urn and each["outputs"].get("rules")
    }
