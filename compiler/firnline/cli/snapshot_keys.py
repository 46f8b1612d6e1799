"""A snapshot that was read to be compared, and the keys of the buckets in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from firnline.cli.failed import CommandFailed
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.remedy_words import in_words
from firnline.diagnostics.visible import visible
from firnline.language.approvals import ApprovalsFile
from firnline.language.nearest import did_you_mean
from firnline.pipeline import Compilation
from firnline.rules.diff.items import ANYWHERE, UNNAMED, Snapshot

_LISTED = 5


@dataclass(frozen=True, slots=True)
class ReadSnapshot:
    """The wanted part of a snapshot; where `diagnostics` have errors, it is empty. Of a bucket that
    is `NOT_KNOWN` in it, a warning says why. `resources`: by key, how a lifecycle file calls each
    of its configurations, the others too. `warnings` are what `firnline check` says of policies,
    and `compilation` is the whole of them. `had_no_policies`: it is of a revision without any.
    """

    snapshot: Snapshot
    diagnostics: tuple[Diagnostic, ...] = ()
    resources: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[Diagnostic, ...] = ()
    compilation: Compilation | None = None
    had_no_policies: bool = False

    @property
    def says_all(self) -> bool:
        """Whether a bucket that is not in it has no rules: not known of a lifecycle file, or of
        what is live.
        """
        return self.had_no_policies or self.compilation is not None

    @property
    def approvals(self) -> tuple[ApprovalsFile, ...]:
        """Those that stand beside the policies."""
        return self.compilation.folder.approvals if self.compilation else ()

    def names_bucket(self, key: str) -> bool:
        """Otherwise the key has the name of a resource, or none, instead of a bucket's."""
        return key not in (UNNAMED, f"{ANYWHERE}{self.resources.get(key)}")


def is_wanted(key: str, only: Sequence[str], resource: str = "") -> bool:
    """Whether a bucket is among those wanted: by its name, its whole key, or its resource."""
    name = name_of(key)
    return (
        not only
        or any(each in only for each in (key, name, resource) if each)
        or (is_anywhere(key) and name in map(name_of, only))
    )


def is_anywhere(key: str) -> bool:
    """Whether a key says neither the account nor the region."""
    return key.startswith(ANYWHERE)


def name_of(key: str) -> str:
    """The bucket's name, or that of the resource where it is unknown."""
    return key.split("/", 2)[-1]


def key_of(name: str | None, what: str, keys: Sequence[str]) -> str:
    """Of the bucket that `what` is of. Raises `CommandFailed` where it is none of them, or one of
    several.
    """
    fitting = keys if name is None else [key for key in keys if is_wanted(key, [name])]
    if len(fitting) == 1 or (fitting := [key for key in keys if key == UNNAMED]):
        return fitting[0]
    names = [name_of(key) for key in keys]
    listed = ", ".join(map(visible, names[:_LISTED])) + (", …" if len(names) > _LISTED else "")
    if name is None:
        raise CommandFailed(
            f"{what} does not say which bucket it is of: name that one alone with `--bucket`:"
            f" {listed}"
        )
    near = did_you_mean(name, names)
    hint = in_words((near,)) if near else f"there are rules for {listed}"
    raise CommandFailed(f"{what} is of bucket `{visible(name)}`, which has no rules here: {hint}")
