"""`Retention` as a Pulumi component package: for programs in any of Pulumi's languages."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from importlib import metadata

import pulumi
import pulumi.provider

from firnline.targets.pulumi_aws.component import TOKEN, Retention
from firnline.targets.pulumi_aws.declared_providers import check_default_provider, check_provider
from firnline.targets.pulumi_aws.package_schema import Given, WrongInput, given_in, schema
from firnline.targets.pulumi_aws.policy_file import rules_from
from firnline.targets.pulumi_aws.program import begin_call


class Package(pulumi.provider.Provider):
    def __init__(self) -> None:
        version = metadata.version("firnline")
        super().__init__(version, json.dumps(schema(version)))

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: pulumi.Inputs,
        options: pulumi.ResourceOptions | None = None,
    ) -> pulumi.provider.ConstructResult:
        """Errors of the user are those of the call, without a traceback."""
        assert resource_type == TOKEN, resource_type
        try:
            return _construct(name, given_in(inputs), options)
        except (pulumi.RunError, WrongInput) as error:
            raise pulumi.InputPropertiesError(str(error), []) from error


def serve() -> None:
    pulumi.provider.main(Package(), sys.argv[1:])


def _construct(
    name: str, given: Given, options: pulumi.ResourceOptions | None
) -> pulumi.provider.ConstructResult:
    begin_call(name)
    check_default_provider()
    for provider in _aws_providers(options):
        check_provider(provider)
    retention = Retention(
        name,
        bucket=given.bucket,
        rules=rules_from(
            given.policies,
            namespace=given.namespace,
            versioning=given.versioning,
            object_lock=given.object_lock,
        ),
        account_id=given.account_id,
        region=given.region,
        role_arn=given.role_arn,
        external_id=given.external_id,
        opts=options,
    )
    outputs = {"bucket": given.bucket, "applied": retention.applied}
    return pulumi.provider.ConstructResult(retention.urn, outputs)


def _aws_providers(options: pulumi.ResourceOptions | None) -> Iterator[pulumi.ProviderResource]:
    providers = options.providers if options else None
    assert providers is None or isinstance(providers, Mapping), "Pulumi hands them on by package"
    if aws := (providers or {}).get("aws"):
        yield aws
