"""`check --inventory FILE` and its like: what do policies miss of what is stored?"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, time

from firnline.cli.failed import CommandFailed
from firnline.cli.inventory_source import InventorySource
from firnline.cli.item_options import now
from firnline.cli.population import population_of
from firnline.cli.snapshot_keys import key_of, name_of
from firnline.cli.stored import StoredIn, read_stored
from firnline.cli.streams import say
from firnline.diagnostics.kinds import in_order
from firnline.diagnostics.visible import visible
from firnline.inventory.checks.seen import Seen, SeenBucket, look, policies_of
from firnline.inventory.checks.stored_findings import stored_findings
from firnline.language.check import Known
from firnline.language.model import matches
from firnline.language.waivers import waive, waived
from firnline.pipeline import Compilation
from firnline.rules.bucket_rules import BucketRules, rules_of_patterns
from firnline.rules.program import Program
from firnline.rules.prove_fixes import with_fixes
from firnline.settings import policies_folder


def with_stored(compilation: Compilation, known: Known, arguments: Namespace) -> Compilation:
    """With what is found in what is stored in its buckets. Raises `CommandFailed`."""
    if compilation.failed:
        say("what is stored was not compared: the policies have errors")
        return compilation
    if not compilation.folder.policies and compilation.lifecycle_files:
        return compilation
    if not compilation.folder.policies:
        say("what is stored was not compared: there are no policies here")
        return compilation
    with ExitStack() as opened:
        buckets = tuple(_seen(compilation, arguments, opened))
        seen = Seen(buckets, _partly(compilation, buckets))
        today = known.today or now().date()
        found = list(stored_findings(seen, today, known.project.max_age.inventory))
    found = list(with_fixes(found, [bucket.program for bucket in buckets]))
    policies = policies_of(buckets)
    return replace(
        compilation,
        diagnostics=in_order([*compilation.diagnostics, *waive(policies, found)]),
        waived=(*compilation.waived, *waived(policies, found)),
    )


def _seen(
    compilation: Compilation, arguments: Namespace, opened: ExitStack
) -> Iterator[SeenBucket]:
    """Raises `CommandFailed`."""
    covered = covered_buckets(compilation)
    seen: set[str] = set()
    for stored in _stored(arguments):
        name = stored.bucket or _only(stored, covered)
        if name in seen:
            raise CommandFailed(
                f"{visible(stored.path)} is of bucket `{visible(name)}`, as is another one: its"
                " objects would count twice"
            )
        seen.add(name)
        program = program_of(name, covered)
        if program is None:
            say(f"no policy here covers bucket `{visible(name)}`, of {visible(stored.path)}")
            continue
        told = opened.enter_context(population_of(stored, name))
        yield look(name, program, told.population, told.facts, told.as_of)


def covered_buckets(compilation: Compilation) -> tuple[BucketRules, ...]:
    """Those that are known by name, then patterns that no lock resolves."""
    named = (each for each in compilation.buckets if each.program is not None)
    return (*named, *rules_of_patterns(compilation.folder))


def program_of(bucket: str, covered: Sequence[BucketRules]) -> Program | None:
    """What policies require of it."""
    return next((each.program for each in covered if matches(bucket, each.bucket.name)), None)


def _only(stored: StoredIn, covered: Sequence[BucketRules]) -> str:
    """The bucket of a listing, which does not name it. Raises `CommandFailed` where there are
    several.
    """
    keys = [each.bucket.key for each in covered if "*" not in each.bucket.name]
    return name_of(key_of(None, visible(stored.path), keys))


def _stored(arguments: Namespace) -> Iterator[StoredIn]:
    whole = Namespace(**{**vars(arguments), "bucket": None, "months": 1})
    today = arguments.today
    at = now() if today is None else datetime.combine(today, time.max, UTC)
    at = arguments.as_of or at
    yield from read_stored(whole, at, InventorySource(arguments.account, policies_folder().path))


def _partly(compilation: Compilation, seen: Sequence[SeenBucket]) -> frozenset[str]:
    """The policies that cover other buckets, or may do so where no lock says which there are."""
    names = {each.name for each in seen}
    others = [each for each in compilation.buckets if each.bucket.name not in names]
    programs = (each.program for each in others if each.program)
    found = {policy.name.span.path for each in programs for policy in each.policies}
    if compilation.folder.lock is None:
        found |= {
            policy.name.span.path
            for policy in compilation.folder.policies
            for entry in policy.applies_to
            if any("*" in name.value for name in entry.included) or not entry.included
        }
    return frozenset(found)
