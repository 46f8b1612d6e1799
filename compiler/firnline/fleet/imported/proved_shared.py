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
from firnline.fleet.lock_file import LOCK_NAME, LockEntry, lock_text
from firnline.language.digest import lock_digest
from firnline.language.pyyaml import Quoted, written
from firnline.language.read_files import read_files
from firnline.language.schemas import FileKind
from firnline.pipeline import Compilation, compile_files
from firnline.s3.compare.difference import Facts, facts
from firnline.s3.model import RuleSet
from firnline.s3.shape import rule_to_s3

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
    found = {}
    known = [each for each in members if each.policy.bucket.versioning is not None]
    for compiled, of in (
        (_compiled(text, known) if known else None, known),
        (_alone(text) if len(known) < len(members) else None, members),
    ):
        if compiled is None:
            continue
        if isinstance(compiled, NotTheSame):
            return compiled
        if compiled.failed:
            return NotTheSame(_errors(compiled.diagnostics))
        rules = {each.bucket.name: each.rules for each in compiled.buckets}
        for each in of:
            if each.place in found:
                continue
            ours = rules[each.policy.bucket.name]
            if each.policy.bucket.versioning is None:
                ours = _with_kept(each.policy, ours)
            told = relation(each.rules, ours, _facts(each.policy.bucket))
            if told is not each.policy.relation:
                return NotTheSame(bucket=each.policy.bucket.name)
            found[each.place] = told
    return found


def _facts(bucket: ImportedBucket) -> Facts:
    return facts(bucket.versioning, object_lock=bucket.object_lock is not False)


def _errors(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(each for each in found if each.severity is Severity.ERROR)


def _alone(text: str) -> Compilation:
    """Where no lock can say whether a bucket keeps versions."""
    return compile_files({POLICY_PATH: text.encode()}, with_remedies=False)


def _compiled(text: str, members: Sequence[Imported]) -> Compilation | NotTheSame:
    files = {POLICY_PATH: text.encode(), _FLEET_PATH: _fleet_text(members).encode()}
    folder, found = read_files(files)
    if folder.fleet is None:  # no account can have such a label
        return NotTheSame(_errors(found))
    entries = list(_entries(members))
    digest = lock_digest(folder.fleet, folder.policies)
    files[LOCK_NAME] = lock_text(digest, entries).encode()
    return compile_files(files, with_remedies=False)


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


def _entries(members: Sequence[Imported]) -> Iterator[LockEntry]:
    ids = _ids(members)
    for each in members:
        bucket = each.policy.bucket
        assert bucket.versioning is not None
        yield LockEntry(
            account_id=ids[bucket.account],
            name=bucket.name,
            region=bucket.region or _ANY_REGION,
            versioning=bucket.versioning,
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


def _with_kept(policy: ImportedPolicy, ours: RuleSet) -> RuleSet:
    """With the rules that stay; a placeholder alone is not needed beside them."""
    stay = tuple(each.rule for each in policy.kept)
    rules = tuple(rule for rule in ours.rules if rule.enabled or not stay)
    return RuleSet((*rules, *stay), policy.minimum_size)
