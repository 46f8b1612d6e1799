"""Changes of policies that are there → their files with them, and the rules of the bucket then."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from firnline.cli.failed import CommandFailed
from firnline.diagnostics.fix import Fix, apply
from firnline.diagnostics.kinds import Diagnostic, has_errors
from firnline.diagnostics.visible import visible
from firnline.inventory.advice.proposed import Change
from firnline.language.model import Folder, Retention
from firnline.language.read_files import folder_of, read_each
from firnline.language.syntax import Content
from firnline.language.tier_classes import DEFAULT_CLASSES
from firnline.pipeline import Compilation, compile_files
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.kept_acts import acting, kept_called
from firnline.rules.program import Program
from firnline.s3.model import Rule
from firnline.s3.terms import Clock, Days
from firnline.settings import policies_folder
from firnline.targets.advice_edits import NO_KEY, fixes_of, keys_to_drop, settings_to_write, up_to
from firnline.targets.advice_policy import tiers_of
from firnline.workspace import NoPolicies, read_paths

Files = Mapping[str, Content]


@dataclass(frozen=True, slots=True)
class Covered:
    """The project's files, and what covers the bucket."""

    files: Files
    compilation: Compilation
    rules: BucketRules
    program: Program


def covering(bucket: str) -> Covered | None:
    """None where no policies of the project cover it. Raises `CommandFailed`."""
    folder = policies_folder().path
    try:
        # An empty one is where the shell writes what is proposed.
        files = {path: each for path, each in read_paths([folder]).items() if each != b""}
    except NoPolicies:
        return None
    compilation = compile_files(files)
    if compilation.failed:
        raise CommandFailed(f"{visible(folder)} has errors, which `firnline check` shows", code=1)
    found = [each for each in compilation.buckets if each.bucket.name == bucket and each.program]
    if len(found) > 1:
        raise CommandFailed(f"`{visible(bucket)}` is the name of {len(found)} buckets")
    if not found or found[0].program is None:
        _refuse_unresolved(compilation.folder, bucket)
        return None
    return Covered(files, compilation, found[0], found[0].program)


def _refuse_unresolved(folder: Folder, bucket: str) -> None:
    """Raises `CommandFailed` where a pattern may cover the bucket, and no lock says whether."""
    for policy in folder.policies:
        entries = policy.applies_to
        if any(each.includes(bucket) for each in entries) and not any(
            each.excludes(bucket) for each in entries
        ):
            raise CommandFailed(
                f"{visible(policy.name.span.source.path)} may cover `{visible(bucket)}` by a"
                " pattern, and the fleet lock does not say so: run `firnline resolve` first"
            )


def has_lock() -> bool:
    """Whether policies of the project are for the buckets that a lock names."""
    try:
        folder, _ = folder_of(read_each(read_paths([policies_folder().path])))
    except NoPolicies:
        return False
    return folder.lock is not None


def refuse_taken(
    ends: Mapping[str, Days], taken: Collection[str], kept: Sequence[Rule] = ()
) -> None:
    """Raises `CommandFailed` where a policy, or a kept rule, says already how long something is
    kept.
    """
    of_others = {rule.filter.prefix: rule.id for rule in acting(kept, [Clock.OBJECTS])}
    for prefix, other in product(ends, taken):
        if prefix.startswith(other) or other.startswith(prefix):
            if other in of_others:
                raise CommandFailed(
                    f"--may-delete {visible(prefix)}: {kept_called(of_others[other])} acts already"
                    f" below `{visible(other)}`; a policy that takes it over says `adopts`"
                )
            raise CommandFailed(
                f"--may-delete {visible(prefix)}: a policy says already how long what is below"
                f" `{visible(other)}` is kept; change that"
            )


@dataclass(frozen=True, slots=True)
class Edited:
    """`made` are the changes that the files have now, each with the rules after each step of it."""

    files: Files
    made: tuple[tuple[Change, tuple[BucketRules, ...]], ...]
    notes: tuple[str, ...]


def edited(covered: Covered, changes: Sequence[Change]) -> Edited:
    """Without those that a person must write, or with which the policies would not compile."""
    files, made, notes = dict(covered.files), [], []
    fixes: dict[str, list[Fix]] = {}
    for change in changes:
        before = fixes.get(change.path, [])
        steps, why_not = _step_by_step(change, covered, files, before)
        if why_not:
            notes.append(f"{in_words(change)}{why_not}")
            continue
        last = steps[-1]
        files, fixes[change.path] = {**files, change.path: last.text}, [*before, *last.fixes]
        change = change._replace(steps=tuple(each.keys for each in steps))
        made.append((change, tuple(each.rules for each in steps)))
    return Edited(files, tuple(made), tuple(notes))


class _Step(NamedTuple):
    """Keys that are written, and the file and the rules with them and those before."""

    keys: tuple[str, ...]
    text: bytes
    fixes: Sequence[Fix]
    rules: BucketRules


def _step_by_step(
    change: Change, covered: Covered, files: Files, before: Sequence[Fix]
) -> tuple[list[_Step], str]:
    """A key with which the policies do not compile yet is in one step with the next. And why the
    last one cannot be made.
    """
    retention = _retention(covered.program, change)
    steps: list[_Step] = []
    keys: tuple[str, ...] = ()
    why_not = ""
    for number, key in enumerate(settings_to_write(change) or [NO_KEY], 1):
        keys = (*keys, key)
        found = fixes_of(up_to(change, number), retention)
        text, overlapping = apply(retention.span.source.text, [*before, *(found or [])])
        if found is None or overlapping:
            why_not = "; write it by hand"
            continue
        then = text.encode()
        rules = _rules(compile_files({**files, change.path: then}), covered.rules)
        if isinstance(rules, BucketRules):
            steps.append(_Step(keys, then, found, rules))
            keys, why_not = (), ""
        else:
            why_not = f", but {visible(rules)}"
    return steps, why_not


def in_words(change: Change) -> str:
    """`policies/lake.yaml: `logs` could move to …`"""
    written = [f"{key}: {value}" for key, value in settings_to_write(change).items()]
    written += [f"no {key}" for key in keys_to_drop(change)]
    if others := ", ".join(_other_classes(change)):
        written.append(f"storage_classes: {{{others}}}")
    return f"{visible(change.path)}: `{change.retention}` would save with {', '.join(written)}"


def _other_classes(change: Change) -> Iterator[str]:
    """Of tiers that mean another class than now, or than where a policy names none."""
    now = {tier: into for tier, into, _ in tiers_of(change.before.moves)}
    for tier, into, _ in tiers_of(change.after.moves):
        if {DEFAULT_CLASSES[tier], now.get(tier, into)} != {into}:
            yield f"{tier}: {into}"


def _retention(program: Program, change: Change) -> Retention:
    return next(
        retention
        for policy in program.policies
        for retention in policy.retentions
        if (policy.name.value, retention.name.value) == (change.policy, change.retention)
    )


def _rules(compilation: Compilation, now: BucketRules) -> BucketRules | str:
    """A text says why there are none."""
    if compilation.failed:
        return _first(compilation.diagnostics)
    return next(each for each in compilation.buckets if each.bucket.key == now.bucket.key)


def _first(found: Sequence[Diagnostic]) -> str:
    return next(_errors(found))


def _errors(found: Sequence[Diagnostic]) -> Iterator[str]:
    for each in found:
        if has_errors([each]):
            yield f"{each.kind.code} {each.message}"
