"""Files → their content: each file is read as the kind that its first line states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from firnline.diagnostics.kinds import Diagnostic, has_errors
from firnline.language.expectations import Case
from firnline.language.fleet import Fleet
from firnline.language.lock import Lock
from firnline.language.model import Folder, Policy
from firnline.language.read import Reader
from firnline.language.read_expectations import ExpectationsReader
from firnline.language.read_fleet import read_fleet, read_lock
from firnline.language.schemas import FileKind
from firnline.language.shape import check_shape, kind_of
from firnline.language.syntax import Content, read


def read_files(files: Mapping[str, Content]) -> tuple[Folder, list[Diagnostic]]:
    """Each file as the kind that its first line states, and the problems of their text."""
    found: list[Diagnostic] = []
    policies: list[Policy] = []
    fleets: list[Fleet] = []
    locks: list[Lock] = []
    cases: list[Case] = []
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
        found += problems
        match kind:
            case FileKind.POLICY:
                reader = Reader(damaged)
                policies.append(reader.policy(root))
                found += reader.found
            case FileKind.FLEET:
                fleets.append(read_fleet(root, damaged))
            case FileKind.LOCK:
                locks.append(read_lock(root, damaged))
            case FileKind.EXPECTATIONS:
                expectations = ExpectationsReader(damaged)
                cases += expectations.cases(root)
                found += expectations.found
            case _:
                assert_never(kind)
    whole = not has_errors(found)
    return Folder(tuple(policies), tuple(fleets), tuple(locks), whole, tuple(cases)), found
