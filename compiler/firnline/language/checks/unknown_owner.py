"""Is the owner of a policy somebody, and in CODEOWNERS?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise
from firnline.language.check import Check, Needs, Subject
from firnline.language.misspelt import misspelt
from firnline.language.model import Policy
from firnline.language.nearest import did_you_mean
from firnline.language.project import Project
from firnline.language.rewrite import rewrite

UNKNOWN_OWNER = Kind(
    code="FL602",
    name="unknown-owner",
    severity=Severity.WARNING,
    title="the owner of a policy is not in CODEOWNERS",
    is_spelling=True,
    why=(
        "The people responsible for deletions must review a change, and the repository requests"
        " reviews from those in CODEOWNERS. Without such a file, any owner is accepted."
    ),
    help="write the owner as CODEOWNERS does, with or without `@` and organisation",
    wrong={"CODEOWNERS": "/policies/ @acme/ml-platform\n", "policy.yaml": "owner: ml-plattform"},
    right={"CODEOWNERS": "/policies/ @acme/ml-platform\n", "policy.yaml": "owner: ml-platform"},
)
PLACEHOLDER: Final = "CHANGE-ME"
"""Written as the owner where nobody said who it is."""
PLACEHOLDER_OWNER = Kind(
    code="FL614",
    name="placeholder-owner",
    severity=Severity.WARNING,
    title="the owner of a policy is a placeholder",
    why=(
        "The owner answers for what is deleted: reports, schedules and requests for an approval"
        " name the owner. With a placeholder they name nobody."
    ),
    help="write the team or person that answers for what is deleted",
    wrong={"policy.yaml": f"owner: {PLACEHOLDER}"},
    right={"policy.yaml": "owner: ml-platform"},
)
_LISTED = 8
_PLACEHOLDERS: Final = {"changeme", "fixme", "tbd", "todo"}


def check(policy: Policy, project: Project) -> Iterator[Diagnostic]:
    owner, known = policy.owner, _short(project.code_owners or ())
    more = ", …" if len(known) > _LISTED else ""
    named = f"CODEOWNERS names {', '.join(known[:_LISTED])}{more}"
    if _folded(owner.value) in _spellings(project):
        return
    if re.sub(r"[\W_]+", "", owner.value.lower()) in _PLACEHOLDERS:
        yield PLACEHOLDER_OWNER.at(
            owner.span,
            f"`{owner.value}` names nobody",
            remedy=Advise(f"{PLACEHOLDER_OWNER.help}: {named}") if known else None,
        )
        return
    if not known or not owner.value:
        return
    meant = misspelt(owner.value, known)
    yield UNKNOWN_OWNER.at(
        owner.span,
        f"`{owner.value}` is not listed there",
        remedy=did_you_mean(owner.value, known) or Advise(named),
        # Not safe: it may be a team that is yet to be added to CODEOWNERS.
        fix=rewrite(owner.span, owner.value, meant, safe=False) if meant else None,
    )


CHECK = Check(Subject.POLICY, check, (UNKNOWN_OWNER, PLACEHOLDER_OWNER), needs=(Needs.PROJECT,))


def _spellings(project: Project) -> set[str]:
    whole = [_folded(owner) for owner in project.code_owners or ()]
    return {*whole, *(owner.lower() for owner in _short(whole))}


def _short(owners: Iterable[str]) -> list[str]:
    """Teams without their organisation."""
    names = (owner.rpartition("/")[2].removeprefix("@") for owner in owners)
    return list(dict.fromkeys(names))


def _folded(owner: str) -> str:
    """As GitHub compares names of users and teams."""
    return owner.strip().removeprefix("@").lower()
