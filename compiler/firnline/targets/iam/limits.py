"""How long a policy may be, and which of several forms of it fits.

IAM User Guide, "IAM and AWS STS quotas"; AWS Organizations User Guide, "Quotas and service limits".
Read on 2026-11-30.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Final

from firnline.s3.shape import Json
from firnline.targets.iam.buckets import Buckets

MANAGED_POLICY: Final = 6_144
SERVICE_CONTROL_POLICY: Final = 5_120
TRUST_POLICY: Final = 2_048
"""By default; it can be raised to 8,192."""


def size_of(document: Json) -> int:
    """IAM does not count white space, and Organizations saves what it is sent."""
    return len(compact(document))


def compact(document: Json) -> str:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)


def first_that_fits(
    limit: int, choices: Iterable[Buckets], build: Callable[[Buckets], Json]
) -> tuple[Json, Buckets]:
    """The most exact one; the last names all buckets of the account, and is short."""
    for buckets in choices:
        document = build(buckets)
        if size_of(document) <= limit:
            break
    return document, buckets
