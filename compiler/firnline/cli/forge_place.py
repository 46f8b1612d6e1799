"""Where is the pull request, and with which token? As options and GitHub Actions say."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from firnline.cli.failed import CommandFailed
from firnline.diagnostics.visible import visible
from firnline.forge.actions import NoPullRequest, Reviewed, api_of, reviewed_by

_REPOSITORY: Final = re.compile(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+")
_TOKEN: Final = re.compile(r"[\x21-\x7e]+")
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_NO_ACCESS: Final = 3


@dataclass(frozen=True, slots=True)
class Place:
    """`reviewed` is what the event says; None outside of a pull request's run."""

    api: str
    graphql: str
    repository: str
    token: str = field(repr=False)
    reviewed: Reviewed | None


def place_of(environment: Mapping[str, str], repository: str | None) -> Place:
    """Raises `CommandFailed`."""
    named = repository or environment.get("GITHUB_REPOSITORY") or ""
    if not _REPOSITORY.fullmatch(named):
        where = "--repository" if repository else "GITHUB_REPOSITORY"
        raise CommandFailed(
            f"{where} is {visible(named)!r}, and should be OWNER/NAME"
            if named
            else "which repository? --repository OWNER/NAME, or GITHUB_REPOSITORY, says so"
        )
    api, graphql = api_of(environment)
    for address in (api, graphql):
        _require_private(address)
    return Place(api, graphql, named, _token(environment), _reviewed(environment))


def _require_private(address: str) -> None:
    parts = urlsplit(address)
    here = parts.hostname in _LOOPBACK
    if parts.hostname and (parts.scheme == "https" or (here and parts.scheme == "http")):
        return
    raise CommandFailed(
        f"{visible(address)} is no https:// address: a token is sent there (GITHUB_API_URL,"
        " GITHUB_GRAPHQL_URL)"
    )


def _token(environment: Mapping[str, str]) -> str:
    token = environment.get("GITHUB_TOKEN", "").strip()
    if not token:
        raise CommandFailed(
            "no token: GITHUB_TOKEN is not set; in a workflow,"
            " `env: {GITHUB_TOKEN: ${{ github.token }}}`",
            _NO_ACCESS,
        )
    if not _TOKEN.fullmatch(token):
        raise CommandFailed("GITHUB_TOKEN has characters that no token has", _NO_ACCESS)
    return token


def _reviewed(environment: Mapping[str, str]) -> Reviewed | None:
    path = environment.get("GITHUB_EVENT_PATH")
    if not path:
        return None
    try:
        with open(path, encoding="utf-8") as file:
            event: Any = json.load(file)
        return reviewed_by(event, environment)
    except NoPullRequest as problem:
        raise CommandFailed(str(problem)) from None
    except (AttributeError, KeyError, TypeError, ValueError):
        raise CommandFailed(
            f"{visible(path)} is no event of GitHub's (GITHUB_EVENT_PATH)"
        ) from None
