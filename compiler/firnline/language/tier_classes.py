"""Which storage class is behind a tier where the policy names none?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from firnline.s3.terms import StorageClass

DEFAULT_CLASSES: Final[Mapping[str, StorageClass]] = {
    "warm": StorageClass("STANDARD_IA"),
    "cold": StorageClass("GLACIER_IR"),
    "archive": StorageClass("DEEP_ARCHIVE"),
}
"""By tier, the warmest first."""
