"""A snapshot that was read to be compared, and the keys of the buckets in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from firnline.diagnostics.kinds import Diagnostic
from firnline.language.approvals import ApprovalsFile
from firnline.pipeline import Compilation
from firnline.rules.diff.items import ANYWHERE, UNNAMED, Snapshot


@dataclass(frozen=True, slots=True)
class ReadSnapshot:
    """The wanted part of a snapshot; where `diagnostics` have errors, it is empty. Of a bucket that
    is `NOT_KNOWN` in it, a warning says why. `resources`: by key, how a lifecycle file calls each
    of its configurations, the others too. `warnings` are what `firnline check` says of policies,
    and `compilation` is the whole of them.
    """

    snapshot: Snapshot
    diagnostics: tuple[Diagnostic, ...] = ()
    resources: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[Diagnostic, ...] = ()
    compilation: Compilation | None = None

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
