"""Does Firnline compile a policy, and if not, which of its retentions does it refuse, and why?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.diagnostics.position import Span
from firnline.fleet.imported.model import ImportedPolicy
from firnline.fleet.imported.obstacles import WHOLE, Spot
from firnline.fleet.imported.sayable import Obstacle
from firnline.fleet.imported.text import policy_text
from firnline.pipeline import Compilation, compile_files
from firnline.s3.model import RuleSet
from firnline.s3.scope import Scope
from firnline.s3.terms import Clock

_PATH = "imported.yaml"
_CLOCKS = {
    "old_versions": Clock.NONCURRENT_VERSIONS,
    "delete_markers": Clock.DELETE_MARKERS,
    "uploads": Clock.MULTIPART_UPLOADS,
}


class Refused(Exception):
    """Firnline would not compile the policy; `spots` are those that it refuses, where it tells."""

    def __init__(self, spots: Mapping[Spot, Obstacle]) -> None:
        super().__init__("; ".join(each.reason for each in spots.values()))
        self.spots = spots


def rules_of(policy: ImportedPolicy, scopes: Mapping[str, tuple[Scope, ...]]) -> RuleSet:
    """What it compiles to; `scopes` are those of its retentions, by name. Raises `Refused`."""
    there = [(policy.bucket.account, [_NAME])]
    text = policy_text(policy, "imported", "importer", there, on_one_line=False)
    compilation = compile_files({_PATH: text.encode()}, with_remedies=False)
    if compilation.failed:
        raise Refused(dict(_refused(text, compilation, scopes)))
    return compilation.buckets[0].rules


_NAME = "imported-bucket"


def _refused(
    text: str, compilation: Compilation, scopes: Mapping[str, tuple[Scope, ...]]
) -> Iterator[tuple[Spot, Obstacle]]:
    for each in compilation.diagnostics:
        if each.severity is Severity.ERROR:
            reason = Obstacle(f"a policy cannot say it: {each.kind.title} ({each.kind.code})", _any)
            for scope, clock in _spots(each, text, scopes):
                yield (scope, clock), reason


def _spots(found: Diagnostic, text: str, scopes: Mapping[str, tuple[Scope, ...]]) -> Iterator[Spot]:
    if not isinstance(found.place, Span):
        return
    name, key = "", ""
    for line in text[: found.place.end].splitlines():
        if not line.startswith(" "):
            name, key = "", line.partition(":")[0]
        elif line.startswith("  ") and line[2] not in " #-":
            name, key = line.partition(":")[0].strip(), ""
        elif line.startswith("    ") and line[4] not in " #-":
            key = line.partition(":")[0].strip()
    clock = _CLOCKS.get(key, Clock.OBJECTS)
    yield from ((scope, clock) for scope in scopes.get(name, () if name else (WHOLE,)))


def _any(_: object) -> bool:
    return True
