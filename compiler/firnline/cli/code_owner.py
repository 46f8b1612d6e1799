"""Who reviews the approvals of a project that `firnline init` begins, and which lines say so?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum, auto
from typing import Final

from firnline.cli.place import Place, comment_workflow, workflow
from firnline.language.code_owners import owners_of
from firnline.language.project import Project, with_settings
from firnline.settings import PYPROJECT, PYPROJECT_TABLE, SETTINGS
from firnline.workspace import CODE_OWNERS

CODE_OWNERS_FILE: Final = "CODEOWNERS"
"""At the top, where both GitHub and GitLab read it."""
NO_OWNER: Final = "@OWNER"
SELF: Final = 'approvals = "self"'
_SELF: Final = """\
# Approvals count though nobody else reviews them, and every output says so. To change that, name an
# owner of approvals.yaml in CODEOWNERS, and take this line out.
approvals = "self\""""
_IN_CODE_OWNERS: Final = "# Who reviews approvals.yaml stands in CODEOWNERS."


class Reviewer(Enum):
    """Of the approvals: the owner in a CODEOWNERS that is written, in one that is there, only
    whoever writes them, or nobody yet.
    """

    NEW_OWNER = auto()
    OWNER = auto()
    SELF = auto()
    NOBODY = auto()


def short_name(owner: str) -> str:
    """As policies name it: a team without its organisation."""
    return owner.rpartition("/")[2].lstrip("@")


def approvals_file(place: Place) -> str:
    return f"{place.policies}/approvals.yaml"


def reviewer(place: Place, owner: str | None, existing: Mapping[str, str | None]) -> Reviewer:
    """`owner` is the one that a new CODEOWNERS names. Raises `BadSettings`."""
    if (there := code_owners_there(place, existing)) is not None:
        path = place.from_top(approvals_file(place))
        return Reviewer.OWNER if owners_of(existing[there] or "", path) else Reviewer.NOBODY
    if owner is not None:
        return Reviewer.NEW_OWNER
    path = settings_file(existing)
    if path not in existing:
        return Reviewer.SELF
    below = PYPROJECT_TABLE if path == PYPROJECT else ()
    project = with_settings(Project(), existing[path] or "", path, below=below)
    return Reviewer.SELF if project.review.self_approved else Reviewer.NOBODY


def code_owners_there(place: Place, existing: Mapping[str, str | None]) -> str | None:
    """The first CODEOWNERS that is there."""
    return next((each for each in map(place.at_top, CODE_OWNERS) if each in existing), None)


def settings_file(existing: Mapping[str, str | None]) -> str:
    is_in_pyproject = PYPROJECT in existing and SETTINGS not in existing
    return PYPROJECT if is_in_pyproject else SETTINGS


def review_settings(who: Reviewer) -> str:
    """Lines of the table `[review]`."""
    return _SELF if who is Reviewer.SELF else _IN_CODE_OWNERS


def lines_to_add(place: Place, owner: str | None, existing: Mapping[str, str | None]) -> str:
    """Of CODEOWNERS: for each file that needs an owner and has none yet. Without an `owner` it is
    who owns the approvals.
    """
    there = code_owners_there(place, existing)
    text = (there and existing[there]) or ""
    owner = owner or " ".join(owners_of(text, place.from_top(approvals_file(place))))
    needed = [each for each in _needing_owner(place, existing) if not owners_of(text, each)]
    return "\n".join(f"/{_pattern(each)} {owner or NO_OWNER}" for each in needed)


def _needing_owner(place: Place, existing: Mapping[str, str | None]) -> Iterable[str]:
    """What decides whether a change needs an approval; seen from the top."""
    yield place.from_top(approvals_file(place))
    yield place.from_top(settings_file(existing))
    there = code_owners_there(place, existing)
    yield place.from_top(there) if there else CODE_OWNERS_FILE
    yield workflow(place)
    yield comment_workflow(place)


def _pattern(path: str) -> str:
    """Spaces and what else means something in a pattern match as any character."""
    return re.sub(r"[^\w./@+,&=~-]", "?", path)
