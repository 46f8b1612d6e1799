"""Which commit is a change compared with, where nobody names one?"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from firnline.diagnostics.visible import visible
from firnline.language.review_settings import is_branch_name
from firnline.revision.commit import Reference, commit_of, resolved
from firnline.revision.full_history import full_history
from firnline.revision.git import Git, in_repository
from firnline.revision.no_base import NoBaseCommit
from firnline.revision.project_at import settings_at
from firnline.rules.diff.base_commit import BaseCommit, FoundBy
from firnline.settings import Settings, policies_folder, settings_in

# The branch that a pull request or merge request is merged into.
TARGETS: Final = (
    "GITHUB_BASE_REF",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
    "BITBUCKET_PR_DESTINATION_BRANCH",
)
_REMOTES: Final = "refs/remotes/"
_LOCAL: Final = "refs/heads/"
_ORIGIN_HEAD: Final = "origin/HEAD"
_NAME_IT: Final = (
    'name the branch that changes are merged into, by `base = "origin/…"` in the table'
    " `[review]` of firnline.toml, or the commit: `firnline diff git:REV`"
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """References of which the first that is there is meant."""

    branch: str
    references: tuple[str, ...]
    found_by: FoundBy
    named_by: str


def project_base(environment: Mapping[str, str] = os.environ) -> BaseCommit:
    """Of the project here or above. Raises `NoBaseCommit`, `BadSettings`."""
    stated_in = policies_folder().settings
    if stated_in is None:
        return base_commit(None, environment)
    return base_commit(settings_in(os.path.dirname(stated_in) or os.curdir), environment)


def base_commit(settings: Settings | None, environment: Mapping[str, str]) -> BaseCommit:
    """Where HEAD left the branch that the settings of the project name; else the one that a CI
    system says a pull request is merged into; else the default branch of `origin`; else one of the
    usual name. Raises `NoBaseCommit`, `BadSettings`.
    """
    git = Git("git:HEAD")
    head = commit_of(git, "HEAD", environment)
    target = _target(environment)
    if settings is not None and settings.project.review.base is not None:
        setting = _setting(settings, settings.project.review.base)
        if target is None or _is_same(setting, target):
            return _from(setting, head, environment)
        into = _from(target, head, environment)
        if _has_setting(into, settings):
            return _from(setting, head, environment)
        return into
    if target is not None:
        return _from(target, head, environment)
    return _from_default(head, environment)


def base_of_pull_request(
    folders: Iterable[str], environment: Mapping[str, str]
) -> BaseCommit | None:
    """Where HEAD left the branch that a pull request is merged into, if the settings of that branch
    name one, the nearest of these folders first: one that takes the setting away is compared all
    the same. None where nothing is known of that branch. Raises `NoBaseCommit`, `BadSettings`.
    """
    target = _target(environment)
    if target is None or not in_repository():
        return None
    git = Git(f"git:{visible(target.branch)}")
    if not git.reads():
        return None  # nor could it compare anything with the setting
    found = resolved(git, target.references)
    for reference in found.values():
        there = (settings_at(git, reference.commit, folder) for folder in folders)
        nearest = next((each for each in there if each is not None), None)
        if nearest is not None and nearest.project.review.base is not None:
            return _from(target, commit_of(git, "HEAD", environment), environment)
    return None


def _target(environment: Mapping[str, str]) -> _Candidate | None:
    """Raises `NoBaseCommit`."""
    for variable in TARGETS:
        name = environment.get(variable, "")
        if name and not is_branch_name(name):
            raise NoBaseCommit(
                "git:origin",
                f"{variable} is no name of a branch: `{visible(name)}`",
                f"set {variable} to the branch that is merged into, or to nothing",
            )
        if name:
            reference = f"{_REMOTES}origin/{name}"
            return _Candidate(f"origin/{name}", (reference,), FoundBy.PULL_REQUEST, variable)
    return None


def _setting(settings: Settings, base: str) -> _Candidate:
    """A branch of a remote comes before whatever else has that name."""
    references = tuple(f"{above}{base}" for above in (_REMOTES, _LOCAL, "refs/tags/", ""))
    named_by = f"`base` of {settings.path}"
    return _Candidate(base, references, FoundBy.SETTING, named_by)


def _is_same(one: _Candidate, other: _Candidate) -> bool:
    return not set(one.references).isdisjoint(other.references)


def _has_setting(into: BaseCommit, settings: Settings) -> bool:
    """Whether the setting is one of the branch itself: a pull request that brings its own does not
    choose what it is compared with.
    """
    folder = os.path.dirname(settings.path) or os.curdir
    before = settings_at(Git(f"git:{into.short}"), into.commit, folder)
    return before is not None and before.project.review.base == settings.project.review.base


def _from(candidate: _Candidate, head: str, environment: Mapping[str, str]) -> BaseCommit:
    """Raises `NoBaseCommit`."""
    git = Git(f"git:{visible(candidate.branch)}")
    found = resolved(git, candidate.references)
    for name in candidate.references:
        if name in found:
            return _left(git, candidate, found[name], head, environment)
    # A commit by its name; or what explains that there is none.
    commit = commit_of(git, candidate.branch, environment)
    return _left(git, candidate, Reference(commit), head, environment)


def _from_default(head: str, environment: Mapping[str, str]) -> BaseCommit:
    """Raises `NoBaseCommit`."""
    candidates = list(_usual())
    git = Git(f"git:{_ORIGIN_HEAD}")
    found = resolved(git, (each.references[0] for each in candidates))
    for candidate in candidates:
        if reference := found.get(candidate.references[0]):
            return _left(Git(f"git:{candidate.branch}"), candidate, reference, head, environment)
    names = ", ".join(each.branch for each in candidates)
    raise git.missing(
        f"nothing says which branch changes are merged into: there is no {names}",
        full_history(environment, None) if git.is_shallow() else _NAME_IT,
    )


def _usual() -> Iterable[_Candidate]:
    yield _Candidate(
        _ORIGIN_HEAD, (f"{_REMOTES}{_ORIGIN_HEAD}",), FoundBy.REMOTE_HEAD, _ORIGIN_HEAD
    )
    for above, names in (
        (_REMOTES, ("origin/main", "origin/master")),
        (_LOCAL, ("main", "master")),
    ):
        for name in names:
            yield _Candidate(name, (f"{above}{name}",), FoundBy.USUAL_NAME, name)


def _left(
    git: Git,
    candidate: _Candidate,
    reference: Reference,
    head: str,
    environment: Mapping[str, str],
) -> BaseCommit:
    """Where HEAD left it. Raises `NoBaseCommit`."""
    branch = reference.target.removeprefix(_REMOTES) or candidate.branch
    said = git.ask("merge-base", reference.commit, head)
    commit = said.printed.decode().strip()
    if said.code not in (0, 1):
        raise git.failed(said)
    is_newest = commit in (reference.commit, head)
    if commit and (is_newest or not git.is_cut_between(reference.commit, head)):
        return BaseCommit(
            commit, branch, candidate.found_by, candidate.named_by, is_head=commit == head
        )
    shown = visible(branch)
    if commit or git.is_shallow():
        of_origin = branch.removeprefix("origin/") if branch.startswith("origin/") else None
        raise git.missing(
            f"where HEAD left {shown} is not in this clone, which is shallow: it has only the"
            " newest commits",
            full_history(environment, of_origin),
        )
    raise git.missing(
        f"HEAD and {shown} have no commit in common",
        f"name the commit to compare with: `firnline diff git:{shown}`",
    )
