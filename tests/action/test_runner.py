"""Does the harness do with expressions and files what GitHub says that its runner does?"""

from __future__ import annotations

from typing import Any

import pytest

from tests.action.expressions import NotAnExpression, evaluated, filled_in, holds
from tests.action.runner import BadFile, outputs_in

CONTEXTS = {
    "inputs": {"fail-on": "Gate", "empty": "", "yes": "true"},
    "github": {"event": {"pull_request": {"head": {"repo": None}}}},
    "steps": {"skipped": {"outputs": {}, "outcome": "skipped"}},
}


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("inputs.fail-on == 'gate'", True),  # texts without regard to case
        ("inputs.none == ''", True),
        ("steps.skipped.outputs.code != ''", False),
        ("steps.later.outputs.code != ''", False),
        ("github.event.pull_request.head.repo.full_name != 'acme/data'", True),
        ("inputs.yes == true", False),  # a text that is no number is none
        ("inputs.empty || 'other'", "other"),
        ("inputs.yes && 'it''s'", "it's"),
        ("!(inputs.yes == 'true') || 1 == '1'", True),
        ("'a' == 'b' && 'c' || 'd'", "d"),
        ("null == 0", True),
    ],
)
def test_what_expressions_come_to(words: str, value: Any) -> None:
    assert evaluated(words, CONTEXTS, {}) == value


@pytest.mark.parametrize(
    "words", ["secrets.token", "inputs.a ==", "a b", "hashFiles('x')", "1 < 2"]
)
def test_what_we_do_not_write_is_refused(words: str) -> None:
    with pytest.raises(NotAnExpression):
        evaluated(words, CONTEXTS, {})


def test_a_value_has_texts_in_the_place_of_expressions() -> None:
    assert (
        filled_in("a/${{ inputs.yes }}/${{ inputs.none }}/${{ 1 == 1 }}", CONTEXTS)
        == "a/true//true"
    )


@pytest.mark.parametrize("succeeded", [True, False])
def test_a_condition_needs_success_unless_it_says_otherwise(succeeded: bool) -> None:
    functions = {
        "success": lambda: succeeded,
        "failure": lambda: not succeeded,
        "always": lambda: True,
        "cancelled": lambda: False,
    }
    assert holds("inputs.yes == 'true'", CONTEXTS, functions) is succeeded
    assert holds("${{ failure() }}", CONTEXTS, functions) is not succeeded
    assert holds("!cancelled() && inputs.yes", CONTEXTS, functions)
    assert not holds("always() && inputs.empty", CONTEXTS, functions)


def test_outputs_are_read_as_the_runner_reads_them() -> None:
    text = "a=1\nb=x=y\n\nc<<END\none\ntwo\nEND\na=2\nd=e<<f\n"
    assert outputs_in(text) == {"a": "2", "b": "x=y", "c": "one\ntwo", "d": "e<<f"}
    for bad in ("no sign", "a<<END\nnever ends"):
        with pytest.raises(BadFile):
            outputs_in(bad)
