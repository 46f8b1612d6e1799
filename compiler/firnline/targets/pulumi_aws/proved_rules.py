"""For which state of the bucket were its rules proved, and is the bucket in that state?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import BucketPlace
from firnline.diagnostics.remedy import Advise
from firnline.fleet.ownership import is_ours
from firnline.rules.bucket_rules import BucketRules
from firnline.s3.model import Rule, RuleSet
from firnline.s3.terms import Versioning
from firnline.targets.pulumi_aws.agreed import NOTHING_AGREED, Agreed

OTHER_NAMESPACE = Kind(
    code="FL725",
    name="other-namespace",
    severity=Severity.ERROR,
    title="rules do not carry the namespace that they are deployed under",
    why=(
        "Firnline recognises its rules by the namespace in their IDs. Deployed under another one,"
        " they would be written once, and then be taken for rules that Firnline did not write."
    ),
    help="compile the rules with the namespace that they are deployed under",
    # The namespace that is deployed under, and the IDs of the rules.
    wrong="{other: [firnline/features/daily/daily]}",
    right="{features: [firnline/features/daily/daily]}",
)

BUCKET_DIFFERS = Kind(
    code="FL726",
    name="bucket-differs",
    severity=Severity.ERROR,
    title="a bucket is not what its rules were proved for",
    why=(
        "What a rule does depends on the bucket's versioning: in a versioned bucket an expiration"
        " only adds a delete marker, and the bytes stay until a rule for noncurrent versions"
        " deletes them; in one that was never versioned it deletes at once. Object Lock prevents"
        " the deletion of locked versions."
    ),
    help=(
        "declare the bucket's versioning and Object Lock, so that its rules are compiled and"
        " proved for them"
    ),
    wrong="{proved_for: off, live: enabled}",
    right="{proved_for: enabled, live: enabled}",
)


@dataclass(frozen=True, slots=True)
class BucketState:
    """The properties of a bucket, besides its rules, that decide what its lifecycle does."""

    versioning: Versioning
    object_lock: bool = False

    def __str__(self) -> str:
        lock = ", with Object Lock" if self.object_lock else ""
        return f"versioning {self.versioning.value}{lock}"


@dataclass(frozen=True, slots=True)
class ProvedRules:
    """The rules of one bucket, their namespace, and the state of the bucket that they are proved
    for. With `from_lock`, `proved_for` is what `firnline resolve` found, not what a program states.
    `compiled` is what the policies say, and `agreed` which changes of it may be written. `kept`
    are the rules of others that `rules` carries, and `going` those that it replaces. `restores` is
    the rollout before which the rules were live; it took `returning`, which are of others, away,
    and `perhaps` a run of it wrote those. With `is_compared`, what is live is read even where
    Pulumi finds nothing to write.
    """

    rules: RuleSet
    namespace: str
    proved_for: BucketState
    from_lock: bool = False
    kept: tuple[Rule, ...] = ()
    going: tuple[Rule, ...] = ()
    returning: tuple[Rule, ...] = ()
    restores: str | None = None
    perhaps: RuleSet | None = None
    is_compared: bool = False
    compiled: BucketRules | None = field(default=None, compare=False, repr=False)
    agreed: Agreed = field(default=NOTHING_AGREED, compare=False, repr=False)

    @property
    def key(self) -> str | None:
        """Of the bucket in the lock: `<account label>/<region>/<bucket>`."""
        return self.compiled.bucket.key if self.compiled and self.from_lock else None


def of_bucket(
    compiled: BucketRules, namespace: str, agreed: Agreed = NOTHING_AGREED
) -> ProvedRules:
    """The rules of a bucket in the lock."""
    bucket = compiled.bucket
    assert bucket.versioning is not None, "the lock knows every bucket's versioning"
    state = BucketState(bucket.versioning, bucket.object_lock)
    return ProvedRules(
        rules=compiled.rules,
        namespace=namespace,
        proved_for=state,
        from_lock=True,
        kept=compiled.kept,
        going=compiled.going,
        compiled=compiled,
        agreed=agreed,
    )


def check_namespace(
    proved: ProvedRules, namespace: str | None, known_foreign: tuple[Rule, ...], bucket: str
) -> Iterator[Diagnostic]:
    """`namespace` is what the program states in addition; None where it leaves that to the
    rules.
    """
    expected = proved.namespace if namespace is None else namespace
    others = sorted(
        rule.id
        for rule in proved.rules.rules
        if not is_ours(rule.id, expected) and rule not in (*proved.kept, *known_foreign)
    )
    if others or expected != proved.namespace:
        yield OTHER_NAMESPACE.at(
            BucketPlace(bucket),
            f"the rules are compiled for the namespace `{proved.namespace}`, and deployed under"
            f" `{expected}`",
            notes=[f"for example rule `{others[0]}`"] if others else [],
            remedy=Advise("leave out `namespace=` of `Retention`: the rules carry theirs"),
        )


def differs(
    live: BucketState, proved: ProvedRules, bucket: str, account_id: str
) -> Diagnostic | None:
    """Why rules that are proved for one kind of bucket must not be written to this one."""
    if live == proved.proved_for:
        return None
    return BUCKET_DIFFERS.at(
        BucketPlace(bucket, account_id),
        f"the bucket has {live}, and its rules are proved for {proved.proved_for}",
        notes=_harm(live, proved.proved_for),
        remedy=Advise(_remedy(live, proved)),
    )


def may_change_yet(live: BucketState, proved: ProvedRules) -> bool:
    """Whether the same program may still change the bucket to that state before it writes the
    rules.

    Versioning and Object Lock are switched on once and never off (S3 User Guide, "Using versioning
    in S3 buckets", "Locking objects with Object Lock").
    """
    if proved.from_lock:
        return False
    versioned = live.versioning in (Versioning.OFF, proved.proved_for.versioning)
    return versioned and (not live.object_lock or proved.proved_for.object_lock)


def _harm(live: BucketState, proved_for: BucketState) -> list[str]:
    if proved_for.versioning is Versioning.OFF and live.versioning is not Versioning.OFF:
        return ["what expires would only get a delete marker, and its bytes would stay"]
    if live.versioning is Versioning.OFF and proved_for.versioning is not Versioning.OFF:
        return ["what expires would be gone at once, with no noncurrent version to go back to"]
    return []


def _remedy(live: BucketState, proved: ProvedRules) -> str:
    if proved.from_lock:
        return "run `firnline resolve`, and review what its change does: `firnline diff`"
    said = f'versioning="{live.versioning.value}"' + (", object_lock=True" * live.object_lock)
    pending = (
        "; where the program itself makes it otherwise, let the `Retention` wait for that:"
        " `depends_on=[...]`"
        if may_change_yet(live, proved)
        else ""
    )
    return f"write `{said}` in `rules_from`{pending}"
