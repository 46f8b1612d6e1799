"""Where versioning is suspended: new objects have no version ID, and go when they expire."""

from __future__ import annotations

import json
from typing import Any

from firnline.lint import Circumstances
from firnline.s3.terms import Versioning
from tests.lint.marked import found_in

COLD: dict[str, Any] = {
    "ID": "logs",
    "Status": "Enabled",
    "Filter": {"Prefix": "logs/"},
    "Transitions": [{"Days": 10, "StorageClass": "GLACIER"}],
    "Expiration": {"Days": 30},
}


def short_stays(old_days: int, versioning: Versioning) -> set[str]:
    rule = {**COLD, "NoncurrentVersionExpiration": {"NoncurrentDays": old_days}}
    text = json.dumps({"Rules": [rule]}, indent=1)
    found = found_in(text, Circumstances(versioning=versioning))
    return {each.message for each in found if each.kind.code == "FL502"}


def test_what_has_no_version_id_leaves_its_class_when_it_expires() -> None:
    stays = "20 days in GLACIER, and 90 are billed"
    assert short_stays(80, Versioning.SUSPENDED) == {stays}
    assert short_stays(80, Versioning.OFF) == {stays}
    assert short_stays(80, Versioning.ENABLED) == set()


def test_what_has_a_version_id_leaves_it_as_an_old_version() -> None:
    later = "50 days in GLACIER, and 90 are billed"
    assert later in short_stays(30, Versioning.SUSPENDED)
    assert short_stays(30, Versioning.ENABLED) == {later}
