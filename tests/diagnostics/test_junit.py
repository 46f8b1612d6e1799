"""Diagnostics as JUnit XML."""

from __future__ import annotations

import re

import pytest

from firnline.diagnostics.junit import to_junit_xml
from firnline.diagnostics.junit_xml import TestCase, to_junit
from firnline.diagnostics.kinds import Severity
from firnline.language.checks.tiers_out_of_order import TIERS_OUT_OF_ORDER
from tests.junit_rules import require_junit
from tests.policies import compiled


def test_each_error_is_a_failed_test_in_the_suite_of_its_file() -> None:
    found = compiled(TIERS_OUT_OF_ORDER.wrong).diagnostics
    (suite,) = require_junit(to_junit_xml(found, failing=[Severity.ERROR]))
    (case,) = suite
    assert suite.attrib["name"] == case.attrib["classname"] == "policies/policy.yaml"
    assert case.attrib["name"] == "FL214 tiers-out-of-order at policies/policy.yaml:7:65"
    (failure,) = case
    assert failure.attrib["type"] == "FL214"
    assert failure.attrib["message"].startswith("error[FL214]: a colder tier begins no later")
    assert failure.text is not None
    assert "= help: let `cold` begin after 60d" in failure.text


def test_a_note_passes_and_so_does_a_run_without_findings() -> None:
    noted = compiled(
        {"plan.json": '{"format_version": "1.2", "planned_values": {"root_module": {}}}'}
    )
    for found in (noted.diagnostics, ()):
        root = require_junit(to_junit_xml(found, failing=[Severity.ERROR, Severity.WARNING]))
        assert root.attrib["failures"] == "0"
        assert len(list(root.iter("testcase"))) == 1


@pytest.mark.parametrize(
    "odd", ["\x07", "\x1b[1m", "\ufffe", "\ud800", "<&>\"'", "]]>", "日本", "\t"]
)
def test_signs_that_xml_does_not_allow_are_replaced(odd: str) -> None:
    case = TestCase(f"a{odd}", f"b{odd}", (f"c{odd}", "FL001", f"d{odd}\n"))
    root = require_junit(to_junit("lab", [case]))
    (failure,) = root.iter("failure")
    replaced = re.sub("[\x07\x1b\ufffe\ud800]", "\ufffd", odd)
    assert failure.attrib["message"] == f"c{replaced}"
    assert failure.text == f"d{replaced}\n"
