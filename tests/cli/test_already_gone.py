"""What an undo does not bring back is counted where the inventory of the change is still there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from firnline.cli.already_gone import told_of
from firnline.inventory.savings.entry import Change, Entry
from firnline.s3.model import RuleSet
from firnline.s3.read_shape import read_configuration
from firnline.s3.terms import Versioning
from tests.cli.test_realised import ALL, AT, BEGIN, DAY, RULE, THEN
from tests.inventory.facts.written import write

CHANGE = Change("lab", "012345670123", "us-east-1", Versioning.OFF, AT, RuleSet(()), RuleSet(()))
TAGGED = {**RULE, "Filter": {"And": {"Prefix": "tmp/", "Tags": [{"Key": "a", "Value": "b"}]}}}
BY_AGE = (
    "S3 has run 30 times since, from 2026-11-29 to 2026-12-28:",
    "objects in tmp/, 60d old or older: deleted for good",
    "objects in tmp/, 30d old or older: moved into GLACIER_IR, and no rule moves them back",
)


def told(path: Path, rule: dict[str, Any] = RULE) -> tuple[str, ...]:
    change = replace(CHANGE, after=read_configuration({"Rules": [rule]}))
    entry = Entry(change, str(path), AT - timedelta(hours=1), missing="no prices")
    return told_of(entry, BEGIN + 29 * DAY + timedelta(hours=3))


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    return Path(write(tmp_path, THEN, ALL, made=AT - timedelta(hours=1), parts=1))


def test_objects_and_bytes_are_counted(manifest: Path) -> None:
    assert told(manifest) == (
        "S3 has run 30 times since, from 2026-11-29 to 2026-12-28; of what was listed on"
        " 2026-11-28:",
        "1 object (1GiB): deleted for good, by `tmp`",
        "1 object (1GiB): moved into GLACIER_IR, and no rule moves them back, by `tmp`",
    )


def test_without_the_inventory_it_is_told_by_age(tmp_path: Path) -> None:
    assert told(tmp_path / "manifest.json") == BY_AGE


def test_an_inventory_without_tags_counts_nothing_where_rules_filter_by_them(
    manifest: Path,
) -> None:
    first, *_ = told(manifest, TAGGED)
    assert first == BY_AGE[0]


def test_a_later_inventory_in_its_place_counts_nothing(tmp_path: Path) -> None:
    later = Path(write(tmp_path, THEN, ALL, made=AT + DAY, parts=1))
    assert told(later) == BY_AGE
