"""Which lifecycle configurations in the stack's state would Pulumi delete from S3?

Those of a `Retention` are declared `retain_on_delete`. One that came into the state in another way,
for example by `pulumi import`, is deleted by the next `up` whose program does not declare it:
DELETE ?lifecycle removes all rules of the bucket, ours included. No hook and no transform of a
program is called for such a delete.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import BucketPlace
from firnline.diagnostics.remedy import Advise

_RETENTION = "firnline:s3:Retention"
_CONFIGURATIONS = frozenset(
    f"aws:s3/{name[0].lower()}{name[1:]}:{name}"
    for name in ("BucketLifecycleConfiguration", "BucketLifecycleConfigurationV2")
)

STRAY = Kind(
    code="FL728",
    name="stray-configuration",
    severity=Severity.ERROR,
    title="the stack's state has a lifecycle configuration that no `Retention` declares",
    # pulumi/pkg v3.250, resource/deploy/step_generator.go: `GenerateDeletes`
    why=(
        "`pulumi import` puts a resource into the state, and Pulumi deletes what is in the state"
        " and not in the program. Deleting a lifecycle configuration removes all rules from the"
        " bucket. Those that a `Retention` declares are only forgotten (`retain_on_delete`)."
    ),
    help="take it out of the state with `pulumi state delete`, which changes nothing in S3",
    # The state as Pulumi reports it: resources by URN.
    wrong=(
        "{'urn:pulumi:prod::lab::aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
        "::data': {outputs: {bucket: lab-data}}}"
    ),
    right=(
        "{'urn:pulumi:prod::lab::firnline:s3:Retention$aws:s3/bucketLifecycleConfiguration:"
        "BucketLifecycleConfiguration::lab-data': {outputs: {bucket: lab-data}}}"
    ),
)


@dataclass(frozen=True, slots=True)
class Stray:
    urn: str
    bucket: str

    def diagnostic(self) -> Diagnostic:
        return STRAY.at(
            BucketPlace(self.bucket),
            f"the state holds `{self.urn}`, and the next `up` or `destroy` that is allowed to"
            f" deletes the rules of `{self.bucket}`",
            remedy=Advise(
                f"`pulumi state delete '{self.urn}' --force` takes it out of the state and changes"
                " nothing in S3; a plain `pulumi up` then takes up what is live"
            ),
        )


def strays_in(resources: Mapping[str, Any]) -> Iterator[Stray]:
    """`resources` is the state as Pulumi reports it: the outputs of each resource, by URN."""
    for urn, resource in resources.items():
        qualified_type = urn.split("::")[2].split("$")
        parent = qualified_type[-2] if len(qualified_type) > 1 else None
        if qualified_type[-1] in _CONFIGURATIONS and parent != _RETENTION:
            yield Stray(urn, str(resource["outputs"].get("bucket", "")))
