"""The cases that every tool is asked about: those of our tests, whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any, Literal

from botocore.utils import parse_timestamp

from sandbox.places import CHECKOUT
from tests.rules.by_hand.marked import unmarked
from tests.rules.by_hand.test_peers import CASES

VALIDATION = CHECKOUT / "tests/conformance/validation.json"

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

    @property
    def directory(self) -> bool:
        return self.bucket.get("type") == "directory"

    @property
    def versioning(self) -> str | None:
        """None where the case does not say."""
        return self.bucket.get("versioning")


def by_hand() -> tuple[Case, ...]:
    """R01 to R28 and H01 to H08; of those that are there in several circumstances, the first."""
    cases: dict[str, Case] = {}
    for name, case in CASES.items():
        said = case.said
        bucket = {"versioning": said.versioning} if said.versioning else {}
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
        )
        for each in json.loads(VALIDATION.read_text(encoding="utf-8"))
    )


def in_iso(config: Any) -> Any:
    """The same with every date that boto3 reads in the one spelling that all tools read.

    Which other spellings are taken is boto3's affair, as seconds since 1970, and not S3's.
    """
    if isinstance(config, list):
        return [in_iso(each) for each in config]
    if isinstance(config, dict):
        return {
            name: _iso(value) if name == "Date" else in_iso(value)
            for name, value in config.items()
        }
    return config


def _iso(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return value
    if isinstance(value, str) and value.isdigit():
        return value  # a day without dashes, to people
    try:
        moment = parse_timestamp(value)
    except (ValueError, OverflowError, OSError):
        return value
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    precision = "milliseconds" if moment.microsecond else "seconds"
    return moment.isoformat(timespec=precision).replace("+00:00", "Z")
