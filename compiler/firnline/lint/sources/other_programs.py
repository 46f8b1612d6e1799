"""Lifecycle rules that are not S3's, or not yet data: which are they, and what should one do?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from firnline.diagnostics.position import Source, Span, whole_file
from firnline.diagnostics.remedy import Advise
from firnline.language.data_tree import DataTree
from firnline.lint import is_hcl, is_kubernetes, is_text_output
from firnline.lint.file_kinds import OTHER_PROGRAM
from firnline.lint.written import Form, ReadFile
from firnline.s3 import xml_tree

_S3_ALONE: Final = "Firnline checks rules of S3 only: leave this file out"
_GOOGLE: Final = "lifecycle rules of Google Cloud Storage"
_FROM_THE_BUCKET: Final = (
    "check the bucket once they are applied:"
    " `aws s3api get-bucket-lifecycle-configuration --bucket NAME | firnline check -`"
)
_R2: Final = (
    "R2 gives them as S3 spells them too: `aws s3api get-bucket-lifecycle-configuration --bucket"
    " NAME --endpoint-url https://ACCOUNT.r2.cloudflarestorage.com | firnline check -`"
)
_PLAN: Final = (
    "let Terraform evaluate it: `terraform plan -out=plan.bin`, then"
    " `terraform show -json plan.bin | firnline check -`"
)
_LOG: Final = b'{"@level"'  # of `terraform plan -json` (Terraform, "Machine-readable UI")
_AS_JSON: Final = (
    "ask for JSON: `aws s3api get-bucket-lifecycle-configuration --bucket NAME --output json |"
    " firnline check -`"
)
_R2_ACTIONS: Final = frozenset(
    {"deleteObjectsTransition", "storageClassTransitions", "abortMultipartUploadsTransition"}
)


def read(tree: DataTree, source: Source, _form: Form) -> ReadFile | None:
    match _cloud(tree.data):
        case None:
            return None
        case called, todo:
            return _refused(source, f"these are {called}", todo)


def read_text(content: bytes, source: Source) -> ReadFile | None:
    """What is recognised before it is read as data."""
    if is_hcl(source.path, content):
        return _refused(
            source, "this is Terraform's own language, whose values are not known", _PLAN
        )
    if content.lstrip().startswith(_LOG):
        return _refused(source, "this is Terraform's log, which has no values", _PLAN)
    if is_kubernetes(content):
        message = "this is a Kubernetes manifest: a controller writes the rules to S3"
        return _refused(source, message, _FROM_THE_BUCKET)
    if is_text_output(content):
        return _refused(source, "this is the AWS CLI's output for people, without names", _AS_JSON)
    return None


def read_xml(content: bytes, source: Source) -> ReadFile | None:
    """Google's rules have an `Action` and a `Condition`; S3's have neither."""
    try:
        root = xml_tree.read_xml(content)
    except xml_tree.MalformedXml:
        return None
    rules = [each for each in root.children if each.name == "Rule"]
    if not any(each.name == "Action" for rule in rules for each in rule.children):
        return None
    return _refused(source, f"these are {_GOOGLE}", _S3_ALONE)


def _refused(source: Source, message: str, todo: str) -> ReadFile:
    start = len(source.text) - len(source.text.lstrip())
    place = Span(source, start, min(start + 1, len(source.text))) if source.text else None
    found = OTHER_PROGRAM.at(place or whole_file(source.path), message, remedy=Advise(todo))
    return ReadFile(diagnostics=(found,))


def _cloud(data: Any) -> tuple[str, str] | None:
    """What the rules are called, and what to do."""
    if not isinstance(data, Mapping):
        return None
    inside = data.get("lifecycle")
    if _has(data.get("rule"), "action") or (
        isinstance(inside, Mapping) and _has(inside.get("rule"), "action")
    ):
        return _GOOGLE, _S3_ALONE
    policy = data.get("policy", data)
    rules = policy.get("rules") if isinstance(policy, Mapping) else None
    if _has(rules, "definition"):
        return "lifecycle rules of Azure Blob Storage", _S3_ALONE
    if any(_has(rules, action) for action in _R2_ACTIONS):
        return "lifecycle rules of Cloudflare R2", _R2
    return None


def _has(rules: Any, member: str) -> bool:
    return isinstance(rules, list) and any(
        isinstance(rule, Mapping) and member in rule for rule in rules
    )
