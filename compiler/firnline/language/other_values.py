"""What do people, tools and other stores write for a value of ours? Data, by the value's title.

A word is written here in small letters without anything between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from firnline.diagnostics.remedy import WriteValue
from firnline.language.synonyms import NEAREST_CLASSES, plain


def _all(names: str, ours: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), ours)


_SAME: Final[Mapping[str, Mapping[str, str]]] = {
    # The API has no value for a bucket that was never versioned; Terraform's is Disabled.
    "versioning": {
        **_all("disabled disable unversioned none no false never", "off"),
        **_all("true yes on versioned", "enabled"),
        "paused": "suspended",
    },
    "way to treat delete markers": {
        **_all("expired delete remove true expiredobjectdeletemarker", "expire"),
        **_all("false no retain leave disabled disable off none never", "keep"),
    },
    # Console and pricing pages name the classes otherwise than the API.
    "storage class": {
        **_all("ia infrequentaccess standardinfrequentaccess", "STANDARD_IA"),
        **_all("onezone onezoneinfrequentaccess zia", "ONEZONE_IA"),
        **_all("intelligent intelligenttiering it", "INTELLIGENT_TIERING"),
        **_all("glacierinstantretrieval glacierinstant gir", "GLACIER_IR"),
        **_all("glacierflexibleretrieval glacierflexible glacierfr gfr", "GLACIER"),
        **_all("glacierdeeparchive gda", "DEEP_ARCHIVE"),
    },
}
SWITCHED_OFF: Final = frozenset(
    ["disabled", "disable", "off", "none", "null", "never", "no", "false", "forever", "keep"]
)
"""What is written for an age that never comes."""


def same_value(title: str, written: str) -> str | None:
    """The value of ours that says the same."""
    return _SAME.get(title, {}).get(plain(written))


def nearest_value(title: str, written: str) -> WriteValue | None:
    """The value of ours that comes nearest to one that S3 lacks."""
    if title != "storage class" or (near := NEAREST_CLASSES.get(plain(written))) is None:
        return None
    return WriteValue(near, remark="the nearest that S3 has")
