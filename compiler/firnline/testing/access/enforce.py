"""Is a request refused, and in which words of AWS?

IAM User Guide, "Troubleshoot access denied error messages", and S3 User Guide, "Troubleshoot access
denied (403 Forbidden) errors in Amazon S3".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from firnline.testing.access.bucket_owner import refuse_wrong_owner
from firnline.testing.access.callers import Caller, caller_of, find_role, trust_of
from firnline.testing.access.calls import calls_of, deletion
from firnline.testing.access.evaluate import Call, Verdict, evaluate
from firnline.testing.access.policy import BadPolicy
from firnline.testing.aws_request import AwsRequest
from firnline.testing.moto_process import find_bucket
from firnline.testing.object_deletes import Target
from firnline.testing.refusals import refuse, refuse_role
from firnline.testing.responses import Response

# "You can always call GetCallerIdentity, whatever policies say" (STS API, GetCallerIdentity).
_ALWAYS: Final = ("GetCallerIdentity",)
_CODES: Final = {"s3": "AccessDenied", "sts": "AccessDenied", "iam": "AccessDenied"}


def refusal_of(request: AwsRequest) -> Response | None:
    """By the owner that is expected, the caller's policies, and the trust policy of a role."""
    return refuse_wrong_owner(request) or _refuse(request, calls_of(request))


def refuse_deletion(request: AwsRequest, target: Target) -> Response | None:
    """Of one of the objects of a DeleteObjects."""
    return _refuse(request, deletion(request, target))


def _refuse(request: AwsRequest, calls: Iterable[Call]) -> Response | None:
    try:
        return _refused(request, calls)
    except BadPolicy as problem:
        return refuse(request, 501, "NotImplemented", f"a policy cannot be evaluated: {problem}")


def _refused(request: AwsRequest, calls: Iterable[Call]) -> Response | None:
    caller = caller_of(request)
    if request.operation == "AssumeRole" and _distrusts(request, caller):
        return refuse_role(request, caller.arn if caller else "")
    if caller is None or request.operation in _ALWAYS:
        return None
    if caller.statements is None:
        return None
    for call in calls:
        about = replace(call, context={**call.context, **caller.context})
        verdict = evaluate(caller.statements, about)
        if verdict is not Verdict.ALLOWED:
            code = _CODES.get(request.service, "AccessDeniedException")
            status = 403 if request.service in _CODES else 400
            return refuse(request, status, code, _words(request, caller, call, verdict))
    return None


def _distrusts(request: AwsRequest, caller: Caller | None) -> bool:
    """Also a role that does not exist: AWS has one error for both, and moto takes any role."""
    role = find_role(request.role)
    if role is None or caller is None:
        return role is None
    trust = trust_of(role)
    call = next(iter(calls_of(request)))
    about = Call(call.action, context={**call.context, **caller.context})
    return bool(trust) and evaluate(trust, about, caller.names) is not Verdict.ALLOWED


def _words(request: AwsRequest, caller: Caller, call: Call, verdict: Verdict) -> str:
    bucket = find_bucket(request.bucket)
    if bucket is not None and bucket.account_id != caller.account:
        return "Access Denied"  # reasons are told within an account alone
    quote = '"' if request.service == "s3" else ""
    on = "" if call.resource == "*" else f" on resource: {quote}{call.resource}{quote}"
    why = (
        "with an explicit deny in an identity-based policy"
        if verdict is Verdict.DENIED
        else f"because no identity-based policy allows the {call.action} action"
    )
    return f"User: {caller.arn} is not authorized to perform: {call.action}{on} {why}"
