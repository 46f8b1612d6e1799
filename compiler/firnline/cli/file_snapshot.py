"""Lifecycle files → a snapshot to compare: the rules of each configuration in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from firnline.cli.failed import CommandFailed
from firnline.cli.lifecycle_file import Named
from firnline.cli.snapshot_keys import ReadSnapshot, is_wanted
from firnline.diagnostics.kinds import Diagnostic, Severity, has_errors
from firnline.diagnostics.visible import visible
from firnline.lint.rule_set import NoRuleSet, NotKnownYet, rule_set
from firnline.lint.sources.read import read_file
from firnline.lint.written import Unconfigured
from firnline.rules.diff.items import ANYWHERE, NOT_KNOWN, UNNAMED
from firnline.rules.diff.owners import BucketConfig
from firnline.s3.model import RuleSet


def of_files(files: Mapping[str, bytes], only: Sequence[str]) -> ReadSnapshot:
    """Raises `CommandFailed` where two configurations are for one bucket."""
    found: list[Diagnostic] = []
    by_key: dict[str, Named] = {}
    paths: dict[str, str] = {}
    for path, content in files.items():
        read = read_file(content, path)
        found += read.diagnostics
        if has_errors(read.diagnostics):
            continue
        all_named: tuple[Named, ...] = (*read.configurations, *read.unconfigured)
        for named in all_named:
            key = _key(named)
            if key in by_key:
                raise CommandFailed(_twice(paths[key], by_key[key], path, named), code=1)
            by_key[key], paths[key] = named, path
    snapshot: dict[str, BucketConfig] = {}
    for key, named in by_key.items():
        is_the_only_one = len(by_key) == 1 and named.bucket is None
        if is_the_only_one or is_wanted(key, only, named.resource):
            try:
                snapshot[key] = _config(named)
            except NotKnownYet as why:
                snapshot[key] = NOT_KNOWN
                found += (replace(each, severity=Severity.WARNING) for each in why.diagnostics)
            except NoRuleSet as why:
                found += why.diagnostics
    resources = {key: named.resource for key, named in by_key.items()}
    return ReadSnapshot({} if has_errors(found) else snapshot, tuple(found), resources)


def _config(named: Named) -> BucketConfig:
    """Raises `NoRuleSet`."""
    if isinstance(named, Unconfigured):
        return BucketConfig(RuleSet(()))
    return BucketConfig(
        rule_set(named), named.versioning, written=named.place("Rules", key=True).first_line
    )


def _key(named: Named) -> str:
    if named.bucket is None:
        return f"{ANYWHERE}{named.resource}" if named.resource else UNNAMED
    is_key = named.resource.count("/") == 2 and named.resource.endswith(f"/{named.bucket}")
    return named.resource if is_key else f"{ANYWHERE}{named.bucket}"


def _twice(path: str, one: Named, other_path: str, other: Named) -> str:
    """S3 keeps one configuration for a bucket: the one that is written last."""
    whose = f"bucket `{visible(one.bucket)}`" if one.bucket else "one bucket"
    places = f"{_place(path, one)} and {_place(other_path, other)}"
    return f"{places} are both for {whose}, and S3 would keep only one of them"


def _place(path: str, named: Named) -> str:
    return f"{path} ({visible(named.resource)})" if named.resource else path
