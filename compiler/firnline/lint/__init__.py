"""Lifecycle files that people wrote: which files are they, and what is known of their buckets?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from firnline.s3.terms import Partition, Versioning

_POLICY: Final = rb'"firnline"\s*:\s*"[a-z-]+/v'
_STDIN: Final = "<stdin>"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of the bucket, and the day; `versioning` is None where it is unknown."""

    versioning: Versioning | None = None
    partition: Partition = Partition.AWS
    as_of: date | None = None
    today: date | None = None


NOTHING_SAID: Final = Circumstances()


def is_lifecycle_file(path: str, content: object) -> bool:
    """Whether a file is for S3 and not a policy: JSON or XML, by its name or, on stdin, by its
    content. A policy may be written as JSON too, and states that: `"firnline": "policy/v1"`.
    """
    if path.lower().endswith(".xml"):
        return True
    if not isinstance(content, bytes):
        return path.lower().endswith(".json")
    if path.lower().endswith(".json"):
        return not re.search(_POLICY, content)
    if path != _STDIN:
        return False
    text = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    return text.startswith(b"<") or (text.startswith(b"{") and not re.search(_POLICY, content))
