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
