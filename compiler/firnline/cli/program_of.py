"""Which policies cover a bucket that a command looks at for another reason?"""

from __future__ import annotations

from firnline.cli.bucket_rules import of_bucket
from firnline.cli.streams import say
from firnline.diagnostics.visible import visible
from firnline.pipeline import Compilation, compile_files
from firnline.rules.program import Program
from firnline.settings import policies_folder
from firnline.workspace import NoPolicies, read_paths


def program_of(bucket: str, policies: str | None, colour: str) -> Program | None:
    """Of the policies in a folder, which must cover it; where no folder is named, of those of the
    project, if they do. Raises `CommandFailed`, `NoPolicies`.
    """
    if policies is not None:
        compiled = of_bucket(bucket, policies, colour).compiled
        return compiled.program if compiled else None
    compilation, folder = of_project()
    if compilation is not None and compilation.failed:
        say(f"{visible(folder)} has errors, which `firnline check` shows: no owners are known")
        return None
    return program_in(compilation, bucket)


def of_project() -> tuple[Compilation | None, str]:
    """The policies of the project, if it has any, and their folder."""
    folder = policies_folder().path
    try:
        return compile_files(read_paths([folder]), with_remedies=False), folder
    except NoPolicies:
        return None, folder


def program_in(compilation: Compilation | None, bucket: str) -> Program | None:
    """That of the policies which cover the bucket, if any do."""
    buckets = compilation.buckets if compilation else ()
    return next((each.program for each in buckets if each.bucket.name == bucket), None)
