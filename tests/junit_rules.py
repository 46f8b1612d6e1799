"""What may stand in JUnit XML: the rules of jenkinsci/xunit-plugin, junit-10.xsd, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree

# By element: the attributes that it must have, those that it may have, and its children.
RULES: Final[Mapping[str, tuple[set[str], set[str], set[str]]]] = {
    "testsuites": (
        set(),
        {"name", "time", "tests", "failures", "disabled", "errors"},
        {"testsuite"},
    ),
    "testsuite": (
        {"name", "tests"},
        {"failures", "errors", "time", "disabled", "skipped", "timestamp", "hostname", "id"},
        {"properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": (
        {"name", "classname"},
        {"time", "status", "assertions", "group"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "failure": (set(), {"type", "message"}, set()),
    "system-out": (set(), set(), set()),
}


def require_junit(text: str) -> ElementTree.Element:
    """The root of the document, which keeps all rules and counts what it contains."""
    root = ElementTree.fromstring(text.encode())
    assert root.tag == "testsuites"
    for element in root.iter():
        required, optional, children = RULES[element.tag]
        assert required <= set(element.attrib) <= required | optional, element.attrib
        assert {child.tag for child in element} <= children
    for suite in (root, *root):
        cases = list(suite.iter("testcase"))
        failed = [case for case in cases if case.find("failure") is not None]
        assert int(suite.attrib["tests"]) == len(cases)
        assert int(suite.attrib["failures"]) == len(failed)
    return root
