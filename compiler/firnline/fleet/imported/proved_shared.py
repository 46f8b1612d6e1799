"""Does a policy that several buckets share mean, for each of them, what its rules meant?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from firnline.fleet.imported.model import ImportedPolicy, Relation
from firnline.fleet.imported.proof import relation
from firnline.pipeline import compile_files
from firnline.s3.compare.difference import facts
from firnline.s3.model import RuleSet

_PATH: Final = "imported.yaml"


Place = tuple[str, str]
"""Account and bucket."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A bucket's rules, and the policy that was made of them for it alone."""

    rules: RuleSet
    policy: ImportedPolicy

    @property
    def place(self) -> Place:
        return self.policy.bucket.account, self.policy.bucket.name


def relations(text: str, members: Sequence[Imported]) -> Mapping[Place, Relation] | None:
    """None where Firnline refuses the policy, or where one of the buckets would be treated in
    another way than by the policy made for it alone.
    """
    compilation = compile_files({_PATH: text.encode()}, with_remedies=False)
    if compilation.failed:
        return None
    compiled = {(each.bucket.account, each.bucket.name): each.rules for each in compilation.buckets}
    found = {}
    for each in members:
        written = _written(each.policy, compiled[each.place])
        known = each.policy.bucket
        here = facts(known.versioning, object_lock=known.object_lock is not False)
        told = relation(each.rules, written, here)
        if told is not each.policy.relation:
            return None
        found[each.place] = told
    return found


def _written(policy: ImportedPolicy, ours: RuleSet) -> RuleSet:
    """With the rules that stay; a placeholder alone is not needed beside them."""
    stay = tuple(each.rule for each in policy.kept)
    rules = tuple(rule for rule in ours.rules if rule.enabled or not stay)
    return RuleSet((*rules, *stay), policy.minimum_size)
