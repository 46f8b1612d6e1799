"""Would a provider of the program send requests to AWS in a sandbox stack, or the reverse?

A provider calls STS as soon as it is registered, before any component sees it. So each is checked
on its way to the engine: a transform gets its inputs before they are sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pulumi

from firnline.targets.pulumi_aws.stop import stop_on_mixed_worlds
from firnline.targets.pulumi_aws.world import SERVICES

_PROVIDER = "pulumi:providers:aws"
_ANY_REGION = "us-east-1"


def watch_providers() -> None:
    """Refuses providers of the program that lead to the wrong one of sandbox and AWS. Ends the
    program at once if the shell's settings do. Does nothing outside a program.
    """
    if pulumi.runtime.get_root_resource() is None:
        return
    check_default_provider()
    pulumi.runtime.register_stack_transformation(_judged)


def check_default_provider() -> None:
    """Ends the program where it, or the shell, leads to the wrong one of sandbox and AWS."""
    stop_on_mixed_worlds(_ANY_REGION)
    default = pulumi.Config("aws")  # of the provider that Pulumi makes where a program names none
    stop_on_mixed_worlds(
        _ANY_REGION,
        profile=default.get("profile"),
        declared=addresses(default.get("endpoints")),
    )


def check_provider(provider: pulumi.ProviderResource) -> None:
    """Of a provider that another process has declared: it has called STS by now, but not S3. Ends
    the program where the provider leads to the wrong one.
    """
    # How the engine lets a component see a resource (pulumi/pkg v3.250,
    # resource/deploy/builtins.go): a provider's outputs are its inputs.
    found = pulumi.runtime.invoke("pulumi:pulumi:getResource", {"urn": provider.urn}).value
    state = found["state"]
    _admitted({name: state.get(name) for name in ("region", "profile", "endpoints")})


def addresses(endpoints: str | list[dict[str, str]] | None) -> dict[str, str]:
    """A provider's `endpoints`, JSON as SDKs and configurations have it, → URLs by service."""
    listed = json.loads(endpoints) if isinstance(endpoints, str) and endpoints else endpoints or []
    return {service: each[service] for each in listed for service in SERVICES if each.get(service)}


def _judged(
    args: pulumi.ResourceTransformationArgs,
) -> pulumi.ResourceTransformationResult | None:
    """The provider unchanged, except for one input, which fails if the provider is not allowed."""
    props = dict(args.props)
    leading = [name for name in ("endpoints", "profile") if props.get(name) is not None]
    if args.type_ != _PROVIDER or not leading:
        return None
    said = pulumi.Output.all(
        endpoints=props.get("endpoints"), profile=props.get("profile"), region=props.get("region")
    )
    props[leading[0]] = said.apply(lambda inputs: _admitted(inputs)[leading[0]])
    return pulumi.ResourceTransformationResult(props, args.opts)


def _admitted(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    stop_on_mixed_worlds(
        inputs["region"] or _ANY_REGION,
        profile=inputs["profile"],
        declared=addresses(inputs["endpoints"]),
    )
    return inputs
