"""One call of SageMaker, or a whole list of it, with what went wrong in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

from firnline.fleet.accounts import Access, NoAccess, requesting
from firnline.reach.source import CannotRead


class Gone(Exception):
    """What was listed has been deleted since."""


@dataclass(slots=True)
class Api:
    """Counts the pages that it reads. Safe to use from several threads."""

    client: Any
    access: Access
    pages: int = 0
    _guard: Lock = field(default_factory=Lock)

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """Raises `CannotRead` with the permission that is missing, `Gone`; `NoAccess` where nobody
        answers or there are no credentials.
        """
        from botocore import xform_name

        method = getattr(self.client, xform_name(operation), None)
        if method is None:
            raise CannotRead(f"needs {operation}, which this boto3 does not know: update boto3")
        try:
            with requesting(self.access.account_id, f"sagemaker:{operation}", self.access.role_arn):
                answer: dict[str, Any] = method(**parameters)
        except NoAccess as why:
            raise _in_words(why, operation) from why
        with self._guard:
            self.pages += 1
        return answer

    def items(self, operation: str, key: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        """Of all pages: only the absence of a token is the end. Raises `CannotRead`."""
        tokens: set[str] = set()
        while True:
            page = self.call(operation, **parameters)
            if not isinstance(page.get(key), list):
                raise CannotRead(
                    f"answers {operation} without `{key}`, so that nothing is known of what there"
                    " is: see that its endpoint is SageMaker, and read it again"
                )
            yield from page[key]
            token = page.get("NextToken")
            if not token:
                return
            if token in tokens:
                raise CannotRead(
                    f"answers {operation} with a page token for the second time, so that pages are"
                    " missing: read it again"
                )
            tokens.add(token)
            parameters["NextToken"] = token


_NOT_FOUND: Final = re.compile(r"not f(?:ou|i)nd|does not exist|not exist", re.IGNORECASE)
_THROTTLED: Final = ("ThrottlingException", "Throttling", "TooManyRequestsException", "SlowDown")
_UNKNOWN: Final = (
    "UnknownOperationException",
    "UnknownOperation",
    "InvalidAction",
    "NotImplemented",
    "NotImplementedException",
    "404",
    "501",
)


def _in_words(why: NoAccess, operation: str) -> Exception:
    if not why.has_credentials or not why.code:
        return why
    if why.code == "ResourceNotFound" or (
        why.code == "ValidationException" and _NOT_FOUND.search(why.reason)
    ):
        return Gone(why.reason)
    if why.denied:
        return CannotRead(
            f"may not call {operation}: grant sagemaker:{operation} to the role of account"
            f" {why.account}"
        )
    if why.code in _THROTTLED:
        return CannotRead(
            f"still answers {operation} with {why.code} after all attempts: read it again when less"
            " is going on in the account, or have its rate limit raised"
        )
    if why.code in _UNKNOWN:
        return CannotRead(
            f"does not offer {operation} here ({why.reason}), so that what it would list is not"
            f" known: grant sagemaker:{operation}, or update the endpoint"
        )
    return CannotRead(f"failed at {operation} ({why.reason}): read it again")
