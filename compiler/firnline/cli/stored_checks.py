"""`check --inventory FILE` and its like: what do policies miss of what is stored?"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace

from firnline.cli.covering import bucket_of, covered_buckets, rules_of
from firnline.cli.failed import CommandFailed
from firnline.cli.item_options import now
from firnline.cli.open_stored import moment_of
from firnline.cli.population import population_of
from firnline.cli.stored import StoredIn
from firnline.cli.stored_costs import Costs, StoredUnder, with_costs
from firnline.cli.streams import say
from firnline.diagnostics.kinds import Waived, in_order
from firnline.diagnostics.visible import visible
from firnline.inventory.checks.not_told import not_told
from firnline.inventory.checks.seen import Seen, SeenBucket, look, policies_of
from firnline.inventory.checks.stored_findings import stored_findings
from firnline.language.check import Known
from firnline.language.waivers import waive, waived
from firnline.pipeline import Compilation
from firnline.rules.prove_fixes import with_fixes
from firnline.s3.terms import Versioning


def with_stored(
    compilation: Compilation, known: Known, arguments: Namespace, everything: Sequence[StoredIn]
) -> Compilation:
    """With what is found in `everything` that is stored in its buckets. Raises `CommandFailed`."""
    if compilation.failed:
        say("what is stored was not compared: the policies have errors")
        return compilation
    if not compilation.folder.policies and compilation.lifecycle_files:
        return compilation
    if not compilation.folder.policies:
        say("what is stored was not compared: there are no policies here")
        return compilation
    at = moment_of(arguments)
    with ExitStack() as opened:
        stored = list(_covered(compilation, everything))
        buckets = tuple(_looked_at(each, opened) for each in stored)
        seen = Seen(buckets, _partly(compilation, buckets))
        today = known.today or now().date()
        found = list(stored_findings(seen, today, known.project.max_age.inventory))
        for line in not_told(seen):
            say(line)
        costs = Costs(compilation.diagnostics)
        if stored:
            versioning = Versioning(arguments.versioning) if arguments.versioning else None
            costs = with_costs(costs.told, stored, at, versioning, arguments.reads)
    found = list(with_fixes(found, [bucket.program for bucket in buckets]))
    policies = policies_of(buckets)
    return replace(
        compilation,
        diagnostics=in_order([*costs.told, *waive(policies, found)]),
        waived=(*_not_again(compilation, costs), *costs.waived, *waived(policies, found)),
    )


def _not_again(compilation: Compilation, costs: Costs) -> Iterator[Waived]:
    """What files alone told, and facts do not tell again with numbers."""
    again = {(each.diagnostic.kind, each.diagnostic.place) for each in costs.waived}
    for each in compilation.waived:
        if (each.diagnostic.kind, each.diagnostic.place) not in again:
            yield each


def _covered(compilation: Compilation, everything: Sequence[StoredIn]) -> Iterator[StoredUnder]:
    """Raises `CommandFailed`."""
    covered = covered_buckets(compilation)
    seen: set[str] = set()
    for stored in everything:
        name = bucket_of(stored, covered)
        if name in seen:
            raise CommandFailed(
                f"{visible(stored.path)} is of bucket `{visible(name)}`, as is another one: its"
                " objects would count twice"
            )
        seen.add(name)
        rules = rules_of(name, covered)
        if rules is None:
            say(f"no policy here covers bucket `{visible(name)}`, of {visible(stored.path)}")
            continue
        yield StoredUnder(name, stored, rules)


def _looked_at(each: StoredUnder, opened: ExitStack) -> SeenBucket:
    """Raises `CommandFailed`."""
    program = each.rules.program
    assert program is not None, "a policy covers it"
    told = opened.enter_context(population_of(each.stored, each.name))
    return look(each.name, program, told.population, told.facts, told.as_of)


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
