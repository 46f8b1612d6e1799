"""Members of a lifecycle file may be called anything; what is wrong is told all the same."""

from __future__ import annotations

import json
from datetime import date

import pytest

from firnline.language.check import Known
from firnline.pipeline import check_files
from tests.places import span_of


@pytest.mark.parametrize("name", ["Ex[pired", "Da]ys", "[", "]", ".", "a.b", "", "Rules[0]", "[0]"])
def test_a_member_of_any_name_is_told_at_a_place(name: str) -> None:
    rule = {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": "a/"}, "Expiration": {name: 1}}
    text = json.dumps({"Rules": [rule]}).encode()
    found = check_files({"rules.json": text}, Known(today=date(2026, 1, 1))).diagnostics
    assert found
    assert all(span_of(each).line == 1 for each in found)
