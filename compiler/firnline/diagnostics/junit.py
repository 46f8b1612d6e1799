"""Diagnostics as JUnit XML: a test case for each."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from firnline.diagnostics.junit_xml import TestCase, to_junit
from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.diagnostics.position import path_of
from firnline.diagnostics.text import draw
from firnline.diagnostics.visible import visible


def to_junit_xml(found: Sequence[Diagnostic], *, failing: Collection[Severity]) -> str:
    """A case of a severity in `failing` fails, and any other passes with what was found as its
    output. Where nothing is wrong, one case says so: some readers take a report without cases for a
    failed run.
    """
    cases = [_case(each, each.severity in failing) for each in found] or [
        TestCase("firnline", "nothing wrong")
    ]
    return to_junit("firnline check", cases)


def _case(diagnostic: Diagnostic, fails: bool) -> TestCase:
    level, code = diagnostic.severity.value, diagnostic.kind.code
    about = f" in {diagnostic.resource}" if diagnostic.resource else ""
    name = visible(f"{code} {diagnostic.kind.name} at {diagnostic.place}{about}")
    suite = visible(path_of(diagnostic.place) or str(diagnostic.place))
    if not fails:
        return TestCase(suite, name, output=draw(diagnostic))
    message = visible(f"{level}[{code}]: {diagnostic.kind.title}: {diagnostic.message}")
    return TestCase(suite, name, (message, code, draw(diagnostic)))
