"""The rules of a bucket → a policy whose compiled rules are proved to mean the same.

What a policy cannot say stays a rule. Which rules those are is found step by step: a policy of all
that can be said is compiled, and what Firnline refuses, or what turns out to differ, is left to the
rules that did it before. Each step leaves more to them, and a policy that says nothing, beside all
rules, means the same: so there is an end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from firnline.fleet.imported.acting import Acting
from firnline.fleet.imported.choice import Choice, choose
from firnline.fleet.imported.grouped import grouped, retention_of, smallest_moves, split
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
from firnline.fleet.imported.origins import with_origins
from firnline.fleet.imported.proof import relation, spots_of
from firnline.fleet.imported.remarks import remarks
from firnline.fleet.imported.sayable import Obstacle
from firnline.fleet.imported.tiers import tiers_of
from firnline.fleet.imported.trial import Refused, compiled
from firnline.language.model import Markers
from firnline.s3.compare.cells import NotAnalysed
from firnline.s3.compare.difference import facts
from firnline.s3.compare.same import surely_same, unknown_classes
from firnline.s3.model import MinimumSize, Rule, RuleSet
from firnline.s3.terms import BucketType, Clock, Versioning

_MOST_ATTEMPTS = 25
"""Each leaves all that Firnline refuses at once to the old rules, so that two or three do."""


def imported(rules: RuleSet, bucket: ImportedBucket) -> ImportedPolicy:
    """Rules without an ID get one here, which is none of a live rule: `adopts` leaves them out."""
    nothing = _unsayable(rules, bucket)
    if nothing is not None:
        return _all_kept(rules, bucket, nothing)
    try:
        return _Import(rules, bucket).policy()
    except NotAnalysed as error:
        nothing = (
            f"its filters and those of other rules divide the objects below `{error.prefix}`"
            " into too many groups to be analysed"
        )
    except Refused as error:
        nothing = error.reason
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
    def __init__(self, rules: RuleSet, bucket: ImportedBucket) -> None:
        self._rules = replace(rules, rules=tuple(_with_ids(rules.rules)))
        self._unnamed = {
            given.id
            for given, rule in zip(self._rules.rules, rules.rules, strict=True)
            if not rule.id
        }
        self._bucket = bucket
        self._facts = facts(bucket.versioning, object_lock=bucket.object_lock is not False)
        self._acting = Acting(self._rules, self._facts)
        self._bars: dict[Spot, Obstacle] = {}

    def policy(self) -> ImportedPolicy:
        for _ in range(_MOST_ATTEMPTS):
            found = self._attempt()
            if found is not None:
                return found
        raise Refused({}, "Firnline found no policy beside which fewer rules have to stay")

    def _attempt(self) -> ImportedPolicy | None:
        """None where more has to stay: then that is known for the next one."""
        seen = {**obstacles(self._acting, self._bucket.versioning), **self._bars}
        silent = blocked(self._acting, seen, self._bucket.versioning)
        stay = kept(self._acting, seen, silent)
        beside = Acting(self._rules, self._facts, only=stay)
        keeps = self._bucket.versioning is not Versioning.OFF
        choice = choose(self._acting, beside, silent, keeps_versions=keeps)
        unsaid = dict(_at_odds(choice))
        if unsaid:
            self._bar(unsaid, next(iter(unsaid.values())).reason)
            return None
        return self._proved(choice, stay)

    def _proved(self, choice: Choice, stay: Mapping[Rule, Kept]) -> ImportedPolicy | None:
        retentions = list(with_origins(choice.owners, self._acting, stay, self._unnamed))
        one_by_one = self._of(choice, stay, retentions)
        scopes = {
            each.name: (owner.scope,)
            for each, owner in zip(one_by_one.retentions, split(choice.owners)[1], strict=True)
        }
        try:
            written = compiled(one_by_one, self._rules, scopes)
        except Refused as error:
            self._bar(error.spots, error.reason)
            return None
        found = relation(self._rules, written, self._facts)
        if not isinstance(found, Relation):
            reason = "what a policy says of it would not do the same"
            spots = (spot for each in found for spot in spots_of(each, self._acting))
            self._bar(dict.fromkeys(spots, Obstacle(reason, _any)), reason)
            return None
        told = self._of(choice, stay, grouped(one_by_one.retentions))
        again = compiled(told, self._rules, {})
        assert relation(self._rules, again, self._facts) is found, "lists say the same"
        return replace(
            told,
            relation=found,
            compiled=again,
            adopts=tuple(each for each in told.adopts if each not in self._unnamed),
            comments=tuple(remarks(self._acting, told, self._unnamed, found)),
        )

    def _bar(self, spots: Mapping[Spot, Obstacle], reason: str) -> None:
        """What is refused has to stay from now on; all, where nothing tells what it is. Raises
        `Refused` where even a policy that says nothing is.
        """
        new = {spot: each for spot, each in spots.items() if spot not in self._bars}
        if not new:
            every = ((scope, clock) for scope in (WHOLE, *self._acting.scopes) for clock in Clock)
            new = {spot: Obstacle(reason, _any) for spot in every if spot not in self._bars}
        if not new:
            raise Refused({}, reason)
        self._bars |= new

    def _of(
        self, choice: Choice, stay: Mapping[Rule, Kept], retentions: list[ImportedRetention]
    ) -> ImportedPolicy:
        whole, _ = split(choice.owners)
        top = retention_of(whole) if whole else None
        keeps = any(each.objects.ends is not None for each in retentions)
        return ImportedPolicy(
            self._bucket,
            retentions=named(map(self._with_ids_in_order, retentions)),
            old_versions=top.old_versions if top else None,
            delete_markers=_markers(choice.removes_markers, any_ends=keeps),
            uploads=top.uploads if top else None,
            minimum_size=self._header(stay),
            kept=tuple(KeptRule(rule, _reason(each)) for rule, each in stay.items()),
            relation=Relation.SAME,
            adopts=tuple(rule.id for rule in self._rules.rules if rule not in stay),
        )

    def _with_ids_in_order(self, retention: ImportedRetention) -> ImportedRetention:
        def in_order(ids: Collection[str]) -> tuple[str, ...]:
            return tuple(dict.fromkeys(rule.id for rule in self._rules.rules if rule.id in ids))

        ids, meeting = in_order(retention.rule_ids), in_order(retention.meeting)
        return replace(retention, rule_ids=ids, meeting=meeting)

    def _header(self, stay: Iterable[Rule]) -> MinimumSize:
        """The usual one where the other makes no difference, nor to a rule that stays (FL420)."""
        alone = (replace(self._rules, rules=(rule,)) for rule in stay)
        alike = all(surely_same(RuleSet(each.rules), each) for each in (self._rules, *alone))
        return MinimumSize.ALL_128K if alike else MinimumSize.VARIES


def _with_ids(rules: Iterable[Rule]) -> Iterator[Rule]:
    taken = {rule.id for rule in rules}
    for place, rule in enumerate(rules, 1):
        names = (f"rule-{place}", f"unnamed-rule-{place}", f"unnamed-rule-number-{place}")
        yield rule if rule.id else replace(rule, id=next(n for n in names if n not in taken))


def _markers(removed: bool | None, *, any_ends: bool) -> Markers | None:
    if removed is None:
        return None
    if removed:
        return Markers.EXPIRE
    return Markers.WITH_OBJECTS if any_ends else Markers.KEEP


def _at_odds(choice: Choice) -> Iterator[tuple[Spot, Obstacle]]:
    """What one retention cannot say of objects and of noncurrent versions at the same time."""
    for owner in split(choice.owners)[1]:
        told = retention_of(owner)
        old = told.old_versions.moves if told.old_versions else ()
        spot = owner.scope, Clock.NONCURRENT_VERSIONS
        if len(smallest_moves(owner)) > 1:
            reason = "noncurrent versions move from another size on than objects do"
            yield spot, Obstacle(f"in {owner.scope} {reason}", _any)
        elif tiers_of(told.objects.moves, old) is None:
            classes = sorted({str(move.into) for move in (*told.objects.moves, *old)})
            reason = (
                f"in {owner.scope} objects and noncurrent versions move to {', '.join(classes)},"
                " and the tiers of a retention are for both: three at most, in one order"
            )
            yield spot, Obstacle(reason, _any)


def _reason(stays: Kept) -> str:
    if stays.because_of is None:
        return stays.obstacle.reason
    return f"it acts on the same objects as rule `{stays.because_of.id}`, which has to stay"


def _any(_: object) -> bool:
    return True
