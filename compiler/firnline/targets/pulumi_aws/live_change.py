"""What does a write change for objects, compared with the rules that are live?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from firnline.rules.diff.items import Comparison, compare, moved_to
from firnline.rules.diff.owners import BucketConfig
from firnline.s3.compare.same import without_unknown_classes
from firnline.s3.model import RuleSet
from firnline.s3.terraform_provider import as_sent
from firnline.targets.pulumi_aws.agreed import Agreed
from firnline.targets.pulumi_aws.proved_rules import ProvedRules
from firnline.targets.pulumi_aws.rules_of_others import that_go
from firnline.targets.pulumi_aws.write import Write

_ANY_BUCKET: Final = "*/*/bucket"


@dataclass(frozen=True, slots=True)
class LiveChange:
    """A write to a bucket in this region, and the rules that are live there."""

    write: Write
    proved: ProvedRules
    region: str
    live: RuleSet

    @property
    def names(self) -> tuple[str, ...]:
        """Of the bucket, as approvals may write it; the first is the one to show. Without a fleet
        nobody knows how policies label the account, but the name of a bucket is unique.
        """
        key, bucket = self.proved.key, self.write.bucket
        if key is not None:
            return (key,)
        own = f"{self.write.account_id}/{self.region}/{bucket}"
        fitting = {f"{region}/{bucket}" for region in (self.region, "*")}
        said = {name for name in _named(self.proved.agreed) if name.partition("/")[2] in fitting}
        return (own, *sorted(said - {own}))


class Comparisons:
    """Buckets with equal rules share them: these are compared once."""

    def __init__(self) -> None:
        self._known: dict[object, Comparison] = {}

    def of(self, change: LiveChange) -> Comparison:
        """Under the first of its names. Raises `BucketNotAnalysed`."""
        state, compiled = change.write.proved_for, change.proved.compiled
        program = compiled.program if compiled else None
        live, written = (
            without_unknown_classes(rules) for rules in (change.live, as_sent(change.write.rules))
        )
        going = that_go(change.live, change.write)
        same = live, written, id(program), state, going
        if same not in self._known:
            versioning = state.versioning if state else None
            object_lock = state is not None and state.object_lock
            before = BucketConfig(live, versioning, object_lock)
            after = BucketConfig(written, versioning, object_lock, program, going=going)
            self._known[same] = compare({_ANY_BUCKET: before}, {_ANY_BUCKET: after})
        return moved_to(self._known[same], change.names[0])


def _named(agreed: Agreed) -> Iterator[str]:
    for file in agreed.approvals:
        for each in file.approvals:
            yield from each.buckets
        for emergency in file.emergencies:
            yield from emergency.buckets
