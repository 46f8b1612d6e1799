"""Requests to the emulator itself, not to the AWS that it emulates."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.state import State

_PATIENCE_SECONDS = 600.0


class RequestFailed(Exception):
    """Nothing was done; the text says why."""


def get(state: State, name: str) -> Any:
    """The response of GET /_firnline/`name`. Raises `RequestFailed`."""
    return _send(state, name, None)


def post(state: State, name: str, body: Mapping[str, Any] | Sequence[Any]) -> Any:
    """The response of POST /_firnline/`name`. Raises `RequestFailed`."""
    return _send(state, name, json.dumps(body).encode())


def _send(state: State, name: str, body: bytes | None) -> Any:
    request = urllib.request.Request(f"{state.endpoint}/_firnline/{name}", body)
    # No proxy: the address is on this machine, whatever the environment says.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_PATIENCE_SECONDS) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            if error.code != 400:
                raise RequestFailed("the emulator failed: see .sandbox/emulator.log") from error
            raise RequestFailed(json.load(error)["error"]) from error
    except OSError as error:
        raise RequestFailed(f"{state.endpoint} does not respond ({error})") from error
