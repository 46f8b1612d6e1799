"""The cases that every tool is run on: those of our tests, complete."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any, Final, Literal

from botocore.utils import parse_timestamp

from sandbox.paths import CHECKOUT
from tests.lint.marked import unmarked
from tests.lint.test_peers import CASES

VALIDATION = CHECKOUT / "tests/conformance/validation.json"

_TOPICS: Final = {
    "1.1": "the configuration as a whole, header",
    "1.2": "ID, status, members of a rule",
    "1.3": "filters",
    "1.4": "expiration",
    "1.5": "incomplete multipart uploads",
    "1.6": "transitions",
    "1.7": "noncurrent versions",
    "1.8": "rules together",
    "1.9": "kinds of bucket",
    "1.10": "shapes that the SDK refuses",
    "1.11": "several mistakes at once",
    "1.13": "what was not accepted in earlier years",
}
_OTHER: Final = "other"

# What S3 does: it refuses, it accepts and that hurts, or it accepts.
Expected = Literal["reject", "hurt", "accept"]


@dataclass(frozen=True, slots=True)
class Case:
    """`config` in boto3's shape, or what is malformed in its place."""

    id: str
    expected: Expected
    config: Any
    bucket: Mapping[str, str] = field(default_factory=dict)
    partition: str = "aws"
    as_of: str | None = None
    header: Mapping[str, str] = field(default_factory=dict)
    topic: str = ""

    @property
    def directory(self) -> bool:
        return self.bucket.get("type") == "directory"

    @property
    def versioning(self) -> str | None:
        """None where the case does not say."""
        return self.bucket.get("versioning")


def curated() -> tuple[Case, ...]:
    """R01 to R28 and H01 to H08; of those that are there in several circumstances, the first."""
    cases: dict[str, Case] = {}
    for name, case in CASES.items():
        said = case.said
        bucket = {"versioning": said.versioning.value} if said.versioning else {}
        expected: Expected = "reject" if name.startswith("R") else "hurt"
        config = json.loads(unmarked(case.text))
        cases.setdefault(
            name.split()[0], Case(name, expected, config, bucket, partition=said.partition)
        )
    return tuple(cases.values())


def conformance() -> tuple[Case, ...]:
    """All of validation.json."""
    return tuple(
        Case(
            each["id"],
            each["aws_verdict"],
            each["config"],
            each.get("bucket", {}),
            each.get("partition", "aws"),
            each.get("as_of"),
            each.get("header", {}),
            topic_of(each["origin"]),
        )
        for each in json.loads(VALIDATION.read_text(encoding="utf-8"))
    )


def topic_of(origin: str) -> str:
    """What a case is about, by the first section of the law's document that it names."""
    section = re.search(r"law\.md (\d+\.\d+)", origin)
    return _TOPICS.get(section[1], _OTHER) if section else _OTHER


def in_iso(config: Any) -> Any:
    """The same with every date that boto3 reads in the one spelling that all tools read.

    Which other spellings are taken is boto3's affair, as seconds since 1970, and not S3's.
    """
    if isinstance(config, list):
        return [in_iso(each) for each in config]
    if isinstance(config, dict):
        return {
            name: _iso(value) if name == "Date" else in_iso(value) for name, value in config.items()
        }
    return config


def _iso(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return value
    if isinstance(value, str) and value.isdigit():
        return value  # a day without dashes, to people
    try:
        moment = parse_timestamp(str(value))
    except (ValueError, RuntimeError):
        return value
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    precision = "milliseconds" if moment.microsecond else "seconds"
    return moment.isoformat(timespec=precision).replace("+00:00", "Z")
