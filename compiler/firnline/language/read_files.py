"""Files → their content: each file is read as the kind that its first line states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import assert_never

from firnline.diagnostics.kinds import Diagnostic, has_errors
from firnline.language.approvals import ApprovalsFile
from firnline.language.expectations import Case
from firnline.language.fleet import Fleet
from firnline.language.lock import Lock
from firnline.language.model import Folder, Policy
from firnline.language.read import Reader
from firnline.language.read_approvals import ApprovalsReader
from firnline.language.read_expectations import ExpectationsReader
from firnline.language.read_fleet import read_fleet, read_lock
from firnline.language.schemas import FileKind
from firnline.language.shape import check_shape, kind_of
from firnline.language.syntax import Content, read


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What one file has, and the problems of its text."""

    content: Content
    has: tuple[Policy | Fleet | Lock | Case | ApprovalsFile, ...] = ()
    found: tuple[Diagnostic, ...] = ()


def read_files(files: Mapping[str, Content]) -> tuple[Folder, list[Diagnostic]]:
    """Each file as the kind that its first line states, and the problems of their text."""
    return folder_of(read_each(files))


def read_each(
    files: Mapping[str, Content], beside: Iterable[ReadFile] = ()
) -> tuple[ReadFile, ...]:
    """In the order of their paths. `beside` are files of another snapshot: what has the same text
    as one of them is that one, with its path.
    """
    known = _by_text(beside)
    return tuple(
        known.pop(content) if content in known else _read_file(path, content)
        for path, content in sorted(files.items())
    )


def folder_of(read: Iterable[ReadFile]) -> tuple[Folder, list[Diagnostic]]:
    files = list(read)
    every = [each for file in files for each in file.has]
    found = [each for file in files for each in file.found]
    locks = tuple(each for each in every if isinstance(each, Lock))
    accounts = locks[0].accounts if locks else ()
    folder = Folder(
        tuple(each for each in every if isinstance(each, Policy)),
        tuple(each.with_found(accounts) for each in every if isinstance(each, Fleet)),
        locks,
        not has_errors(found),
        tuple(each for each in every if isinstance(each, Case)),
        tuple(each for each in every if isinstance(each, ApprovalsFile)),
    )
    return folder, found


def _by_text(files: Iterable[ReadFile]) -> dict[Content, ReadFile]:
    """Those whose text no other of them has."""
    found: dict[Content, list[ReadFile]] = {}
    for file in files:
        found.setdefault(file.content, []).append(file)
    return {content: alike[0] for content, alike in found.items() if len(alike) == 1}


def _read_file(path: str, content: Content) -> ReadFile:
    root, problems = read(content, path)
    if root is None:
        return ReadFile(content, (), tuple(problems))
    kind, more = kind_of(root)
    found = [*problems, *more]
    if kind is None:
        return ReadFile(content, (), tuple(found))
    root, damaged, more = check_shape(root, kind)
    found += more
    match kind:
        case FileKind.POLICY:
            reader = Reader(damaged)
            policy = reader.policy(root)
            return ReadFile(content, (policy,), (*found, *reader.found))
        case FileKind.FLEET:
            return ReadFile(content, (read_fleet(root, damaged),), tuple(found))
        case FileKind.LOCK:
            return ReadFile(content, (read_lock(root, damaged),), tuple(found))
        case FileKind.EXPECTATIONS:
            expectations = ExpectationsReader(damaged)
            cases = tuple(expectations.cases(root))
            return ReadFile(content, cases, (*found, *expectations.found))
        case FileKind.APPROVALS:
            approvals = ApprovalsReader(damaged)
            file = approvals.approvals(root)
            return ReadFile(content, (file,), (*found, *approvals.found))
        case _:
            assert_never(kind)
