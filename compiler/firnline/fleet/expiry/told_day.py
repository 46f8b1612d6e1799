"""The header `x-amz-expiration` → the day that it tells.

S3 API, HeadObject: `expiry-date="Fri, 02 Oct 2026 00:00:00 GMT", rule-id="…"`. The rule is not
compared: with equal days, which one S3 names is not defined.
"""

from __future__ import annotations

import re
from datetime import UTC, date
from email.utils import parsedate_to_datetime
from typing import Final

_DATE: Final = re.compile(r'expiry-date="([^"]*)"')


class UnreadableDay(ValueError):
    """The header is not as S3 documents it; the text is what it says."""


def told_day(header: str | None) -> date | None:
    """None where S3 sent no header: no rule expires the object. Raises `UnreadableDay`."""
    if header is None:
        return None
    found = _DATE.search(header)
    try:
        if found is None:
            raise ValueError
        return parsedate_to_datetime(found[1]).astimezone(UTC).date()
    except ValueError:
        raise UnreadableDay(header[:120]) from None
