"""May a verdict rest on a references file: is it new enough, and was every registry read whole?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import whole_file
from firnline.diagnostics.visible import visible
from firnline.language.model import Policy
from firnline.language.said import Said
from firnline.reach.doomed.examples import beside, cut_file, example_file, old_file
from firnline.reach.reference_file import Answered, Head
from firnline.s3.terms import Days

MAX_AGE: Final = Days(7)
"""How old a references file may be where no policy says it."""

_KEPT: Final = "retain: {models: {prefix: models/, delete_after: never}}"

REFERENCES_TOO_OLD = Kind(
    code="FL623",
    name="references-too-old",
    severity=Severity.ERROR,
    title="a references file is too old to rely on",
    why=(
        "What was registered since it was written is not in it, so nothing can be concluded from"
        " what it lacks. It may be 7 days old, or as old as `max_age` of `references` says."
    ),
    help="write it again with `firnline gc refs --out FILE`",
    wrong=beside(_KEPT, old_file()),
    right=beside(_KEPT, example_file()),
)

REFERENCES_INCOMPLETE = Kind(
    code="FL624",
    name="references-incomplete",
    severity=Severity.ERROR,
    title="a registry was not read whole",
    why=(
        "A references file says of each registry whether all that it has was read, by a count that"
        " comes from another call than the listing. Where some may be missing, nothing can be"
        " concluded from what the file lacks."
    ),
    help="mend what is said to be wrong, and write the file again with `firnline gc refs`",
    wrong=beside(_KEPT, cut_file()),
    right=beside(_KEPT, example_file()),
)

REGISTRY_NOT_READ = Kind(
    code="FL625",
    name="registry-not-read",
    severity=Severity.ERROR,
    title="a references file has no answer of a registry that a policy names",
    why="What that registry needs is not known, so nothing can be concluded about it.",
    help="write the file again with `firnline gc refs --out FILE`, which reads all registries",
    wrong=beside(
        f"references: {{from: [prod-mlflow, sagemaker], grace: 14d}}\n{_KEPT}", example_file()
    ),
    right=beside(f"references: {{from: prod-mlflow, grace: 14d}}\n{_KEPT}", example_file()),
)


def distrust(
    head: Head, called: str, policies: Sequence[Policy], today: date
) -> Iterator[Diagnostic]:
    """Why no verdict may rest on it; nothing where one may. `called` is the file."""
    yield from _too_old(head, called, policies, today)
    yield from _incomplete(head, called)
    answered = {each.name for each in head.answered}
    for policy in policies:
        for said in policy.references.registries if policy.references else ():
            if said.value not in answered:
                message = f"{visible(called)} has no answer of `{said.value}`"
                yield REGISTRY_NOT_READ.at(said.span, message)


def max_age_of(policies: Iterable[Policy]) -> Said[Days] | None:
    """How old the references may be: the least that any of the policies says."""
    said = [each.references.max_age for each in policies if each.references]
    return min((each for each in said if each), key=lambda each: each.value, default=None)


def _too_old(
    head: Head, called: str, policies: Sequence[Policy], today: date
) -> Iterator[Diagnostic]:
    limit = max_age_of(policies)
    most = limit.value if limit else MAX_AGE
    made = head.made.date()
    age = Days((today - made).days)
    if age > most:
        yield REFERENCES_TOO_OLD.at(
            whole_file(called),
            f"the registries were read on {made}, {age} ago; it may be {most} old",
            also=[(limit.span, "this says so")] if limit else (),
        )


def _incomplete(head: Head, called: str) -> Iterator[Diagnostic]:
    if not head.answered:
        yield REFERENCES_INCOMPLETE.at(whole_file(called), "no registry was read")
    for each in head.incomplete:
        message = f"`{visible(each.name)}`: {visible(_why(each))}"
        yield REFERENCES_INCOMPLETE.at(whole_file(called), message)


def _why(each: Answered) -> str:
    certificate = each.certificate
    if certificate.problems:
        return "; ".join(certificate.problems)
    if certificate.independent_count is None:
        return f"{certificate.count:,} were read, and nothing else counts how many there are"
    by = f" by {certificate.counted_by}" if certificate.counted_by else ""
    return f"{certificate.count:,} were read, but{by} there are {certificate.independent_count:,}"
