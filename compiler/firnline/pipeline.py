"""The whole compile on one page: text → `Policy` → program per bucket → `RuleSet`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from firnline.diagnostics.kinds import Diagnostic, has_errors, in_order
from firnline.language.checks import CHECKS as POLICY_CHECKS
from firnline.language.checks import FOLDER_CHECKS
from firnline.language.model import Fleet, Folder, Leave, Lock, Policy
from firnline.language.read import Reader
from firnline.language.shape import check_shape, kind_of
from firnline.language.syntax import Content, read
from firnline.rules.checks import CHECKS as PROGRAM_CHECKS
from firnline.rules.ir import RuleSet
from firnline.rules.lower import lower, placeholder
from firnline.rules.program import Bucket, Program, program_for

NO_FLEET = "default"
"""The namespace of rules compiled where no fleet file says one."""


@dataclass(frozen=True, slots=True)
class BucketRules:
    """What one bucket gets: `program` says why, nothing where it is only cleared."""

    bucket: Bucket
    rules: RuleSet
    program: Program | None


@dataclass(frozen=True, slots=True)
class Compilation:
    """What came of a folder. Where `failed`, `buckets` is empty: one error and nothing holds."""

    folder: Folder
    diagnostics: tuple[Diagnostic, ...]
    buckets: tuple[BucketRules, ...]

    @property
    def failed(self) -> bool:
        return has_errors(self.diagnostics)


def compile_files(files: Mapping[str, Content]) -> Compilation:
    """Compile a folder's files, by path. The same files give the same result, in any order."""
    folder, found = read_files(files)
    found += [problem for check in FOLDER_CHECKS for problem in check(folder)]
    found += [
        problem
        for policy in folder.policies
        for check in POLICY_CHECKS
        for problem in check(policy)
    ]
    programs = list(programs_of(folder))
    found += [
        problem for program in programs for check in PROGRAM_CHECKS for problem in check(program)
    ]
    diagnostics = in_order(found)
    buckets = () if has_errors(diagnostics) else _rules(folder, programs)
    return Compilation(folder, diagnostics, buckets)


def read_files(files: Mapping[str, Content]) -> tuple[Folder, list[Diagnostic]]:
    """Every file as what its first line says it is, and what is wrong with their text."""
    found: list[Diagnostic] = []
    policies: list[Policy] = []
    fleets: list[Fleet] = []
    locks: list[Lock] = []
    for path in sorted(files):
        root, problems = read(files[path], path)
        found += problems
        if root is None:
            continue
        kind, problems = kind_of(root)
        found += problems
        if kind is None:
            continue
        root, problems = check_shape(root, kind)
        found += problems
        reader = Reader()
        match kind:
            case "policy/v1":
                policies.append(reader.policy(root))
            case "fleet/v1":
                fleets.append(reader.fleet(root))
            case _:
                locks.append(reader.lock(root))
        found += reader.found
    return Folder(tuple(policies), tuple(fleets), tuple(locks)), found


def programs_of(folder: Folder) -> Iterator[Program]:
    """One program for all buckets that the same policies cover and of which the same is known."""
    namespace = folder.fleet.namespace.value if folder.fleet else NO_FLEET
    groups: dict[tuple[object, ...], list[Bucket]] = defaultdict(list)
    policies: dict[tuple[object, ...], tuple[Policy, ...]] = {}
    for bucket in _buckets(folder):
        covering = tuple(
            each for each in folder.policies if each.covers(bucket.account, bucket.name)
        )
        key = (tuple(map(id, covering)), bucket.versioning, bucket.partition)
        policies[key] = covering
        groups[key].append(bucket)
    for group, buckets in groups.items():
        if policies[group]:
            yield program_for(namespace, policies[group], tuple(buckets))


def _buckets(folder: Folder) -> Iterable[Bucket]:
    """The lock's buckets; without a lock, and for policies that match none, the names written."""
    known = {(bucket.account, bucket.name): bucket for bucket in _locked(folder)}
    locked = tuple(known)
    for policy in folder.policies:
        if not any(policy.covers(account, name) for account, name in locked):
            for bucket in _written(folder, policy):
                known.setdefault((bucket.account, bucket.name), bucket)
    return known.values()


def _locked(folder: Folder) -> Iterator[Bucket]:
    if folder.lock is None or folder.fleet is None:
        return
    labels = {account.id.value: account.label.value for account in folder.fleet.accounts}
    for locked in folder.lock.buckets:
        if locked.account_id in labels:
            yield Bucket(
                account=labels[locked.account_id],
                account_id=locked.account_id,
                name=locked.name.value,
                region=locked.region,
                versioning=locked.versioning,
                partition=locked.partition,
                object_lock=locked.object_lock,
            )


def _written(folder: Folder, policy: Policy) -> Iterator[Bucket]:
    """The names that a policy writes, as if they were buckets with the versioning it expects."""
    for entry in policy.applies_to:
        account = folder.fleet.account(entry.account.value) if folder.fleet else None
        regions = account.regions if account else ()
        for name in [said.value for said in entry.included] or ["*"]:
            yield Bucket(
                account=entry.account.value,
                account_id=account.id.value if account else "",
                name=name,
                region=regions[0] if len(regions) == 1 else None,
                versioning=policy.versioning.value if policy.versioning else None,
            )


def _rules(folder: Folder, programs: Iterable[Program]) -> tuple[BucketRules, ...]:
    compiled = []
    for program in programs:
        rules = lower(program)
        compiled += [
            BucketRules(bucket, rules, program)
            for bucket in program.buckets
            if "*" not in bucket.name
        ]
    compiled += _cleared(folder)
    return tuple(sorted(compiled, key=lambda each: each.bucket.key))


def _cleared(folder: Folder) -> Iterator[BucketRules]:
    """Buckets that the fleet file releases with `leave: clear`."""
    if folder.fleet is None:
        return
    for bucket in _locked(folder):
        release = folder.fleet.released(bucket.account, bucket.name)
        if release is not None and release.leave is Leave.CLEAR:
            yield BucketRules(bucket, placeholder(folder.fleet.namespace.value), None)
