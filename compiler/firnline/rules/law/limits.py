"""How many, how long, how large: the numbers that S3 enforces, each with its source."""

from __future__ import annotations

from typing import Final

# O: seen on S3 (radkawar/stackd, lifecycle_control_replay.json of 2026-09-21). D: documented.
MOST_RULES: Final = 1_000  # O: 1,000 accepted, 1,001 MalformedXML
LONGEST_ID: Final = 255  # O: InvalidArgument "ID length should not exceed allowed limit of 255"
LONGEST_PREFIX: Final = 1_024  # O: InvalidRequest "The maximum size of a prefix is 1024"
LARGEST_SIZE_BOUND: Final = 1_099_511_627_776_000  # O: bytes, 1,000 TiB; documented is 50 TB
LONGEST_TAG_KEY: Final = 128  # O: UTF-16 code units: 64 astral characters pass, 65 fail
LONGEST_TAG_VALUE: Final = 256  # O: UTF-16 code units
MOST_DAYS: Final = 2_147_483_647  # O: accepted; one more is MalformedXML
MOST_NEWER_VERSIONS: Final = 100  # D, and not enforced: O 101 (2026-09-21), 500 (CloudFormation)
SMALL_OBJECT: Final = 131_072  # D: bytes; smaller objects do not move by default
