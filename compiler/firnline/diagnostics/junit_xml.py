"""Test suites as JUnit XML, as Jenkins, GitLab and GitHub read it.

No standard says what it is. What is written here is what the schema of Jenkins' xUnit plugin
(jenkinsci/xunit-plugin, junit-10.xsd) allows: elements and attributes that every reader knows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree

# XML 1.0, production [2] `Char`: nothing else may stand in a document, not even escaped.
_NO_CHARACTER: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class TestCase:
    """`failure`: in one line, its type, and at length; None where it passes. `output`: what there
    is to read all the same.
    """

    suite: str
    name: str
    failure: tuple[str, str, str] | None = None
    output: str | None = None

    __test__ = False  # pytest would take it for a class of tests


def to_junit(name: str, cases: Sequence[TestCase]) -> str:
    """One suite for each file, in the order of the cases."""
    root = ElementTree.Element("testsuites", {"name": name, **_counts(cases)})
    for suite in dict.fromkeys(case.suite for case in cases):
        own = [case for case in cases if case.suite == suite]
        element = ElementTree.SubElement(root, "testsuite", {"name": _text(suite), **_counts(own)})
        for case in own:
            _add(element, case)
    ElementTree.indent(root)
    return ElementTree.tostring(root, "unicode", xml_declaration=True) + "\n"


def _add(suite: ElementTree.Element, case: TestCase) -> None:
    element = ElementTree.SubElement(
        suite, "testcase", name=_text(case.name), classname=_text(case.suite), time="0"
    )
    if case.failure is not None:
        message, kind, details = map(_text, case.failure)
        failure = ElementTree.SubElement(element, "failure", message=message, type=kind)
        failure.text = details
    if case.output is not None:
        ElementTree.SubElement(element, "system-out").text = _text(case.output)


def _counts(cases: Sequence[TestCase]) -> dict[str, str]:
    failures = sum(case.failure is not None for case in cases)
    return {"tests": str(len(cases)), "failures": str(failures), "errors": "0"}


def _text(text: str) -> str:
    return _NO_CHARACTER.sub("\ufffd", text)
