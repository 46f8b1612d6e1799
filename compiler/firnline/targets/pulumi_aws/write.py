"""What is about to be written to a bucket, and which rules of others it knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from firnline.diagnostics.position import BucketPlace
from firnline.s3.model import Rule, RuleSet
from firnline.targets.pulumi_aws.proved_rules import BucketState, ProvedRules


@dataclass(frozen=True, slots=True)
class Write:
    """A write that is about to happen. `written` is what Pulumi wrote last, None on a create.

    `known_foreign` are the rules of others that `rules` carries, `going` those that it replaces,
    and `returning` those of the carried ones that an earlier write of ours replaced. `from_lock`: a
    fleet lock knows the bucket, so that it was there before the program ran, and errors may send
    people to the commands of a fleet. `other_stack` has the bucket in its state, too. `proved_for`
    is the expected state of the bucket. `perhaps` was written by a run that Pulumi's state does not
    know of.
    """

    bucket: str
    account_id: str
    namespace: str
    rules: RuleSet
    written: RuleSet | None
    known_foreign: tuple[Rule, ...] = ()
    going: tuple[Rule, ...] = ()
    returning: tuple[Rule, ...] = ()
    from_lock: bool = False
    other_stack: str | None = None
    proved_for: BucketState | None = None
    perhaps: RuleSet | None = None

    @property
    def place(self) -> BucketPlace:
        return BucketPlace(self.bucket, self.account_id)

    @property
    def look(self) -> str:
        """How to see what is live: `firnline show` only knows buckets of a fleet file."""
        shown = f"firnline show {self.bucket}"
        command = f"aws s3api get-bucket-lifecycle-configuration --bucket {self.bucket}"
        return f"look with `{shown if self.from_lock else command}`"


def write_of(
    proved: ProvedRules,
    bucket: str,
    account_id: str,
    written: RuleSet | None,
    *,
    rules: RuleSet | None = None,
    known_foreign: tuple[Rule, ...] = (),
    other_stack: str | None = None,
) -> Write:
    """That of proved rules, or of `rules` as Pulumi has them."""
    return Write(
        bucket=bucket,
        account_id=account_id,
        namespace=proved.namespace,
        rules=proved.rules if rules is None else rules,
        written=written,
        known_foreign=(*proved.kept, *known_foreign),
        going=proved.going,
        returning=proved.returning,
        from_lock=proved.from_lock,
        proved_for=proved.proved_for,
        other_stack=other_stack,
        perhaps=proved.perhaps,
    )


def how_many(rules: Sequence[Rule]) -> str:
    return f"{len(rules)} rules" if len(rules) > 1 else "one rule"
