"""Proved rules of programs → the rules of each bucket."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from firnline.language.model import Folder, Policy
from firnline.rules.coverage import cleared_buckets, namespace_of, programs_of
from firnline.rules.emitted import judged
from firnline.rules.lower import lower, placeholder
from firnline.rules.program import Bucket, Program
from firnline.rules.prove.meets import Proof
from firnline.s3.model import Rule, RuleSet


@dataclass(frozen=True, slots=True)
class BucketRules:
    """The rules of one bucket, the `program` that they come from and the `proof` that they meet it;
    neither where the bucket is only cleared, and no proof of a pattern.
    """

    bucket: Bucket
    rules: RuleSet
    program: Program | None
    proof: Proof | None

    @property
    def kept(self) -> tuple[Rule, ...]:
        """The rules of others that are carried."""
        return self.program.kept if self.program else _theirs(self.bucket)

    @property
    def going(self) -> tuple[Rule, ...]:
        """The rules of others that are replaced."""
        return self.program.going if self.program else ()


@dataclass(frozen=True, slots=True)
class ProvedProgram:
    """A program, its rules, and the proof that they meet it."""

    program: Program
    rules: RuleSet
    proof: Proof


def rules_of_patterns(folder: Folder) -> tuple[BucketRules, ...]:
    """Of the patterns that no lock resolves, which stand for buckets that nobody knows yet."""
    if not any(map(_names_patterns, folder.policies)):
        return ()
    found = []
    for program in programs_of(folder):
        patterns = [bucket for bucket in program.buckets if "*" in bucket.name]
        rules = lower(program) if patterns else RuleSet(())
        found += [BucketRules(bucket, rules, program, None) for bucket in patterns]
    return tuple(found)


def rules_of_buckets(folder: Folder, proved: Iterable[ProvedProgram]) -> tuple[BucketRules, ...]:
    """The rules of every bucket that is known by name, by its key. Raises `RejectedByTheLaw`."""
    compiled = []
    for each in proved:
        named = [bucket for bucket in each.program.buckets if "*" not in bucket.name]
        compiled += [BucketRules(bucket, each.rules, each.program, each.proof) for bucket in named]
    nothing = placeholder(namespace_of(folder))
    for bucket in cleared_buckets(folder):
        theirs = _theirs(bucket)
        left = RuleSet(theirs, bucket.minimum_size or nothing.minimum_size) if theirs else nothing
        compiled.append(BucketRules(bucket, judged(left, [bucket]), None, None))
    return tuple(sorted(compiled, key=lambda each: each.bucket.key))


def shared(
    programs: Iterable[Program], known: Iterable[BucketRules]
) -> tuple[list[ProvedProgram], list[Program]]:
    """Those programs that were proved already, for the same policies and buckets, and the others.
    Policies are the same if they are one object.
    """
    proved = {
        _made_of(each.program): ProvedProgram(each.program, each.rules, each.proof)
        for each in known
        if each.program is not None and each.proof is not None
    }
    same, others = [], []
    for program in programs:
        found = proved.get(_made_of(program))
        if found is None:
            others.append(program)
        else:
            same.append(found)
    return same, others


def _theirs(bucket: Bucket) -> tuple[Rule, ...]:
    return tuple(each.rule for each in bucket.foreign if each.rule is not None)


def _names_patterns(policy: Policy) -> bool:
    """Whether it may apply to buckets that it does not name; only exclusions mean all others."""
    return any(
        not entry.included or any("*" in said.value for said in entry.included)
        for entry in policy.applies_to
    )


def _made_of(program: Program) -> tuple[object, ...]:
    policies = tuple(map(id, program.policies))
    return program.namespace, policies, program.buckets, program.whole, program.as_of
