"""The outcomes of expectations, as JUnit XML: a test case for each age of each case."""

from __future__ import annotations

from firnline.diagnostics.junit_xml import TestCase, to_junit
from firnline.diagnostics.text import draw
from firnline.diagnostics.visible import visible
from firnline.rules.expected import Outcome
from firnline.targets.expected import Answered


def to_junit_xml(tested: Answered) -> str:
    return to_junit("firnline test", [_case(each) for each in tested.outcomes])


def _case(outcome: Outcome) -> TestCase:
    suite = visible(outcome.case.span.path)
    name = visible(f"{outcome.case.name.value}: {outcome.expected}")
    if outcome.failure is None:
        return TestCase(suite, name)
    kind = outcome.failure.kind
    message = visible(f"{kind.title}: {outcome.failure.message}")
    return TestCase(suite, name, (message, kind.code, draw(outcome.failure)))
