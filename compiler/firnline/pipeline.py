"""The whole compile on one page. A policy flows one way: text → `Policy` → `RuleSet` → outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from firnline.diagnostics.kinds import Diagnostic, Waived, has_errors, in_order
from firnline.language.check import NOTHING_KNOWN, Check, Known
from firnline.language.checks import CHECKS as LANGUAGE_CHECKS
from firnline.language.model import Folder
from firnline.language.read_files import ReadFile, folder_of, read_each
from firnline.language.syntax import Content
from firnline.lint import NOTHING_SAID, Circumstances, is_lifecycle_file
from firnline.rules.bucket_rules import BucketRules, ProvedProgram, rules_of_buckets, shared
from firnline.rules.checks import CHECKS as RULES_CHECKS
from firnline.rules.coverage import programs_of
from firnline.rules.emitted import judged
from firnline.rules.lower import lower
from firnline.rules.problems import diagnose
from firnline.rules.program import Program
from firnline.rules.prove.meets import proved

CHECKS: tuple[Check, ...] = (*LANGUAGE_CHECKS, *RULES_CHECKS)
"""The checks that need files only. Callers with more facts add more checks, as `cli` does."""


@dataclass(frozen=True, slots=True)
class Compilation:
    """The result for a folder, and how many lifecycle files were checked with it. Where it
    `failed`, `buckets` is empty: one error, and nothing is compiled. What is `waived` is none of
    the diagnostics. `read` are the files of the folder.
    """

    folder: Folder
    diagnostics: tuple[Diagnostic, ...]
    buckets: tuple[BucketRules, ...]
    lifecycle_files: int = 0
    waived: tuple[Waived, ...] = ()
    read: tuple[ReadFile, ...] = ()

    @property
    def failed(self) -> bool:
        return has_errors(self.diagnostics)


def compile_files(
    files: Mapping[str, Content],
    known: Known = NOTHING_KNOWN,
    checks: Sequence[Check] = CHECKS,
    *,
    with_remedies: bool = True,
) -> Compilation:
    """Compile a folder's files, by path: the same files, in any order, give the same result; with a
    day in `known` there may be other diagnostics tomorrow. Who shows no remedies need not wait
    until they are proved.

    Raises `Unproved` and `RejectedByTheLaw`: faults of ours.
    """
    read = read_each(files)
    folder, unreadable = folder_of(read)
    programs = [program.at(known.as_of) for program in programs_of(folder)]
    said = diagnose(checks, folder, programs, known, unreadable, with_remedies=with_remedies)
    if has_errors(said.diagnostics) or not known.lock:
        return Compilation(folder, said.diagnostics, (), waived=said.waived, read=read)
    buckets = rules_of_buckets(folder, map(compile_program, programs))
    return Compilation(folder, said.diagnostics, buckets, waived=said.waived, read=read)


def compile_beside(
    files: Mapping[str, Content], other: Compilation, known: Known = NOTHING_KNOWN
) -> Compilation:
    """As `compile_files`, for another snapshot of a folder that compiles: what is the same in both,
    files and programs, is the same object, and was read, checked and proved there.
    """
    assert not other.failed
    read = read_each(files, other.read)
    folder, unreadable = folder_of(read)
    same, programs = shared(programs_of(folder), other.buckets)
    said = diagnose(CHECKS, folder, programs, known, unreadable)
    if has_errors(said.diagnostics):
        return Compilation(folder, said.diagnostics, (), waived=said.waived, read=read)
    buckets = rules_of_buckets(folder, [*same, *map(compile_program, programs)])
    return Compilation(folder, said.diagnostics, buckets, waived=said.waived, read=read)


def compile_program(program: Program) -> ProvedProgram:
    """Raises `Unproved` where the rules would not do what the program requires, and
    `RejectedByTheLaw` where S3 would refuse them: faults of ours.
    """
    rules = lower(program)
    judged(rules, program.buckets, program.as_of)
    return ProvedProgram(program, rules, proved(program, rules))


def check_files(
    files: Mapping[str, Content],
    known: Known,
    said: Circumstances = NOTHING_SAID,
    checks: Sequence[Check] = CHECKS,
) -> Compilation:
    """As `compile_files`, and lifecycle files are checked; `said` is known of their buckets."""
    linted = {path: content for path, content in files.items() if is_lifecycle_file(path, content)}
    others = {path: files[path] for path in files if path not in linted}
    compilation = compile_files(others, replace(known, as_of=said.as_of), checks)
    if not linted:
        return compilation
    from firnline.lint.check import check_lifecycle_file  # seldom needed, and slow to import

    found = [d for path in linted for d in check_lifecycle_file(linted[path], path, said)]
    diagnostics = in_order([*compilation.diagnostics, *found])
    buckets = () if has_errors(diagnostics) else compilation.buckets
    return Compilation(compilation.folder, diagnostics, buckets, len(linted), compilation.waived)
