"""Which policies say what is kept in a bucket, and do their registries take part in an audit?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from firnline.cli.failed import CommandFailed
from firnline.cli.gc_references import SavedReferences
from firnline.cli.program_of import of_project, program_in, program_of
from firnline.cli.streams import say_diagnostics
from firnline.diagnostics.kinds import has_errors
from firnline.diagnostics.visible import visible
from firnline.language.model import Policy
from firnline.reach.doomed.trusted import max_age_of
from firnline.reach.mark.classes import Ages
from firnline.rules.program import Program


def policies_for(bucket: str, policies: str | None, colour: str) -> Program | None:
    """Of the folder that is named, which must cover the bucket; else of the project, if they do.
    Raises `CommandFailed` where they have errors: what they keep is not known then.
    """
    if policies is not None:
        return program_of(bucket, policies, colour)
    compilation, folder = of_project()
    if compilation is not None and compilation.failed:
        shown = [each for each in compilation.diagnostics if has_errors([each])]
        say_diagnostics(shown, colour, [folder])
        raise CommandFailed(
            "no verdict: the policies have errors, so what they keep is not known", 1
        )
    return program_in(compilation, bucket)


def ages_of(program: Program | None) -> Ages:
    """The longest that any of the policies says."""
    said = [each.references for each in program.policies if each.references] if program else []
    least = [timedelta(days=each.min_age.value) for each in said if each.min_age]
    quiet = [timedelta(days=each.quiet.value) for each in said if each.quiet]
    usual = Ages()
    return Ages(max(least, default=usual.least), max(quiet, default=usual.quiet))


def refuse_unfit(program: Program | None, references: SavedReferences, at: datetime) -> None:
    """References by which a policy lets nothing be concluded: they are older than the least that
    any allows, or lack a registry that one leaves objects to. Raises `CommandFailed`.
    """
    said = [each for each in program.policies if each.references] if program else []
    for policy in said:
        _refuse_without_registries(policy, {each.name for each in references.registries})
    limit = max_age_of(said)
    if limit is not None and at - references.made > timedelta(days=limit.value):
        raise CommandFailed(
            f"no verdict: the registries were read on {references.made:%Y-%m-%d}, and by `max_age`"
            f" that may be {limit.value} ago at most: read them again with"
            " `firnline gc refs --out FILE`",
            1,
        )


def _refuse_without_registries(policy: Policy, read: Collection[str]) -> None:
    named = [each.value for each in policy.references.registries] if policy.references else []
    if unread := [each for each in named if each not in read]:
        raise CommandFailed(
            f"no verdict: policy `{visible(policy.name.value)}` names"
            f" {', '.join(f'registry `{visible(each)}`' for each in unread)}, which the"
            " references lack: write them again with `firnline gc refs --out FILE`",
            1,
        )
