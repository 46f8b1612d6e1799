"""Files of each kind that is checked, with a text in each place where a stranger can put one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import yaml

from firnline.diagnostics.visible import is_plain
from sandbox.paths import CHECKOUT

Tree = Any
"""Maps, lists and texts, as a YAML file has them."""
_SAMPLES: Final = {
    "fleet": "policies/fleet.yaml",
    "fleet.lock": "policies/fleet.lock.yaml",
    "expectations": "tests/golden/expectations/expectations.yaml",
}

POLICY = """\
firnline: policy/v1
policy: {policy}
owner: {owner}
why: {why}
applies_to: [{{account: {account}, buckets: [{bucket}]}}]
storage_classes: {{warm: {storage_class}}}
retain:
  {retention}:
    why: {reason}
    prefix: {prefix}
    tags: {{{tag}: {tag_value}}}
    delete_after: {delete_after}
    {unknown}: 1
waivers: [{{code: {code}, why: {waived}, expires: {expires}}}]
holds: {{{hold}: {{prefix: {held}, ask_again: 2027-01-01, why: {held_why}, approved_by: me}}}}
promises: {{{promise}: {{prefix: {promised}, keep_at_least: {least}}}}}
"""
PLAIN: Mapping[str, str] = {
    "policy": "ml",
    "owner": "me",
    "why": "what it is for",
    "account": "prod",
    "bucket": "acme-logs",
    "storage_class": "STANDARD_IA",
    "retention": "r",
    "reason": "a reason",
    "prefix": "/r/",
    "tag": "class",
    "tag_value": "legal",
    "delete_after": "30d",
    "unknown": "wyh",
    "code": "FL309",
    "waived": "keys begin so",
    "expires": "2026-12-31",
    "hold": "H-1",
    "held": "x/",
    "held_why": "a request",
    "promise": "p",
    "promised": "r/",
    "least": "90d",
}


def policies(text: str) -> dict[str, str]:
    """A policy for each place, with the text there, and one with it everywhere."""
    written = quoted(text)
    alone = {place: POLICY.format_map({**PLAIN, place: written}) for place in PLAIN}
    return {**alone, "everywhere": POLICY.format_map(dict.fromkeys(PLAIN, written))}


def lifecycle_files(text: str) -> dict[str, str]:
    """S3's own JSON, a Terraform plan, a template and a Cloud Custodian policy."""
    rule = {
        "ID": text,
        "Status": text,
        "Filter": {"And": {"Prefix": f"/{text}", "Tags": [{"Key": text, "Value": text}]}},
        "Expiration": {"Days": text, text: 1},
        "Transitions": [{"Days": 30, "StorageClass": text}],
        text: text,
    }
    resource = {
        "address": f"aws_s3_bucket_lifecycle_configuration.{text}",
        "type": "aws_s3_bucket_lifecycle_configuration",
        "name": text,
        "values": {
            "bucket": text,
            "rule": [{"id": text, "status": text, "filter": [{"prefix": text}]}],
        },
    }
    plan = {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": [resource]}},
    }
    bucket = {
        "Type": "AWS::S3::Bucket",
        "Properties": {"LifecycleConfiguration": {"Rules": [rule]}},
    }
    custodian = {
        "policies": [
            {
                "name": text,
                "resource": "s3",
                "actions": [{"type": "configure-lifecycle", "rules": [rule]}],
            }
        ]
    }
    return {
        "rules.json": json.dumps({"Rules": [rule]}),
        "plan.json": json.dumps(plan),
        "template.json": json.dumps({"Resources": {text: bucket}}),
        "custodian.json": json.dumps(custodian),
        "other.json": json.dumps({text: text}),
    }


def other_files(text: str) -> Iterator[tuple[str, str]]:
    """The fleet file, the lock, approvals and expectations, with the text in the place of each key
    and each value.
    """
    for name, document in _others().items():
        for changed in _variants(document, text):
            yield f"policies/{name}.yaml", _flow(changed)


def rules_json(prefix: str, days: int, rule_id: str = "r") -> str:
    """Rules that S3 takes."""
    rule = {
        "ID": rule_id,
        "Status": "Enabled",
        "Filter": {"And": {"Prefix": prefix, "Tags": [{"Key": prefix, "Value": prefix}]}},
        "Expiration": {"Days": days},
    }
    return json.dumps({"Rules": [rule]})


def quoted(text: str) -> str:
    """As YAML takes any text: between double quotes, with an escape for each odd character."""
    return '"' + "".join(map(_escaped, text)) + '"'


def _others() -> dict[str, Tree]:
    approval = {
        "item": f"sha256:{'0' * 64}",
        "retention": "ml/r",
        "from": "delete 90d",
        "to": "delete 30d",
        "buckets": ["prod/*/acme-logs"],
        "codes": ["FL401"],
        "deletes_up_to": "1TiB",
        "by": "me",
        "ticket": "OPS-1",
        "until": "2027-01-31",
    }
    emergency = {
        "buckets": ["prod/us-east-1/acme-logs"],
        "codes": ["FL401"],
        "why": "an alarm",
        "by": "me",
        "until": "2026-11-28",
    }
    approvals: Tree = {"approvals": [approval], "emergencies": [emergency]}
    read = {name: _read(path) for name, path in _SAMPLES.items()}
    return {**read, "approvals": {"firnline": "approvals/v1", **approvals}}


def _read(path: str) -> dict[str, Tree]:
    tree: dict[str, Tree] = yaml.load((CHECKOUT / path).read_text(), yaml.BaseLoader)
    return tree


def _variants(tree: Tree, text: str) -> Iterator[Tree]:
    match tree:
        case dict():
            for key, value in tree.items():
                yield {(text if each == key else each): tree[each] for each in tree}
                yield from ({**tree, key: each} for each in _variants(value, text))
        case list():
            for number, value in enumerate(tree):
                rest = tree[number + 1 :]
                yield from ([*tree[:number], each, *rest] for each in _variants(value, text))
        case _:
            yield text


def _flow(tree: Tree) -> str:
    match tree:
        case dict():
            return f"{{{', '.join(f'{quoted(key)}: {_flow(tree[key])}' for key in tree)}}}"
        case list():
            return f"[{', '.join(map(_flow, tree))}]"
        case _:
            return quoted(tree)


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if is_plain(character) else f"\\U{ord(character):08x}"
