"""Which policies cover a bucket that a command looks at for another reason?"""

from __future__ import annotations

from firnline.cli.bucket_rules import of_bucket
from firnline.cli.streams import say
from firnline.diagnostics.visible import visible
from firnline.pipeline import compile_files
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
    folder = policies_folder().path
    try:
        compilation = compile_files(read_paths([folder]))
    except NoPolicies:
        return None
    if compilation.failed:
        say(f"{visible(folder)} has errors, which `firnline check` shows: no owners are known")
        return None
    found = (each.program for each in compilation.buckets if each.bucket.name == bucket)
    return next(found, None)
