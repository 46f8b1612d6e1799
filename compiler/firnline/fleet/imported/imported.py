"""The rules of a bucket → a policy whose compiled rules are proved to mean the same.

What a policy cannot say stays a rule. Which rules those are is found step by step: a policy of all
that can be said is compiled, and what Firnline refuses, or what turns out to differ, is left to the
rules that did it before. Each step leaves more to them, and a policy that says nothing, beside all
rules, means the same: so there is an end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from firnline.fleet.imported.acting import Acting, scope_of
from firnline.fleet.imported.choice import Choice, Owner, choose
from firnline.fleet.imported.grouped import grouped, retention_of, smallest_moves
from firnline.fleet.imported.model import (
    ImportedBucket,
    ImportedPolicy,
    ImportedRetention,
    KeptRule,
    Relation,
)
from firnline.fleet.imported.names import named
from firnline.fleet.imported.obstacles import (
    WHOLE,
    Kept,
    Spot,
    blocked,
    kept,
    obstacles,
)
from firnline.fleet.imported.proof import relation, spots_of
from firnline.fleet.imported.remarks import remarks
from firnline.fleet.imported.sayable import Obstacle
from firnline.fleet.imported.tiers import tiers_of
from firnline.fleet.imported.trial import Refused, rules_of
from firnline.language.model import Markers
from firnline.s3.compare.cells import NotAnalysed
from firnline.s3.compare.difference import Facts, facts
from firnline.s3.compare.same import surely_same, unknown_classes
from firnline.s3.model import MinimumSize, Rule, RuleSet
from firnline.s3.terms import BucketType, Clock, Versioning


def imported(rules: RuleSet, bucket: ImportedBucket) -> ImportedPolicy:
    known = facts(bucket.versioning, object_lock=bucket.object_lock is not False)
    nothing = _unsayable(rules, bucket)
    if nothing is None:
        try:
            return _Import(rules, bucket, known).policy()
        except NotAnalysed as error:
            nothing = (
                f"its filters and those of other rules divide the objects below `{error.prefix}`"
                " into too many groups to be analysed"
            )
    return _all_kept(rules, bucket, nothing)


def _unsayable(rules: RuleSet, bucket: ImportedBucket) -> str | None:
    """Why a policy can say nothing at all."""
    if BucketType.of_name(bucket.name) is BucketType.DIRECTORY:
        return "policies are not for directory buckets (FL211)"
    unknown = sorted(unknown_classes(rules))
    if unknown:
        return f"what S3 does with the storage class {unknown[0]} is not known"
    return None


def _all_kept(rules: RuleSet, bucket: ImportedBucket, reason: str) -> ImportedPolicy:
    return ImportedPolicy(
        bucket,
        retentions=(),
        old_versions=None,
        delete_markers=None,
        uploads=None,
        minimum_size=rules.minimum_size,
        kept=tuple(KeptRule(rule, reason) for rule in rules.rules),
        relation=Relation.SAME,
        compiled=rules,
    )


class _Import:
    def __init__(self, rules: RuleSet, bucket: ImportedBucket, known: Facts) -> None:
        self._rules, self._bucket, self._facts = rules, bucket, known
        self._acting = Acting(rules, known)
        self._bars: dict[Spot, Obstacle] = {}

    def policy(self) -> ImportedPolicy:
        found = None
        while found is None:
            found = self._attempt()
        return found

    def _attempt(self) -> ImportedPolicy | None:
        """None where more has to stay: then that is known for the next one."""
        seen = {**obstacles(self._acting, self._bucket.versioning), **self._bars}
        silent = blocked(self._acting, seen)
        stay = kept(self._acting, seen, silent)
        beside = Acting(self._rules, self._facts, only=stay)
        keeps = self._bucket.versioning is not Versioning.OFF
        choice = choose(self._acting, beside, silent, keeps_versions=keeps)
        unsaid = dict(_at_odds(choice))
        if unsaid:
            self._bar(unsaid)
            return None
        return self._proved(choice, stay)

    def _proved(self, choice: Choice, stay: Mapping[Rule, Kept]) -> ImportedPolicy | None:
        one_by_one = self._of(choice, stay, self._retentions(choice, stay))
        scopes = {
            each.name: (owner.scope,)
            for each, owner in zip(one_by_one.retentions, _retained(choice), strict=True)
        }
        try:
            ours = rules_of(one_by_one, scopes)
        except Refused as error:
            self._bar(error.spots)
            return None
        written = self._with_kept(ours, stay)
        found = relation(self._rules, written, self._facts)
        if not isinstance(found, Relation):
            different = Obstacle("a policy that says it would not do the same", _any)
            self._bar(dict.fromkeys(spots_of(found, self._acting), different))
            return None
        told = self._of(choice, stay, grouped(one_by_one.retentions))
        again = self._with_kept(rules_of(told, {}), stay)
        assert relation(self._rules, again, self._facts) is found, "lists say the same"
        return replace(
            told,
            relation=found,
            compiled=again,
            comments=tuple(remarks(self._acting, told, stay, found)),
        )

    def _bar(self, spots: Mapping[Spot, Obstacle]) -> None:
        """What is refused has to stay from now on; all, where nothing tells what it is."""
        new = {spot: each for spot, each in spots.items() if spot not in self._bars}
        if not new:
            reason = next(iter(spots.values()), Obstacle("a policy cannot say it", _any))
            new = {
                (scope, clock): reason
                for scope in (WHOLE, *self._acting.scopes)
                for clock in Clock
                if (scope, clock) not in self._bars
            }
        assert new, "a policy that says nothing compiles"
        self._bars |= new

    def _of(
        self, choice: Choice, stay: Mapping[Rule, Kept], retentions: list[ImportedRetention]
    ) -> ImportedPolicy:
        whole = next((each for each in choice.owners if each.scope == WHOLE), None)
        top = retention_of(whole) if whole else None
        keeps = any(each.objects.ends is not None for each in retentions)
        return ImportedPolicy(
            self._bucket,
            retentions=named(retentions),
            old_versions=top.old_versions if top and top.smallest_move is None else None,
            delete_markers=_markers(choice.removes_markers, any_ends=keeps),
            uploads=top.uploads if top else None,
            minimum_size=self._header,
            kept=tuple(KeptRule(rule, _reason(each)) for rule, each in stay.items()),
            relation=Relation.SAME,
            adopts=tuple(rule.id for rule in self._rules.rules if rule.id and rule not in stay),
        )

    def _retentions(self, choice: Choice, stay: Mapping[Rule, Kept]) -> list[ImportedRetention]:
        found = []
        for owner in _retained(choice):
            ids = [
                rule.id
                for rule in self._rules.rules
                if rule.enabled and rule not in stay and scope_of(rule.filter) == owner.scope
            ]
            found.append(replace(_beside_the_bucket(owner), rule_ids=tuple(filter(None, ids))))
        return found

    def _with_kept(self, ours: RuleSet, stay: Mapping[Rule, Kept]) -> RuleSet:
        """What is written; a placeholder alone is not needed beside others."""
        rules = tuple(rule for rule in ours.rules if rule.enabled or not stay)
        return RuleSet((*rules, *stay), self._header)

    @property
    def _header(self) -> MinimumSize:
        """The usual one where the other makes no difference."""
        usual = RuleSet(self._rules.rules)
        return MinimumSize.ALL_128K if surely_same(usual, self._rules) else MinimumSize.VARIES


def _retained(choice: Choice) -> list[Owner]:
    """Those that need a retention: of the whole bucket only objects do, and sizes."""
    return [
        each
        for each in choice.owners
        if each.scope != WHOLE
        or Clock.OBJECTS in each.told
        or retention_of(each).smallest_move is not None
    ]


def _beside_the_bucket(owner: Owner) -> ImportedRetention:
    """Without what is said of the whole bucket."""
    told = retention_of(owner)
    if owner.scope != WHOLE:
        return told
    old = told.old_versions if told.smallest_move is not None else None
    return replace(told, old_versions=old, uploads=None)


def _markers(removed: bool | None, *, any_ends: bool) -> Markers | None:
    if removed is None:
        return None
    if removed:
        return Markers.EXPIRE
    return Markers.WITH_OBJECTS if any_ends else Markers.KEEP


def _at_odds(choice: Choice) -> Iterator[tuple[Spot, Obstacle]]:
    """What one retention cannot say of objects and of noncurrent versions at the same time."""
    for owner in choice.owners:
        told = retention_of(owner)
        old = told.old_versions
        spot = owner.scope, Clock.NONCURRENT_VERSIONS
        if len(smallest_moves(owner)) > 1:
            yield (
                spot,
                Obstacle("noncurrent versions move from another size on than objects do", _any),
            )
        elif old is not None and tiers_of(told.objects.moves, old.moves) is None:
            yield (
                spot,
                Obstacle(
                    "noncurrent versions and objects together move into more classes than there"
                    " are tiers",
                    _any,
                ),
            )


def _reason(stays: Kept) -> str:
    if stays.because_of is None:
        return stays.obstacle.reason
    return f"it acts on the same objects as `{stays.because_of.id}`, which stays: of that rule," + (
        f" {stays.obstacle.reason}"
    )


def _any(_: object) -> bool:
    return True
