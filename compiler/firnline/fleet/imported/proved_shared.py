"""Does a policy that several buckets share mean, for each of them, what its rules meant?

It is compiled as it will be: beside a fleet file, and a lock in which the rules are of others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.fleet.imported.model import ImportedBucket, ImportedPolicy, Relation
from firnline.fleet.imported.proof import relation
from firnline.fleet.imported.trial import WITHOUT_VERSIONING
from firnline.fleet.lock_file import LOCK_NAME, LockEntry, lock_text
from firnline.language.check import Check
from firnline.language.digest import lock_digest
from firnline.language.pyyaml import Quoted, written
from firnline.language.read_files import read_files
from firnline.language.schemas import FileKind
from firnline.pipeline import CHECKS, Compilation, compile_files
from firnline.s3.compare.difference import Facts, facts
from firnline.s3.model import RuleSet
from firnline.s3.shape import rule_to_s3
from firnline.s3.terms import Versioning

Place = tuple[str, str]
"""Account and bucket."""

POLICY_PATH: Final = "imported.yaml"
_FLEET_PATH: Final = "fleet.yaml"
# Whose IDs no rule has.
_NAMESPACE: Final = "nobody"
_ANY_ACCOUNT, _SOME_ACCOUNT = "*", "some-account"
_ANY_REGION: Final = "us-east-1"


@dataclass(frozen=True, slots=True)
class Imported:
    """A bucket's rules, and the policy that was made of them for it alone."""

    rules: RuleSet
    policy: ImportedPolicy

    @property
    def place(self) -> Place:
        return self.policy.bucket.account, self.policy.bucket.name


@dataclass(frozen=True, slots=True)
class NotTheSame:
    """Why a policy does not do for its buckets: what Firnline refuses in it, or the bucket that it
    would treat in another way.
    """

    refused: tuple[Diagnostic, ...] = ()
    bucket: str | None = None


def relations(text: str, members: Sequence[Imported]) -> Mapping[Place, Relation] | NotTheSame:
    found: dict[Place, Relation] = {}
    for case, checks in _cases(members):
        compiled = _compiled(text, case, checks)
        if isinstance(compiled, NotTheSame):
            return compiled
        if compiled.failed:
            return NotTheSame(_errors(compiled.diagnostics))
        rules = {each.bucket.name: each.rules for each in compiled.buckets}
        for each, _ in case:
            if each.place in found:
                continue
            bucket = each.policy.bucket
            told = relation(each.rules, rules[bucket.name], _facts(bucket))
            if told is not each.policy.relation:
                return NotTheSame(bucket=bucket.name)
            found[each.place] = told
    return found


_Case = Sequence[tuple[Imported, Versioning]]
"""Buckets, and whether they keep versions."""


def _cases(members: Sequence[Imported]) -> Iterator[tuple[_Case, Sequence[Check]]]:
    """What is known, and beside it all that is possible of those of which nothing is."""
    said = [(each, each.policy.bucket.versioning) for each in members]
    known = [(each, versioning) for each, versioning in said if versioning is not None]
    if known:
        yield known, CHECKS
    if len(known) < len(members):
        for every in Versioning:
            yield [(each, versioning or every) for each, versioning in said], WITHOUT_VERSIONING


def _facts(bucket: ImportedBucket) -> Facts:
    return facts(bucket.versioning, object_lock=bucket.object_lock is not False)


def _errors(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(each for each in found if each.severity is Severity.ERROR)


def _compiled(text: str, case: _Case, checks: Sequence[Check]) -> Compilation | NotTheSame:
    members = [each for each, _ in case]
    files = {POLICY_PATH: text.encode(), _FLEET_PATH: _fleet_text(members).encode()}
    folder, found = read_files(files)
    if folder.fleet is None:  # no account can have such a label
        return NotTheSame(_errors(found))
    entries = list(_entries(case))
    digest = lock_digest(folder.fleet, folder.policies)
    files[LOCK_NAME] = lock_text(digest, entries).encode()
    return compile_files(files, checks=checks, with_remedies=False)


def _fleet_text(members: Sequence[Imported]) -> str:
    accounts = {}
    for label, id in _ids(members).items():
        there = [each.policy.bucket for each in members if each.policy.bucket.account == label]
        regions = sorted({each.region or _ANY_REGION for each in there})
        name = _SOME_ACCOUNT if label == _ANY_ACCOUNT else label
        accounts[name] = {"id": Quoted(id), "regions": regions}
    content = {"firnline": FileKind.FLEET.value, "namespace": _NAMESPACE, "accounts": accounts}
    return written(content)


def _ids(members: Sequence[Imported]) -> dict[str, str]:
    labels = sorted({each.policy.bucket.account for each in members})
    return {label: f"{number:012}" for number, label in enumerate(labels, 1)}


def _entries(case: _Case) -> Iterator[LockEntry]:
    ids = _ids([each for each, _ in case])
    for each, versioning in case:
        bucket = each.policy.bucket
        yield LockEntry(
            account_id=ids[bucket.account],
            name=bucket.name,
            region=bucket.region or _ANY_REGION,
            versioning=versioning,
            object_lock=bool(bucket.object_lock),
            covered=True,
            minimum_size=each.rules.minimum_size,
            foreign=tuple(_foreign(each)),
        )


def _foreign(each: Imported) -> Iterator[str]:
    """As `resolve` writes them. S3 gives an ID to a rule without one, which nobody knows before."""
    adopted = (rule for rule in each.rules.rules if rule.id in each.policy.adopts)
    for rule in (*adopted, *(stays.rule for stays in each.policy.kept)):
        yield json.dumps(rule_to_s3(rule), sort_keys=True)
