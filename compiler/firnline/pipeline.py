"""The whole compile on one page: text → `Policy` → program per bucket → `RuleSet`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from firnline.diagnostics.kinds import Diagnostic, Kind, has_errors, in_order
from firnline.diagnostics.position import Span
from firnline.language.checks import CHECKS as POLICY_CHECKS
from firnline.language.checks import DATED_CHECKS, FOLDER_CHECKS
from firnline.language.checks import PROJECT_CHECKS as POLICY_PROJECT_CHECKS
from firnline.language.fleet import Fleet
from firnline.language.lock import Lock
from firnline.language.model import Folder, Policy
from firnline.language.project import Project
from firnline.language.read import Reader
from firnline.language.shape import check_shape, kind_of
from firnline.language.syntax import Content, read
from firnline.language.waivers import due as waivers_due
from firnline.language.waivers import waive
from firnline.lint import NOTHING_SAID, Circumstances, is_lifecycle_file
from firnline.rules.checks import CHECKS as PROGRAM_CHECKS
from firnline.rules.checks import FIRST_CHECKS, HELD_CHECKS, LAST_CHECKS
from firnline.rules.checks import PROJECT_CHECKS as PROGRAM_PROJECT_CHECKS
from firnline.rules.coverage import cleared_buckets, namespace_of, programs_of
from firnline.rules.emitted import judged
from firnline.rules.lower import lower, placeholder
from firnline.rules.program import Bucket, Program
from firnline.rules.prove.meets import Proof, proved
from firnline.rules.unite import program_for
from firnline.s3.model import RuleSet
from firnline.s3.terms import Versioning


@dataclass(frozen=True, slots=True)
class BucketRules:
    """What one bucket gets: `program` says why, and `proof` that the rules do it; neither where it
    is only cleared."""

    bucket: Bucket
    rules: RuleSet
    program: Program | None
    proof: Proof | None


@dataclass(frozen=True, slots=True)
class Compilation:
    """What came of a folder. Where `failed`, `buckets` is empty: one error and nothing holds.

    `waived` are the waivers that have taken something away, `lifecycle_files` says how many of
    those were checked besides.
    """

    folder: Folder
    diagnostics: tuple[Diagnostic, ...]
    buckets: tuple[BucketRules, ...]
    waived: frozenset[Span] = frozenset()
    lifecycle_files: int = 0

    @property
    def failed(self) -> bool:
        return has_errors(self.diagnostics)


NO_PROJECT = Project()


def compile_files(
    files: Mapping[str, Content], project: Project = NO_PROJECT, as_of: date | None = None
) -> Compilation:
    """Compile a folder's files, by path. The same files give the same result, in any order.

    `as_of` is the day whose law of S3 holds, the newest where none is said.

    Raises `Unproved` where the rules would not do what the policies ask: a fault of ours.
    """
    folder, found = read_files(files)
    programs = [program.at(as_of) for program in programs_of(folder)]
    found += _questions(folder, programs, project)
    if not has_errors(found):
        written = [program.as_written for program in programs]
        found += [each for program in written for ask in LAST_CHECKS for each in ask(program)]
    left, waived = waive(folder.policies, found)
    diagnostics = in_order(left)
    buckets = () if has_errors(diagnostics) else _rules(folder, programs)
    return Compilation(folder, diagnostics, buckets, frozenset(waived))


def check_files(
    files: Mapping[str, Content],
    today: date,
    project: Project = NO_PROJECT,
    said: Circumstances = NOTHING_SAID,
) -> Compilation:
    """As `compile_files`, and what has fallen due: the same files may say more tomorrow.

    Lifecycle files that people wrote are checked too; `said` is what is known of their buckets.
    """
    lifecycle_files = {
        path: content for path, content in files.items() if is_lifecycle_file(path, content)
    }
    policies_only = {path: files[path] for path in files if path not in lifecycle_files}
    compilation = compile_files(policies_only, project, said.as_of)
    policies = compilation.folder.policies
    due = [problem for each in policies for ask in DATED_CHECKS for problem in ask(each, today)]
    left, waived = waive(policies, due)
    used = compilation.waived | waived
    waives = any(policy.waivers for policy in policies)
    asked = _asked_for(compilation) if waives else frozenset()
    left += [problem for each in policies for problem in waivers_due(each, used, asked, today)]
    left += _linted(lifecycle_files, said)
    diagnostics = in_order([*compilation.diagnostics, *left])
    buckets = () if has_errors(diagnostics) else compilation.buckets
    return replace(
        compilation, diagnostics=diagnostics, buckets=buckets, lifecycle_files=len(lifecycle_files)
    )


def _linted(files: Mapping[str, Content], said: Circumstances) -> Iterator[Diagnostic]:
    if files:
        from firnline.lint.check import check_lifecycle_file  # seldom needed

        for path, content in files.items():
            yield from check_lifecycle_file(content, path, said)


def _asked_for(compilation: Compilation) -> frozenset[str]:
    """The codes and names of all kinds that were looked for."""
    checks = (*POLICY_CHECKS, *FOLDER_CHECKS, *DATED_CHECKS, *FIRST_CHECKS, *PROGRAM_CHECKS)
    checks = (*checks, *HELD_CHECKS, *POLICY_PROJECT_CHECKS, *PROGRAM_PROJECT_CHECKS)
    checks += () if compilation.failed else LAST_CHECKS
    declared = [vars(sys.modules[check.__module__]).values() for check in checks]
    kinds = [value for values in declared for value in values if isinstance(value, Kind)]
    return frozenset(text for kind in kinds for text in (kind.code, kind.name))


def compile_for(
    files: Mapping[str, Content],
    namespace: str,
    bucket: str,
    versioning: Versioning,
    *,
    object_lock: bool = False,
) -> tuple[Folder, RuleSet, tuple[Diagnostic, ...]]:
    """The rules that all policies among the files ask of one bucket, whatever their `applies_to`.

    A fleet file or a lock among them is not asked.
    """
    read, found = read_files(files)
    folder = Folder(policies=read.policies, whole=read.whole)
    only = Bucket("", "", bucket, None, versioning, object_lock=object_lock)
    program = program_for(namespace, folder.policies, (only,), whole=folder.whole)
    rules, diagnostics = (
        lower(program),
        in_order([*found, *_questions(folder, [program], NO_PROJECT)]),
    )
    if not has_errors(diagnostics):
        proved(program, judged(rules, program.buckets))
    return folder, rules, diagnostics


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
        root, damaged, problems = check_shape(root, kind)
        reader = Reader(damaged)
        match kind:
            case "policy/v1":
                policies.append(reader.policy(root))
            case "fleet/v1":
                fleets.append(reader.fleet(root))
            case _:
                locks.append(reader.lock(root))
        found += [*problems, *reader.found]
    whole = not has_errors(found)
    return Folder(tuple(policies), tuple(fleets), tuple(locks), whole), found


def _questions(
    folder: Folder, programs: Sequence[Program], project: Project
) -> Iterator[Diagnostic]:
    for ask in FOLDER_CHECKS:
        yield from ask(folder)
    # A policy as it is written, and as it holds for the buckets where something is overridden.
    held = [policy for program in programs for policy in program.policies]
    for policy in {id(each): each for each in [*folder.policies, *held]}.values():
        yield from policy.remarks
        for ask_policy in POLICY_CHECKS:
            yield from ask_policy(policy)
        for ask_around in POLICY_PROJECT_CHECKS:
            yield from ask_around(policy, project)
    for program in programs:
        beforehand = [problem for ask in FIRST_CHECKS for problem in ask(program)]
        if beforehand:
            yield from beforehand
            continue
        for ask_program in PROGRAM_CHECKS:
            yield from ask_program(program.as_written)
        for ask_held in HELD_CHECKS:
            yield from ask_held(program)
        for ask_with in PROGRAM_PROJECT_CHECKS:
            yield from ask_with(program.as_written, project)


def _rules(folder: Folder, programs: Iterable[Program]) -> tuple[BucketRules, ...]:
    compiled = []
    for program in programs:
        rules = judged(lower(program), program.buckets, program.as_of)
        proof = proved(program, rules)
        named = [bucket for bucket in program.buckets if "*" not in bucket.name]
        compiled += [BucketRules(bucket, rules, program, proof) for bucket in named]
    cleared = list(cleared_buckets(folder))
    nothing = judged(placeholder(namespace_of(folder)), cleared)
    compiled += [BucketRules(bucket, nothing, None, None) for bucket in cleared]
    return tuple(sorted(compiled, key=lambda each: each.bucket.key))
