"""The cases of a file → the outcome of each; their fields show which of the two kinds they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from firnline.s3.conformance.evaluation import judge_evaluation
from firnline.s3.conformance.fields import NotACase
from firnline.s3.conformance.outcome import Outcome
from firnline.s3.conformance.validation import judge_validation


def run_cases(cases: object) -> Iterator[Outcome]:
    """One outcome for each; a case that cannot be read is one that differs.

    `cases` is a list, or a mapping that holds one as `cases`; `NotACase` where it is neither.
    """
    if isinstance(cases, Mapping):
        cases = cases.get("cases")
    if not isinstance(cases, list):
        raise NotACase("is no list of cases")
    for place, case in enumerate(cases, start=1):
        try:
            yield _judge(case)
        except NotACase as problem:
            yield Outcome.unreadable(case, place, str(problem))


def _judge(case: object) -> Outcome:
    if not isinstance(case, Mapping):
        raise NotACase("is no object")
    if "config" in case:
        return judge_validation(case)
    if "rules" in case or "object" in case:
        return judge_evaluation(case)
    raise NotACase(
        "has neither `config`, as validation cases have, nor `rules`, as evaluation cases have"
    )
