"""A rule between whose size bounds no size lies: that it does nothing is all there is to say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from firnline.lint import Circumstances
from firnline.s3.terms import Versioning
from tests.lint.marked import found_in

ACTIONS: dict[str, dict[str, Any]] = {
    "leaves no delete markers": {"NoncurrentVersionExpiration": {"NoncurrentDays": 1}},
    "expires no new objects": {"Expiration": {"Date": "2024-01-01T00:00:00Z"}},
    "frees no bytes": {"Expiration": {"Days": 30}},
    "shortens no stay": {
        "Transitions": [{"Days": 1, "StorageClass": "GLACIER"}],
        "Expiration": {"Days": 30},
    },
}


@pytest.mark.parametrize("actions", ACTIONS.values(), ids=ACTIONS)
def test_a_rule_that_matches_nothing_is_only_idle(actions: dict[str, Any]) -> None:
    between = {"ObjectSizeGreaterThan": 10, "ObjectSizeLessThan": 11}
    rule = {"ID": "none", "Status": "Enabled", "Filter": {"And": between}, **actions}
    for versioning in (None, *Versioning):
        (found,) = found_in(json.dumps({"Rules": [rule]}), Circumstances(versioning=versioning))
        assert found.kind.code == "FL241"
