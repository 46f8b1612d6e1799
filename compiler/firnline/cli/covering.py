"""Which rules of a compilation are those of a bucket that facts tell of?"""

from __future__ import annotations

from collections.abc import Sequence

from firnline.cli.snapshot_keys import key_of, name_of
from firnline.cli.stored import StoredIn
from firnline.diagnostics.visible import visible
from firnline.language.model import matches
from firnline.pipeline import Compilation
from firnline.rules.bucket_rules import BucketRules, rules_of_patterns
from firnline.rules.program import Program


def covered_buckets(compilation: Compilation) -> tuple[BucketRules, ...]:
    """Those that are known by name, then patterns that no lock resolves."""
    named = (each for each in compilation.buckets if each.program is not None)
    return (*named, *rules_of_patterns(compilation.folder))


def rules_of(bucket: str, covered: Sequence[BucketRules]) -> BucketRules | None:
    """None where no policy covers it."""
    return next((each for each in covered if _is_of(each, bucket)), None)


def program_of(bucket: str, covered: Sequence[BucketRules]) -> Program | None:
    found = rules_of(bucket, covered)
    return found.program if found else None


def bucket_of(stored: StoredIn, covered: Sequence[BucketRules]) -> str:
    """Of a listing, which does not name it, the only one. Raises `CommandFailed` where there are
    several.
    """
    if stored.bucket is not None:
        return stored.bucket
    keys = [each.bucket.key for each in covered if "*" not in each.bucket.name]
    return name_of(key_of(None, visible(stored.path), keys))


def _is_of(rules: BucketRules, name: str) -> bool:
    """A pattern is of all buckets that it matches and that its policies do not exclude."""
    bucket, program = rules.bucket, rules.program
    return (
        matches(name, bucket.name)
        and program is not None
        and any(each.covers(bucket.account, name, bucket.region) for each in program.policies)
    )
