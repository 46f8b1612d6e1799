"""Lifecycle files → the buckets in them that are to be imported, each with its rules."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from firnline.cli.failed import CommandFailed
from firnline.cli.import_places import Places
from firnline.cli.lifecycle_file import Named, called
from firnline.diagnostics.kinds import Diagnostic, has_errors
from firnline.diagnostics.visible import visible
from firnline.fleet.imported.model import ImportedBucket
from firnline.language.model import matches
from firnline.language.syntax import Content
from firnline.lint import is_lifecycle_file, is_ours
from firnline.lint.rule_set import NoRuleSet, NotKnownYet, rule_set
from firnline.lint.sources.read import read_file
from firnline.lint.written import Unconfigured, Written
from firnline.s3.model import RuleSet
from firnline.workspace import read_paths, refuse_empty

_LISTED = 5


@dataclass(frozen=True, slots=True)
class ToImport:
    bucket: ImportedBucket
    rules: RuleSet


@dataclass(frozen=True, slots=True)
class Chosen:
    """What `--bucket` says: patterns of names, and names of what files call otherwise, or of
    the only bucket in a file.
    """

    patterns: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def includes(self, bucket: str, *called: str) -> bool:
        known = any(matches(bucket, pattern) for pattern in self.patterns)
        by_name = any(each in self.names for each in called)
        return known or by_name or not (self.patterns or self.names)

    @property
    def only(self) -> str | None:
        """The one name that is said, where it is no pattern."""
        one = len(self.patterns) == 1 and "*" not in self.patterns[0]
        return self.patterns[0] if one and not self.names else None


@dataclass(slots=True)
class Sources:
    """`found` says what is wrong with the files, or not known from them; `without` are buckets that
    have no rules, `managed` those that have only Firnline's. `failed` says what was not imported.
    """

    wanted: list[ToImport] = field(default_factory=list)
    found: list[Diagnostic] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    managed: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def chosen(said: Sequence[str]) -> Chosen:
    patterns, names = [], {}
    for each in said:
        resource, equals, name = each.rpartition("=")
        if equals:
            names[resource] = _plain(name)
        else:
            patterns.append(_plain(name))
    return Chosen(tuple(patterns), names)


def read_sources(paths: Sequence[str], only: Chosen, places: Places) -> Sources:
    """Raises `CommandFailed` and `NoPolicies`."""
    files = read_paths(paths)
    refuse_empty(files)
    sources = Sources()
    named = list(_configurations(files, sources))
    seen: dict[str, str] = {}
    for path, each in named:
        name = _name(path, each, only, len(named))
        if not only.includes(name or "", path, each.resource):
            continue
        if name is None:
            sources.failed.append(_unnamed(path, each, len(named)))
            continue
        if name in seen:
            raise CommandFailed(
                f"{seen[name]} and {_place(path, each)} are both for bucket `{visible(name)}`, and"
                " S3 would keep only one of them: name one of the files",
                code=1,
            )
        seen[name] = _place(path, each)
        _read(each, places.of(name, each.resource), sources)
    if not seen and not sources.failed and not has_errors(sources.found):
        raise CommandFailed(_none(only, named, paths))
    return sources


def _configurations(files: Mapping[str, Content], sources: Sources) -> Iterator[tuple[str, Named]]:
    for path, content in files.items():
        if isinstance(content, bytes) and not is_lifecycle_file(path, content):
            what = "is a policy already" if is_ours(content) else "has no lifecycle rules of others"
            raise CommandFailed(
                f"{visible(path)} {what}: name a file such as JSON of the AWS CLI, XML, a Terraform"
                " plan or a template"
            )
        read = read_file(content, path)
        sources.found += read.diagnostics
        if not has_errors(read.diagnostics):
            all_named: tuple[Named, ...] = (*read.configurations, *read.unconfigured)
            yield from ((path, each) for each in all_named)


def _read(named: Named, bucket: ImportedBucket, sources: Sources) -> None:
    if isinstance(named, Unconfigured):
        sources.without.append(bucket.name)
        return
    try:
        rules = rule_set(named)
    except NoRuleSet as why:
        sources.found += why.diagnostics
        known = "are not known yet" if isinstance(why, NotKnownYet) else "are refused by S3"
        sources.failed.append(f"{visible(bucket.name)}: not imported, as its rules {known}")
        return
    if not rules.rules:
        sources.without.append(bucket.name)
        return
    if named.beside_others:
        sources.notes.append(f"{visible(bucket.name)}: {named.beside_others}")
    if bucket.versioning is None:
        bucket = replace(bucket, versioning=named.versioning)
    sources.wanted.append(ToImport(bucket, rules))


def _name(path: str, named: Named, only: Chosen, number: int) -> str | None:
    """`number` is that of all configurations."""
    if (said := only.names.get(named.resource) or only.names.get(path)) is not None:
        return said
    if named.bucket is not None:
        return named.bucket
    return only.only if number == 1 else None


def _unnamed(path: str, named: Named, number: int) -> str:
    if not named.resource and number == 1:
        return f"{visible(path)} does not say which bucket it is of: name it with `--bucket NAME`"
    option = shlex.quote(f"{visible(named.resource or path)}=NAME")
    return f"{_place(path, named)}: its bucket is not known: say its name with `--bucket {option}`"


def _none(only: Chosen, named: Sequence[tuple[str, Named]], paths: Sequence[str]) -> str:
    shown = ", ".join(map(visible, paths))
    if not named:
        return f"{shown}: no lifecycle rules there"
    unnamed = next(((path, each) for path, each in named if each.bucket is None), None)
    if unnamed is not None:
        return _unnamed(*unnamed, len(named))
    said = ", ".join(f"`{visible(each)}`" for each in (*only.patterns, *only.names))
    listed = "; ".join(visible(called(each)) for _, each in named[:_LISTED])
    more = f"; and {len(named) - _LISTED:,} more" if len(named) > _LISTED else ""
    return f"{shown}: no bucket there is called {said}: there are {listed}{more}"


def _place(path: str, named: Written | Unconfigured) -> str:
    return f"{visible(path)} ({visible(named.resource)})" if named.resource else visible(path)


def _plain(name: str) -> str:
    return name.removeprefix("s3://").rstrip("/")
