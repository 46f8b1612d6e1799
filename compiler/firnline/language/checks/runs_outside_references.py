"""Is the registry of a `runs` entry one that the policy reads?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise
from firnline.language.check import Check, Subject
from firnline.language.model import Policy

_RUNS = "runs: {churn: {from: mlflow, experiments: churn-*, keep_younger_than: 90d}}\n"

RUNS_OUTSIDE_REFERENCES = Kind(
    code="FL612",
    name="runs-outside-references",
    severity=Severity.ERROR,
    title="runs are judged from a registry that `references` does not name",
    why=(
        "What a run no longer needs may still be pinned. That is known only where all registries"
        " that may point into the buckets are named in `references`, the one with the runs too."
    ),
    help="add the registry to `from` of `references`",
    wrong="references: {from: table, grace: 14d}\n" + _RUNS,
    right="references: {from: [table, mlflow], grace: 14d}\n" + _RUNS,
)


def check(policy: Policy) -> Iterator[Diagnostic]:
    references = policy.references
    named = [each.value for each in references.registries] if references else []
    for retention in policy.run_retentions:
        registry = retention.registry
        if registry.value and registry.value not in named:
            if references is None:
                remedy = Advise(f"add `references: {{from: {registry.value}, grace: 14d}}`")
                message = f"`{policy.name.value}` has no `references`"
                yield RUNS_OUTSIDE_REFERENCES.at(registry.span, message, remedy=remedy)
            else:
                yield RUNS_OUTSIDE_REFERENCES.at(
                    registry.span,
                    f"`references` does not name `{registry.value}`",
                    also=[(references.span, f"it names {', '.join(named)}")],
                )


CHECK = Check(Subject.POLICY, check, (RUNS_OUTSIDE_REFERENCES,))
