"""FL743 to FL746: what is wrong where S3 does something else than the rules say."""

from __future__ import annotations

from typing import Final

from firnline.diagnostics.kinds import Kind, Severity

_OBJECT: Final = """\
- rules: [{ID: firnline/acme/tmp, Prefix: tmp/, Expiration: {Days: 30}}]
  object: {key: tmp/a, last_modified: 2026-11-01T10:00:00Z}
"""

EXPIRES_ON_ANOTHER_DAY = Kind(
    code="FL743",
    name="expires-on-another-day",
    severity=Severity.ERROR,
    title="S3 says that it expires an object on another day than the rules say",
    why=(
        "S3 answers a HEAD of an object with the day on which its lifecycle expires it. Where that"
        " is not the day of the rules that were written, S3 has other rules, or Firnline does not"
        " understand these as S3 does; either way objects will be deleted on a day that nobody"
        " approved."
    ),
    help=(
        "write these rules to no other bucket until it is known why; `firnline show BUCKET` prints"
        " the rules that are live"
    ),
    wrong=_OBJECT + '  x-amz-expiration: expiry-date="Thu, 03 Dec 2026 00:00:00 GMT"\n',
    right=_OBJECT + '  x-amz-expiration: expiry-date="Wed, 02 Dec 2026 00:00:00 GMT"\n',
)

_ROW: Final = """\
- rules: [{ID: firnline/acme/tmp, Prefix: tmp/, Expiration: {Days: 30}}]
  inventory: {Key: tmp/a, LastModifiedDate: 2026-11-01T10:00:00Z, LifecycleExpirationDate: %s}
"""

INVENTORY_TELLS_ANOTHER_DAY = Kind(
    code="FL744",
    name="inventory-tells-another-day",
    severity=Severity.ERROR,
    title="an inventory has objects that expire on another day than the rules say",
    why=(
        "With the optional field `LifecycleExpirationDate` S3 Inventory lists of every object the"
        " day on which its lifecycle expires it. It is S3's own reading of the rules, over"
        " everything that the bucket stores."
    ),
    help=(
        "write these rules to no other bucket until it is known why; `firnline show BUCKET` prints"
        " the rules that are live"
    ),
    wrong=_ROW % "2026-12-03T00:00:00Z",
    right=_ROW % "2026-12-02T00:00:00Z",
)

_RUN: Final = """\
- rules: [{ID: firnline/acme/tmp, Prefix: tmp/, Expiration: {Days: 30}}]
  earlier: {at: 2026-11-30T01:00:00Z, Key: tmp/a, LastModifiedDate: %s}
  later: {at: 2026-12-01T01:00:00Z%s}
"""

ACTED_BEFORE_ITS_DAY = Kind(
    code="FL745",
    name="acted-before-its-day",
    severity=Severity.ERROR,
    title="an object was deleted or moved before the day that the rules say",
    why=(
        "Two inventories, from before and after a run of S3 Lifecycle, show what became of each"
        " object. Where one is gone or in another storage class although no rule says so yet, S3"
        " does not do what the rules were proved to do, or somebody else deletes objects."
    ),
    help=(
        "write these rules to no other bucket until it is known why; server access logs tell"
        " whether it was S3, as `S3.EXPIRE.OBJECT`"
    ),
    wrong=_RUN % ("2026-11-10T10:00:00Z", ""),
    right=_RUN % ("2026-10-20T10:00:00Z", ""),
)

NOT_ACTED_YET = Kind(
    code="FL746",
    name="not-acted-yet",
    severity=Severity.WARNING,
    title="objects that should have expired are still there",
    why=(
        "S3 carries lifecycle rules out once a day, and may be days late with a bucket that stores"
        " much. Until it has acted, nothing shows that it understands the rules as they were meant."
    ),
    help="repeat this with the inventory of another day",
    wrong=_RUN % ("2026-10-20T10:00:00Z", ", Key: tmp/a"),
    right=_RUN % ("2026-10-20T10:00:00Z", ""),
)
