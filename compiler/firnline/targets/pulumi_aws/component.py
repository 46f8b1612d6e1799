"""One bucket's rules as a Pulumi component, for this project's program and for anybody's.

docs/own-aws.md has a whole program of another project, and what it needs.
"""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from firnline.fleet.accounts import Access
from firnline.rules.checks.sent_otherwise import check_as_sent
from firnline.s3.model import Rule
from firnline.targets.pulumi_aws.arguments import to_arguments
from firnline.targets.pulumi_aws.declared_providers import watch_providers
from firnline.targets.pulumi_aws.hooks import Guard
from firnline.targets.pulumi_aws.look import Look
from firnline.targets.pulumi_aws.program import this_program
from firnline.targets.pulumi_aws.proved_rules import ProvedRules, check_namespace
from firnline.targets.pulumi_aws.stop import stop_on, stop_on_mixed_worlds

TOKEN = "firnline:s3:Retention"
"""Frozen: another token is another resource, and the old one would be deleted after the write."""

# A write takes about 55 s on AWS, and by default the provider gives up after 3 min
# (terraform-provider-aws, internal/service/s3/bucket_lifecycle_configuration.go).
_PATIENCE = "10m"

# On import, which comes before the program declares its providers.
watch_providers()


class Retention(pulumi.ComponentResource):
    """The whole lifecycle configuration of one bucket, which S3 replaces whole.

    Before a bucket is written, in previews too, its live configuration is read: unknown rules stop
    the deployment (FL409, FL706). Afterwards it is read back, which one resource `read-back`
    records for the whole program. Two for one bucket are refused (FL724). Nothing of ours ever
    deletes a configuration: `pulumi destroy`, and a bucket that the program no longer names, leave
    the live rules.
    """

    def __init__(
        self,
        name: str,
        *,
        bucket: pulumi.Input[str],
        rules: ProvedRules,
        account_id: str,
        region: str,
        namespace: str | None = None,
        role_arn: str | None = None,
        external_id: str | None = None,
        known_foreign: tuple[Rule, ...] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`name` is the component's: keep it stable. The bucket's name is a good choice.

        bucket: its name. Where it is an Output that a preview does not know yet, the live
            rules are read by `pulumi up` only.
        rules: the result of `rules_from` or `of_bucket`. They have the namespace in their IDs,
            and the versioning that they are proved for, which the bucket must have (FL726).
        account_id: of the bucket's owner, 12 digits; a provider object does not reveal it.
        region: of the bucket.
        namespace: optional; if set, it must be that of the rules (FL725).
        role_arn: assumed to read what is live; without one, the caller's own credentials are used,
            and must belong to the account.
        external_id: what the trust policy of `role_arn` expects, if it expects one.
        known_foreign: rules of others that are live, and that `rules` includes, besides those that
            its policies keep.
        opts: the provider is taken from `provider`, `providers` or the parent.
        """
        stop_on_mixed_worlds(region)
        called = bucket if isinstance(bucket, str) else name
        stop_on(check_namespace(rules, namespace, known_foreign, called))
        stop_on(check_as_sent(rules.rules, called, (*rules.kept, *known_foreign)))
        program = this_program()
        look = Look(Access(account_id, role_arn, region, external_id, account_id), program.clients)
        ours = program.look, program.claims, program.gates, program.applied.get(name)
        guard = Guard(name, called, rules, known_foreign, look, *ours)
        program.gates.announce(rules.agreed)
        guard.other_stack = program.elsewhere.get(called)
        guard.was_written = program.was_written(name, called, rules.rules)
        stop_on(guard.declare(bucket))
        super().__init__(TOKEN, name, {}, opts)
        self.configuration = aws.s3.BucketLifecycleConfiguration(
            called,
            bucket=bucket,
            region=region,
            rules=to_arguments(rules.rules, program.last_written.get(called, ())),
            # Always explicit: the default of S3 or the provider may change.
            transition_default_minimum_object_size=rules.rules.minimum_size.value,
            timeouts=aws.s3.BucketLifecycleConfigurationTimeoutsArgs(
                create=_PATIENCE, update=_PATIENCE
            ),
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True, hooks=guard.hooks()),
        )
        self.applied: pulumi.Output[str] = self.configuration.urn.apply(lambda _: guard.applied)
        """The digest of the rules that are applied once the resource is there."""
        self.register_outputs({"bucket": bucket, "applied": self.applied})
        program.read_back(guard, self.configuration)
