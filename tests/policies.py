"""Policies for tests: a fragment becomes a whole file, and a file a compilation."""

from __future__ import annotations

from firnline.diagnostics.kinds import Diagnostic, Example
from firnline.examples import DAY as TODAY
from firnline.examples import files_of, project_of, whole
from firnline.language.check import Known
from firnline.pipeline import Compilation, check_files

__all__ = ["TODAY", "codes", "compiled", "files_of", "project_of", "whole"]


def compiled(example: Example) -> Compilation:
    return check_files(files_of(example), Known(project_of(example), TODAY))


def codes(found: tuple[Diagnostic, ...]) -> list[str]:
    return sorted({diagnostic.kind.code for diagnostic in found})
