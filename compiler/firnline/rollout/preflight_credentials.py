"""Do the credentials last as long as a rollout takes?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from firnline.fleet.sessions import botocore_session
from firnline.rollout.finding import Finding, Weight

_RENEWED: Final = (
    "assume-role",
    "assume-role-with-web-identity",
    "container-role",
    "custom-process",
    "iam-role",
)
"""As botocore names the sources of credentials that it fetches anew before they expire."""
_CACHE: Final = Path(".aws") / "sso" / "cache"
_ANOTHER_WAY: Final = (
    "renew them before; or use a profile that renews them by itself (a role of the machine or of"
    " the CI system); or deploy one wave in each run, with --wave"
)


def check_credentials(seconds: float) -> Iterator[Finding]:
    """Those around us, with which roles are assumed: the session of a role is renewed."""
    session = botocore_session()
    found: Any = session.get_credentials()
    if found is None or not seconds:
        return
    if found.method.startswith("sso"):
        yield from _sso(session.get_scoped_config(), seconds)
        return
    if found.method in _RENEWED:
        return
    until = getattr(found, "_expiry_time", None)
    if until is not None:
        yield from _expiring("the credentials", until, seconds)
    elif found.token:
        yield Finding(
            Weight.NOTE,
            "the credentials are temporary, and nothing says until when they are valid; the rollout"
            f" takes about {_minutes(seconds)}",
            "set AWS_CREDENTIAL_EXPIRATION with them, as `aws configure export-credentials"
            " --format env` does",
        )


def _sso(profile: Mapping[str, Any], seconds: float) -> Iterator[Finding]:
    """The session of the access portal ends; until then the credentials are renewed."""
    name = profile.get("sso_session") or profile.get("sso_start_url", "")
    token = _cached(str(name))
    if token is None or token.get("refreshToken"):
        yield Finding(
            Weight.NOTE,
            "the credentials are those of IAM Identity Center, and nothing says when its session"
            f" ends; the rollout takes about {_minutes(seconds)}",
            "run `aws sso login` first where the last one was hours ago",
        )
        return
    until = datetime.fromisoformat(str(token["expiresAt"]).replace("UTC", "+00:00"))
    yield from _expiring("the session of IAM Identity Center", until, seconds)


def _cached(name: str) -> Mapping[str, Any] | None:
    """As the AWS CLI and botocore keep it (botocore, tokens.py and utils.py, SSOTokenLoader)."""
    key = hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()
    try:
        content = json.loads((Path.home() / _CACHE / f"{key}.json").read_bytes())
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) and "expiresAt" in content else None


def _expiring(whose: str, until: datetime, seconds: float) -> Iterator[Finding]:
    now = datetime.now(UTC)
    if until >= now + timedelta(seconds=seconds):
        return
    left = max((until - now).total_seconds(), 0.0)
    yield Finding(
        Weight.NO_ACCESS,
        f"{whose} expire{'s' if whose.startswith('the session') else ''} at"
        f" {until.astimezone(UTC):%H:%M}Z, in {_minutes(left)}, and the rollout takes about"
        f" {_minutes(seconds)}",
        _ANOTHER_WAY,
    )


def _minutes(seconds: float) -> str:
    return f"{max(round(seconds / 60), 0)} min"
