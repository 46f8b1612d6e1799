"""Requests to the emulator itself, not to the AWS that it emulates."""

import json
import urllib.error
import urllib.request
from typing import Any

from sandbox.state import State

_PATIENCE_SECONDS = 600.0


class RequestFailed(Exception):
    """Nothing was done; the text says why."""


def post(state: State, name: str, body: dict[str, str]) -> Any:
    """The response of POST /_firnline/`name`."""
    request = urllib.request.Request(
        f"{state.endpoint}/_firnline/{name}", json.dumps(body).encode(), method="POST"
    )
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
