"""Which versioning have the buckets of a file, as far as the file says it?"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from firnline.lint.sources.terraform.blocks import first
from firnline.lint.sources.terraform.buckets import Buckets
from firnline.lint.sources.terraform.resources import (
    BUCKET,
    CLOUD_CONTROL_BUCKET,
    VERSIONING,
    Described,
)
from firnline.s3.terms import MfaDelete, Versioning

# AWS provider, aws_s3_bucket_versioning: `Disabled` is for buckets that never had it.
_STATUS: Final = {each.status or "Disabled": each for each in Versioning}


@dataclass(frozen=True, slots=True)
class State:
    """`versioning` is None where it is not known, or only after `terraform apply`; `assumed` says
    why it is what it is where the file does not state it.
    """

    versioning: Versioning | None = None
    mfa_delete: bool = False
    assumed: str = ""


NOT_KNOWN: Final = State()
_NEW: Final = State(
    Versioning.OFF,
    assumed="the plan creates the bucket and sets no versioning: it counts as never versioned;"
    " `--versioning` says otherwise",
)


def versioning_of(described: Described, buckets: Buckets) -> Mapping[Hashable, State]:
    """By the key of a bucket. A resource of its own comes before a block in the bucket: that only
    repeats what S3 has, from version 4 of the provider on.
    """
    found: dict[Hashable, State] = {}
    readers = {
        BUCKET: _of_block,
        CLOUD_CONTROL_BUCKET: _of_resource,
        VERSIONING: _of_resource,
    }
    for type, state_of in readers.items():
        for resource in described.of_type(type):
            bucket = buckets.of(resource)
            if bucket is not None and (state := state_of(resource.values)) is not None:
                found[bucket.key] = state
    return {**_of_new_buckets(described, buckets), **found}


def _of_new_buckets(described: Described, buckets: Buckets) -> Mapping[Hashable, State]:
    """Unless nobody knows whose versioning the plan sets."""
    if any(buckets.of(each) is None for each in described.of_type(VERSIONING)):
        return {}
    new = (each for each in described.of_type(BUCKET) if each.address in described.created)
    return {bucket.key: _NEW for each in new if (bucket := buckets.of(each)) is not None}


def _of_resource(values: Mapping[str, Any]) -> State:
    said = first(values.get("versioning_configuration"))
    status = said.get("status")
    known = _STATUS.get(status) if isinstance(status, str) else None
    return State(known, said.get("mfa_delete") == MfaDelete.ENABLED)


def _of_block(values: Mapping[str, Any]) -> State | None:
    """A block that is not enabled says of no bucket whether it ever was."""
    if values.get("object_lock_enabled") is True:
        return State(Versioning.ENABLED)  # S3 requires it (S3 User Guide, Object Lock)
    said = first(values.get("versioning"))
    if said.get("enabled") is not True:
        return None
    return State(Versioning.ENABLED, said.get("mfa_delete") is True)
