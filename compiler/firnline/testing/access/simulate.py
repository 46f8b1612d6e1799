"""SimulatePrincipalPolicy: what the same evaluation says of actions that nobody has requested."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs

from firnline.s3.xml_tree import Element, write_xml
from firnline.testing.access.callers import Caller, attached_to, find_role
from firnline.testing.access.evaluate import Call, Verdict, evaluate
from firnline.testing.access.policy import BadPolicy
from firnline.testing.aws_request import AwsRequest
from firnline.testing.responses import Response, query_error

_NAMESPACE: Final = "https://iam.amazonaws.com/doc/2010-05-08/"
_ENTRY: Final = re.compile(r"ContextEntries\.member\.(\d+)\.(.+)")


def simulate(request: AwsRequest) -> Response:
    """Of a role. As AWS, it knows no trust policy and no SCP (IAM API, SimulatePrincipalPolicy)."""
    form = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    source = form.get("PolicySourceArn", [""])[0]
    if find_role(source) is None:
        return query_error(404, "NoSuchEntity", f"The role with name {source} cannot be found.")
    actions = _members(form, "ActionNames")
    resources = _members(form, "ResourceArns") or ["*"]
    caller = Caller(source, source, source.split(":")[4], None)
    context = {**caller.context, **_entries(form)}
    try:
        statements = attached_to(source)
        results = tuple(
            _result(call, Verdict.ALLOWED if statements is None else evaluate(statements, call))
            for action in actions
            for call in (Call(action, resource, context) for resource in resources)
        )
    except BadPolicy as problem:
        return query_error(501, "NotImplemented", f"a policy cannot be evaluated: {problem}")
    found = (
        Element("EvaluationResults", children=results),
        Element("IsTruncated", "false"),
    )
    document = Element(
        "SimulatePrincipalPolicyResponse",
        children=(Element("SimulatePrincipalPolicyResult", children=found),),
    )
    body = write_xml(document, _NAMESPACE, declared=False)
    return Response(200, (("Content-Type", "text/xml"),), body.encode())


def _result(call: Call, verdict: Verdict) -> Element:
    said = (
        Element("EvalActionName", call.action),
        Element("EvalResourceName", call.resource),
        Element("EvalDecision", verdict.value),
    )
    return Element("member", children=said)


def _members(form: Mapping[str, list[str]], name: str) -> list[str]:
    prefix = f"{name}.member."
    found = {key: values[0] for key, values in form.items() if key.startswith(prefix)}
    return [found[key] for key in sorted(found, key=lambda key: int(key.rpartition(".")[2]))]


def _entries(form: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    entries: dict[str, dict[str, str]] = {}
    for key, values in form.items():
        if found := _ENTRY.fullmatch(key):
            entries.setdefault(found[1], {})[found[2]] = values[0]
    return {
        entry["ContextKeyName"].lower(): tuple(
            value for key, value in sorted(entry.items()) if key.startswith("ContextKeyValues")
        )
        for entry in entries.values()
        if "ContextKeyName" in entry
    }
