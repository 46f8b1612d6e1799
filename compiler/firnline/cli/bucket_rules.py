"""Which rules does a command use? Those of a bucket of the policies, or of a file."""

from __future__ import annotations

from dataclasses import dataclass

from firnline.cli.failed import CommandFailed
from firnline.cli.lifecycle_file import called, chosen, read_lifecycle_file, rules_of
from firnline.cli.streams import say_diagnostics
from firnline.diagnostics.kinds import has_errors
from firnline.diagnostics.remedy_words import in_words
from firnline.diagnostics.visible import visible
from firnline.language.nearest import did_you_mean
from firnline.lint.written import Written
from firnline.pipeline import Compilation, compile_files
from firnline.rules.bucket_rules import BucketRules
from firnline.s3.model import RuleSet
from firnline.s3.terms import Versioning
from firnline.workspace import read_paths


@dataclass(frozen=True, slots=True)
class NamedRules:
    """The rules of a bucket or file, with its name; `compiled` where they come from policies."""

    name: str
    rules: RuleSet
    versioning: Versioning | None
    compiled: BucketRules | None = None

    @property
    def kept(self) -> frozenset[str]:
        """The IDs of rules of others that the policies keep."""
        return frozenset(rule.id for rule in self.compiled.kept) if self.compiled else frozenset()


def of_bucket(name: str, folder: str, colour: str) -> NamedRules:
    """Raises `CommandFailed`."""
    compilation = compile_files(read_paths([folder]))
    if compilation.failed:
        shown = [each for each in compilation.diagnostics if has_errors([each])]
        say_diagnostics(shown, colour, [folder])
        raise CommandFailed("the policies have errors, so there are no rules", code=1)
    found = compiled_bucket(compilation, name)
    return NamedRules(found.bucket.name, found.rules, found.bucket.versioning, found)


def of_file(path: str, bucket: str | None, colour: str) -> NamedRules:
    """Of whatever `check` reads; `bucket` is the name of a bucket or of a resource in the file.

    Raises `CommandFailed`.
    """
    named = chosen(read_lifecycle_file(path, colour), path, bucket)
    versioning = named.versioning if isinstance(named, Written) else None
    return NamedRules(bucket or called(named) or path, rules_of(named, path, colour), versioning)


def compiled_bucket(compilation: Compilation, name: str) -> BucketRules:
    name = name.removeprefix("s3://").rstrip("/")
    known = {each.bucket.name: each for each in compilation.buckets}
    known |= {each.bucket.key: each for each in compilation.buckets}
    if name in known:
        return known[name]
    near = did_you_mean(name, known)
    hint = (
        f"; {in_words((near,))}"
        if near
        else "; it is covered by no policy, or the lock does not know it"
    )
    raise CommandFailed(f"no bucket `{visible(name)}` is compiled{hint}")
