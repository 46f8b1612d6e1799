"""Lifecycle files that people wrote: which files are they, and what is known of their buckets?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from firnline.s3.terms import Partition, Versioning

_POLICY: Final = rb'"firnline"\s*:\s*"[a-z-]+/v'
_OURS: Final = re.compile(rb"^firnline[ \t]*:", re.MULTILINE)
# First keys of what other tools write in YAML: S3's shape, as a bare list too, CloudFormation,
# Cloud Custodian.
_THEIRS: Final = re.compile(
    rb"^(?:AWSTemplateFormatVersion|Resources|Transform|LifecycleConfiguration|Rules|policies)"
    rb"[ \t]*:"
    rb"|^-[ \t]+(?:ID|Id|Status|Filter|Prefix|Expiration|Transitions)[ \t]*:",
    re.MULTILINE,
)
# Crossplane's providers, and AWS Controllers for Kubernetes.
_KUBERNETES: Final = re.compile(
    rb"^apiVersion:[ \t]*[\"']?[\w.-]*s3\.(?:aws|services\.k8s)\b", re.MULTILINE
)
_HCL: Final = re.compile(
    rb"^(?:resource|data|module|variable|output|provider)"
    rb'(?:[ \t]+"[^"\n]+"){1,2}[ \t]*\{'
    rb"|^(?:terraform|locals)[ \t]*\{",
    re.MULTILINE,
)
_TEXT_OUTPUT: Final = re.compile(
    rb"(?:(?:ALL_STORAGE_CLASSES_128K|VARIES_BY_STORAGE_CLASS)\s+)?RULES\t"
    rb"|-+\r?\n\|\s*GetBucketLifecycleConfiguration\s*\|",
    re.IGNORECASE,
)
_JSON: Final = (".json", ".tfstate", ".tfstate.backup")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of the bucket, and the day; `versioning` is None where it is unknown."""

    versioning: Versioning | None = None
    partition: Partition = Partition.AWS
    as_of: date | None = None
    today: date | None = None


NOTHING_SAID: Final = Circumstances()


def is_lifecycle_file(path: str, content: object) -> bool:
    """Whether a file is for S3 and not a policy: by its name, or by its content where that says
    more. A policy may be written as JSON too, and
    states that: `"firnline": "policy/v1"`.
    """
    if path.lower().endswith(".xml"):
        return True
    if not isinstance(content, bytes):
        return path.lower().endswith(_JSON)
    if path.lower().endswith(_JSON):
        return not re.search(_POLICY, content)
    if is_hcl(path, content):
        return True
    text = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    by_name = path.lower().endswith((".yaml", ".yml"))
    if not by_name and text.startswith((b"<", b"{", b"[")):
        return not re.search(_POLICY, content)
    if not by_name and is_text_output(content):
        return True
    return _is_yaml_of_others(content)


def is_hcl(path: str, content: bytes) -> bool:
    """Whether it is Terraform's own language."""
    by_name = path.lower().endswith((".tf", ".tofu"))
    return by_name or (_HCL.search(content) is not None and not is_ours(content))


def is_text_output(content: bytes) -> bool:
    """Whether it is what the AWS CLI prints with `--output text` or `table`."""
    return _TEXT_OUTPUT.match(content) is not None


def is_kubernetes(content: bytes) -> bool:
    """Whether it is a manifest of a controller for S3."""
    return _KUBERNETES.search(content) is not None


def is_ours(content: bytes) -> bool:
    """Whether a file is a policy, or another kind of file that Firnline compiles."""
    return re.search(_POLICY, content) is not None or _OURS.search(content) is not None


def is_yaml(path: str, content: bytes) -> bool:
    """Whether a lifecycle file is read as YAML: what looks like JSON is read as JSON."""
    text = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    return not path.lower().endswith(_JSON) and not text.startswith((b"{", b"["))


def _is_yaml_of_others(content: bytes) -> bool:
    theirs = _THEIRS.search(content) is not None or is_kubernetes(content)
    return theirs and not _OURS.search(content)
