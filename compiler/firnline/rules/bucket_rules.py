"""Programs → the rules of each bucket: lowered, accepted by the law, and proved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from firnline.language.model import Folder
from firnline.rules.coverage import cleared_buckets, namespace_of
from firnline.rules.emitted import judged
from firnline.rules.lower import lower, placeholder
from firnline.rules.program import Bucket, Program
from firnline.rules.prove.meets import Proof, proved
from firnline.s3.model import RuleSet


@dataclass(frozen=True, slots=True)
class BucketRules:
    """The rules of one bucket, the `program` that they come from and the `proof` that they meet it;
    neither where the bucket is only cleared.
    """

    bucket: Bucket
    rules: RuleSet
    program: Program | None
    proof: Proof | None


def proved_rules(program: Program) -> tuple[RuleSet, Proof]:
    """Raises `Unproved` where the rules would not do what the program requires, and
    `RejectedByTheLaw` where S3 would refuse them: faults of ours."""
    rules = judged(lower(program), program.buckets, program.as_of)
    return rules, proved(program, rules)


def rules_of_buckets(folder: Folder, programs: Iterable[Program]) -> tuple[BucketRules, ...]:
    """The rules of every bucket that is known by name, by its key."""
    compiled = []
    for program in programs:
        rules, proof = proved_rules(program)
        named = [bucket for bucket in program.buckets if "*" not in bucket.name]
        compiled += [BucketRules(bucket, rules, program, proof) for bucket in named]
    cleared = list(cleared_buckets(folder))
    nothing = judged(placeholder(namespace_of(folder)), cleared)
    compiled += [BucketRules(bucket, nothing, None, None) for bucket in cleared]
    return tuple(sorted(compiled, key=lambda each: each.bucket.key))
