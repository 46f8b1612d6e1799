"""What may a program in another language say about a `Retention`, and what does this one say?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import pulumi

from firnline.diagnostics.remedy_words import in_words
from firnline.diagnostics.visible import visible
from firnline.language.nearest import did_you_mean
from firnline.s3.terms import Versioning
from firnline.targets.pulumi_aws.component import TOKEN
from firnline.targets.pulumi_aws.policy_file import VersioningName

_VERSIONING: Final = "firnline:s3:Versioning"
_LANGUAGES: Final = ("nodejs", "python", "go", "csharp", "java")
_RETENTION: Final = (
    "The whole lifecycle configuration of one bucket, compiled from policies and proved. Before it"
    " is written, in previews too, the live configuration is read, and rules that Firnline did not"
    " write stop the deployment. Nothing ever deletes a configuration: `pulumi destroy`, and"
    " a bucket that the program no longer names, leave the live rules."
)
_Type = Literal["string", "boolean", "versioning"]


@dataclass(frozen=True, slots=True)
class Input:
    """`plain`: no Output of another resource may stand there."""

    name: str
    description: str
    type: _Type = "string"
    required: bool = True
    plain: bool = True


_INPUTS: Final = (
    Input(
        "bucket",
        "The bucket's name. It may be an output of the resource that makes the bucket.",
        plain=False,
    ),
    Input("accountId", "The account of the bucket's owner, 12 digits."),
    Input("region", "The bucket's region, such as `eu-west-1`."),
    Input(
        "policies",
        "A policy file, or a folder of them, in the project's folder. All policies in it apply to"
        " the bucket, whatever their `applies_to` says. Approvals of what deletes sooner stand in"
        " `approvals.yaml` in the folder, or beside the file.",
    ),
    Input(
        "namespace",
        "Part of every rule's ID, which distinguishes these rules from those of others. Use one"
        " that no other writer of the bucket uses, and keep it.",
    ),
    Input(
        "versioning",
        "The bucket's versioning, for which its rules are proved. A bucket with another one is"
        " refused (FL726).",
        type="versioning",
    ),
    Input(
        "objectLock",
        "Whether the bucket has Object Lock. A bucket where that differs is refused (FL726).",
        type="boolean",
        required=False,
    ),
    Input(
        "roleArn",
        "The role that is assumed to read what is live, before each write and after it. Without one"
        " the caller's own credentials are used; either must belong to the account. What writes is"
        " the AWS provider, with its own credentials.",
        required=False,
    ),
    Input(
        "externalId",
        "What the trust policy of the role expects, if it expects one.",
        required=False,
    ),
)
_OUTPUTS: Final = {
    "bucket": "The bucket's name.",
    "applied": "A digest of the rules that are applied.",
}


class WrongInput(Exception):
    """An input is missing, unknown, or not of its type; the text says which."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a program in another language says about one `Retention`."""

    bucket: pulumi.Input[str]
    account_id: str
    region: str
    policies: str
    namespace: str
    versioning: VersioningName
    object_lock: bool
    role_arn: str | None
    external_id: str | None


def given_in(inputs: Mapping[str, Any]) -> Given:
    """Raises `WrongInput`. A language that checks types has done so before; YAML has not."""
    names = [each.name for each in _INPUTS]
    for name in inputs:
        if name not in names:
            meant = did_you_mean(name, names)
            advice = in_words((meant,)) if meant else f"its inputs are {', '.join(names)}"
            raise WrongInput(f"`Retention` has no input `{visible(name)}`: {advice}")
    values = {each.name: _checked(each, inputs.get(each.name)) for each in _INPUTS}
    return Given(
        bucket=values["bucket"],
        account_id=values["accountId"],
        region=values["region"],
        policies=values["policies"],
        namespace=values["namespace"],
        versioning=values["versioning"],
        object_lock=values["objectLock"] or False,
        role_arn=values["roleArn"],
        external_id=values["externalId"],
    )


def _checked(expected: Input, value: Any) -> Any:
    if value is None:
        if expected.required:
            raise WrongInput(f"`{expected.name}` is missing: {expected.description}")
        return None
    if isinstance(value, pulumi.Output):
        if expected.plain:
            raise WrongInput(
                f"`{expected.name}` is an output of a resource, or a secret, but rules are made"
                " before any resource is: write the value itself"
            )
        return value
    is_flag = expected.type == "boolean"
    if not isinstance(value, bool if is_flag else str):
        wanted = "neither true nor false" if is_flag else "no text"
        raise WrongInput(f"`{expected.name}` is `{visible(str(value))}`, which is {wanted}")
    return value


def schema(version: str) -> dict[str, Any]:
    """Pulumi's description of the package, from which it generates an SDK for each language."""
    return {
        "name": "firnline",
        "displayName": "Firnline",
        "version": version,
        "description": "S3 lifecycle rules that are proved to do what retention policies say",
        "types": {_VERSIONING: _versioning()},
        "resources": {TOKEN: _retention()},
        "language": {language: {"respectSchemaVersion": True} for language in _LANGUAGES},
    }


def _retention() -> dict[str, Any]:
    return {
        "isComponent": True,
        "description": _RETENTION,
        "inputProperties": {each.name: _property(each) for each in _INPUTS},
        "requiredInputs": [each.name for each in _INPUTS if each.required],
        "properties": {
            name: {"type": "string", "description": text} for name, text in _OUTPUTS.items()
        },
        "required": list(_OUTPUTS),
    }


def _property(described: Input) -> dict[str, Any]:
    is_named = described.type == "versioning"
    of_type = {"$ref": f"#/types/{_VERSIONING}"} if is_named else {"type": described.type}
    plain = {"plain": True} if described.plain else {}
    return {**of_type, **plain, "description": described.description}


def _versioning() -> dict[str, Any]:
    return {
        "type": "string",
        "description": "Whether a bucket keeps old versions of its objects.",
        "enum": [{"name": each.name.title(), "value": each.value} for each in Versioning],
    }
