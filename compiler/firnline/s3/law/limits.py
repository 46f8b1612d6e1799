"""How many, how long, how large: the numbers that S3 enforces, each with its source."""

from __future__ import annotations

from typing import Final

from firnline.s3.law.facts import Confidence, Fact

_O, _D = Confidence.OBSERVED, Confidence.DOCUMENTED
_CAPTURES = "radkawar/stackd, lifecycle_control_replay.json (2026-09-21)"

LIMITS: Final[dict[str, Fact[int]]] = {
    "rules": Fact(1_000, _O, f"{_CAPTURES}: 1,001 are MalformedXML"),
    "characters of an ID": Fact(255, _O, f"{_CAPTURES}; ceph/s3-tests"),
    "bytes of a prefix": Fact(1_024, _O, f"{_CAPTURES}; that bytes are counted is inferred"),
    # 1,000 TiB, while the documentation says 5 TB on older pages and 50 TB on newer ones.
    "bytes of a size bound": Fact(1_099_511_627_776_000, _O, _CAPTURES),
    "UTF-16 units of a tag's key": Fact(128, _O, f"{_CAPTURES}: 64 astral characters, not 65"),
    "UTF-16 units of a tag's value": Fact(256, _O, _CAPTURES),
    "tags of an object": Fact(10, _D, "S3 User Guide, object tagging"),
    "days": Fact(2_147_483_647, _O, f"{_CAPTURES}: one more is MalformedXML"),
    # Documented and not enforced: 101 (captures) and 500 (CloudFormation) were accepted.
    "newer versions": Fact(100, _D, "S3 API, NoncurrentVersionExpiration"),
    "bytes from which objects move by default": Fact(131_072, _D, "S3 User Guide, transitions"),
}

MOST_RULES: Final = LIMITS["rules"].value
LONGEST_ID: Final = LIMITS["characters of an ID"].value
LONGEST_PREFIX: Final = LIMITS["bytes of a prefix"].value
LARGEST_SIZE_BOUND: Final = LIMITS["bytes of a size bound"].value
LONGEST_TAG_KEY: Final = LIMITS["UTF-16 units of a tag's key"].value
LONGEST_TAG_VALUE: Final = LIMITS["UTF-16 units of a tag's value"].value
MOST_TAGS: Final = LIMITS["tags of an object"].value
MOST_DAYS: Final = LIMITS["days"].value
MOST_NEWER_VERSIONS: Final = LIMITS["newer versions"].value
SMALL_OBJECT: Final = LIMITS["bytes from which objects move by default"].value
