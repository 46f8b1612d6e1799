"""A lifecycle file that a command is given: what is in it, and which configuration is meant?"""

from __future__ import annotations

import sys
from typing import Final

from firnline.cli.failed import CommandFailed
from firnline.cli.streams import say, say_diagnostics
from firnline.diagnostics.kinds import has_errors
from firnline.diagnostics.remedy_words import in_words
from firnline.diagnostics.visible import visible
from firnline.language.nearest import did_you_mean
from firnline.lint import is_ours
from firnline.lint.rule_set import NoRuleSet, rule_set
from firnline.lint.sources.read import read_file
from firnline.lint.written import ReadFile, Unconfigured, Written
from firnline.s3.model import RuleSet
from firnline.workspace import STDIN, refuse_empty

Named = Written | Unconfigured
"""A configuration, or a bucket that has none."""

_LISTED: Final = 10


def read_lifecycle_file(path: str, colour: str) -> ReadFile:
    """The file, or stdin for `-`. Raises `CommandFailed`, `NothingGiven`."""
    try:
        if path == STDIN:
            content = sys.stdin.buffer.read()
        else:
            with open(path, "rb") as stream:
                content = stream.read()
    except OSError as problem:
        raise CommandFailed(f"{path} cannot be read: {problem.strerror}") from None
    shown = _shown(path)
    refuse_empty({shown: content})
    if is_ours(content):
        raise CommandFailed(
            f"{_shown(path)} is a file of policies: name their folder with `--policies`, and the"
            " bucket, instead of `--rules`"
        )
    read = read_file(content, shown)
    if read.diagnostics:
        say_diagnostics(read.diagnostics, colour, [path])
    if has_errors(read.diagnostics):
        raise CommandFailed(f"{_shown(path)} has errors, so there are no rules", code=1)
    return read


def chosen(read: ReadFile, path: str, name: str | None) -> Named:
    """The one that is called `name`, by its bucket or its resource; else the only one. Raises
    `CommandFailed`.
    """
    all_named: tuple[Named, ...] = (*read.configurations, *read.unconfigured)
    if not all_named:
        raise CommandFailed(f"{_shown(path)} has no lifecycle rules")
    if len(all_named) == 1 and (name is None or all_named[0].bucket is None):
        return all_named[0]
    found = [each for each in all_named if name is not None and is_called(each, name)]
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        several = "; ".join(each.resource for each in found)
        raise CommandFailed(f"{_shown(path)} has several configurations for `{name}`: {several}")
    raise CommandFailed(_which(all_named, path, name))


def is_called(named: Named, name: str) -> bool:
    return name.removeprefix("s3://").rstrip("/") in (named.bucket, named.resource)


def called(named: Named) -> str:
    """The bucket, and what the file calls the configuration; one of them where that says all."""
    bucket, resource = named.bucket, named.resource
    if bucket is None or resource.rsplit("/", 1)[-1] == bucket:
        return resource
    return f"{bucket} ({resource})" if resource else bucket


def rules_of(named: Named, path: str, colour: str) -> RuleSet:
    """Raises `CommandFailed`."""
    if isinstance(named, Unconfigured):
        say(f"{_shown(path)}: {called(named)} has no lifecycle rules")
        return RuleSet(())
    try:
        return rule_set(named)
    except NoRuleSet as why:
        say_diagnostics(why.diagnostics, colour, [path])
        raise CommandFailed(f"{_shown(path)} has errors, so there are no rules", code=1) from None


def _shown(path: str) -> str:
    return "<stdin>" if path == STDIN else path


def _which(all_named: tuple[Named, ...], path: str, name: str | None) -> str:
    names = [called(each) for each in all_named]
    listed = "; ".join(map(visible, names[:_LISTED]))
    more = len(names) - _LISTED
    listed += f"; and {more:,} more" if more > 0 else ""
    if name is None:
        return (
            f"{_shown(path)} has rules of {len(names):,} buckets: name one with `--bucket`, by its"
            f" name or its resource: {listed}"
        )
    known = [word for each in all_named for word in (each.bucket, each.resource) if word]
    near = did_you_mean(name, known)
    hint = f" {in_words((near,))}" if near else ""
    return f"{_shown(path)} has no rules of `{visible(name)}`:{hint} it has {listed}"
