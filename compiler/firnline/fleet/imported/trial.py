"""Does Firnline compile a policy beside the rules that are live, and if not, what does it refuse?

The fleet has one account and one bucket, which has these rules: those that the policy adopts go,
and the others are kept, inside Firnline's own proof. Where nobody says whether versions are kept,
there is one bucket for each case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Final

from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.diagnostics.position import Span
from firnline.fleet.imported.model import ImportedBucket, ImportedPolicy
from firnline.fleet.imported.obstacles import WHOLE, Spot
from firnline.fleet.imported.sayable import Obstacle
from firnline.fleet.imported.text import policy_text
from firnline.fleet.lock_file import LockEntry, lock_text
from firnline.fleet.ownership import foreign_rules, is_ours
from firnline.language.digest import lock_digest
from firnline.language.read_files import folder_of, read_each
from firnline.pipeline import CHECKS, Compilation, compile_files
from firnline.rules.checks import delete_frees_nothing
from firnline.s3.model import MinimumSize, RuleSet
from firnline.s3.scope import Scope
from firnline.s3.shape import rules_to_s3
from firnline.s3.terms import Clock, Versioning

_POLICY, _FLEET, _LOCK = "policy.yaml", "fleet.yaml", "fleet.lock.yaml"
_ACCOUNT, _ID, _REGION = "account", "111122223333", "us-east-1"
_CLOCKS = {
    "old_versions": Clock.NONCURRENT_VERSIONS,
    "delete_markers": Clock.DELETE_MARKERS,
    "uploads": Clock.MULTIPART_UPLOADS,
}


class Refused(Exception):
    """Firnline would not compile the policy; `spots` are those that it refuses, where it tells."""

    def __init__(self, spots: Mapping[Spot, Obstacle], reason: str) -> None:
        super().__init__(reason)
        self.spots, self.reason = spots, reason


def compiled(
    policy: ImportedPolicy, live: RuleSet, scopes: Mapping[str, tuple[Scope, ...]]
) -> RuleSet:
    """What is written for the bucket; `scopes` are those of the retentions, by name. Raises
    `Refused`.
    """
    buckets = _buckets(policy.bucket)
    there = [(_ACCOUNT, list(buckets))]
    text = policy_text(policy, "imported", "importer", there, on_one_line=False, laid_out=False)
    files = {_POLICY: text.encode()}
    files |= _fleet(files, policy.bucket, live)
    checks = CHECKS if policy.bucket.versioning else WITHOUT_VERSIONING
    compilation = compile_files(files, checks=checks, with_remedies=False)
    if compilation.failed:
        spots = dict(_refused(text, compilation, scopes))
        raise Refused(spots, next(_reasons(compilation)))
    first, *others = (each.rules for each in compilation.buckets)
    assert all(each == first for each in others), "rules do not depend on versioning"
    return first


WITHOUT_VERSIONING: Final = tuple(each for each in CHECKS if each is not delete_frees_nothing.CHECK)
"""Of a bucket of which nothing says whether it keeps versions. If it does, a person has to decide
when old ones end, and `firnline check` says so.
"""


def _buckets(bucket: ImportedBucket) -> dict[str, Versioning]:
    possible = (bucket.versioning,) if bucket.versioning else tuple(Versioning)
    return {f"bucket-{each.value}": each for each in possible}


def _fleet(
    files: Mapping[str, bytes], bucket: ImportedBucket, live: RuleSet
) -> Iterator[tuple[str, bytes]]:
    region, namespace = bucket.region or _REGION, _namespace(live)
    fleet = (
        f"firnline: fleet/v1\nnamespace: {namespace}\n"
        f'accounts: {{{_ACCOUNT}: {{id: "{_ID}", regions: {region}}}}}\n'
    ).encode()
    folder, _ = folder_of(read_each({**files, _FLEET: fleet}))
    assert folder.fleet is not None
    varies = live.minimum_size is MinimumSize.VARIES
    foreign = foreign_rules(rules_to_s3(live), namespace)
    entries = [
        LockEntry(
            account_id=_ID,
            name=name,
            region=region,
            versioning=versioning,
            object_lock=bucket.object_lock is not False,
            covered=True,
            minimum_size=live.minimum_size if varies else None,
            foreign=foreign,
        )
        for name, versioning in _buckets(bucket).items()
    ]
    yield _FLEET, fleet
    yield _LOCK, lock_text(lock_digest(folder.fleet, folder.policies), entries).encode()


def _namespace(live: RuleSet) -> str:
    """One in which all these rules are others'."""
    names = (f"import-{number}" for number in count(1))
    return next(n for n in names if not any(is_ours(rule.id, n) for rule in live.rules))


def _reasons(compilation: Compilation) -> Iterator[str]:
    for each in compilation.diagnostics:
        if each.severity is Severity.ERROR:
            yield f"Firnline refuses to say it in a policy: {each.kind.title} ({each.kind.code})"


def _refused(
    text: str, compilation: Compilation, scopes: Mapping[str, tuple[Scope, ...]]
) -> Iterator[tuple[Spot, Obstacle]]:
    errors = (each for each in compilation.diagnostics if each.severity is Severity.ERROR)
    for each, reason in zip(errors, _reasons(compilation), strict=True):
        for span in _in_the_policy(each):
            for spot in _spots(span, text, scopes):
                yield spot, Obstacle(reason, _any)


def _in_the_policy(found: Diagnostic) -> Iterator[Span]:
    """Where it points at in the policy: first of all, or beside a rule that is kept."""
    places = (found.place, *(span for span, _ in found.also))
    spans = [each for each in places if isinstance(each, Span) and each.path == _POLICY]
    yield from spans[:1]


def _spots(span: Span, text: str, scopes: Mapping[str, tuple[Scope, ...]]) -> Iterator[Spot]:
    name, key = "", ""
    for line in text[: span.end].splitlines():
        if not line.startswith(" "):
            name, key = "", line.partition(":")[0]
        elif line.startswith("  ") and line[2] not in " #-":
            name, key = line.partition(":")[0].strip(' "'), ""
        elif line.startswith("    ") and line[4] not in " #-":
            key = line.partition(":")[0].strip()
    clock = _CLOCKS.get(key, Clock.OBJECTS)
    yield from ((scope, clock) for scope in scopes.get(name, () if name else (WHOLE,)))


def _any(_: object) -> bool:
    return True
