"""One request to a forge → its answer, after a few tries where that may help.

The token is sent to that address alone: redirections are not followed.
"""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any, Final
from urllib.parse import urlsplit

from firnline import __version__

_SECONDS: Final = 30
_LARGEST: Final = 32 << 20
_TRIES: Final = 4
_FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 60.0
# A server on this machine is no busy one that needs time.
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_LOOPBACK_PAUSE: Final = 0.02
_TOO_MANY: Final = 429


class NoAnswer(Exception):
    """`status` is that of an answer which refuses, None where there is none; `message` is the
    forge's, or why there is none. `maybe_done` says that it may have done what was asked all the
    same.
    """

    def __init__(self, status: int | None, message: str, *, maybe_done: bool = False) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.maybe_done = maybe_done


@dataclass(frozen=True, slots=True)
class Answer:
    content: Any
    headers: Message


@dataclass(frozen=True, slots=True)
class Ask:
    """`again` says that a second call does no harm, so also where the first answer was lost."""

    method: str
    url: str
    payload: Mapping[str, Any] | None = None
    again: bool = True


def answer_to(ask: Ask, token: str) -> Answer:
    """Raises `NoAnswer`."""
    for attempt in range(1, _TRIES + 1):
        try:
            return _once(ask, token)
        except _Passing as passing:
            if attempt == _TRIES:
                raise passing.why from None
            time.sleep(pause(ask.url, attempt, passing.wait))
            if passing.why.maybe_done and not ask.again:
                raise passing.why from None
    raise AssertionError("it returned or raised")


def pause(url: str, attempt: int, wait: float | None) -> float:
    """Seconds after an attempt: as long as the forge says, else twice as long each time."""
    seconds = _FIRST_PAUSE * 2 ** (attempt - 1) if wait is None else wait
    longest = _LOOPBACK_PAUSE if urlsplit(url).hostname in _LOOPBACK else LONGEST_PAUSE
    return min(seconds, longest)


class _Passing(Exception):
    """A fault that may be gone after a while; `wait` is what the forge says of it, in seconds."""

    def __init__(self, why: NoAnswer, wait: float | None = None) -> None:
        super().__init__(str(why))
        self.why = why
        self.wait = wait


class _NotFollowed(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def _once(ask: Ask, token: str) -> Answer:
    headers = {
        "Accept": "application/vnd.github+json",
        "Authorization": f"Bearer {token}",
        "User-Agent": f"firnline/{__version__}",
        "X-GitHub-Api-Version": "2022-11-28",
    }
    data = None
    if ask.payload is not None:
        data = json.dumps(ask.payload).encode()
        headers["Content-Type"] = "application/json"
    request = urllib.request.Request(ask.url, data, headers, method=ask.method)
    opener = urllib.request.build_opener(_NotFollowed)
    try:
        with opener.open(request, timeout=_SECONDS) as answer:
            return Answer(_json(answer.read(_LARGEST)), answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            raise _refusal(error) from None
    except urllib.error.URLError as error:
        # Before all was sent.
        raise _Passing(NoAnswer(None, _words(error.reason))) from None
    except (OSError, http.client.HTTPException) as error:
        raise _Passing(NoAnswer(None, _words(error), maybe_done=True)) from None


def _refusal(error: urllib.error.HTTPError) -> Exception:
    refusal = NoAnswer(error.code, _message(error), maybe_done=error.code >= 500)
    wait = _wait(error.headers)
    limited = error.code == 403 and (wait is not None or "rate limit" in refusal.message.lower())
    too_long = wait is not None and wait > LONGEST_PAUSE
    if (error.code >= 500 or error.code == _TOO_MANY or limited) and not too_long:
        return _Passing(refusal, wait)
    return refusal


def _wait(headers: Message) -> float | None:
    """GitHub Docs, "Rate limits for the REST API": as `retry-after` says, else, where nothing
    remains, until the reset.
    """
    after = headers.get("Retry-After", "")
    if after.isdecimal():
        return float(after)
    reset = headers.get("X-RateLimit-Reset", "")
    if headers.get("X-RateLimit-Remaining") == "0" and reset.isdecimal():
        return max(0.0, float(reset) - time.time())
    return None


def _message(error: urllib.error.HTTPError) -> str:
    try:
        content = _json(error.read(_LARGEST))
    except (NoAnswer, OSError, http.client.HTTPException):
        return str(error.reason)
    if not isinstance(content, dict) or "message" not in content:
        return str(error.reason)
    listed = content.get("errors") or []
    more = [str(each["message"]) for each in listed if isinstance(each, dict) and "message" in each]
    return ": ".join([str(content["message"]), *more])


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        raise NoAnswer(None, "it answers something other than JSON", maybe_done=True) from None


def _words(reason: object) -> str:
    """Without the number of a system error."""
    return getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
