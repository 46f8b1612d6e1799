"""Which rules did before what a retention says?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from firnline.fleet.imported.acting import Acting, scope_of
from firnline.fleet.imported.choice import Owner, ends_versions
from firnline.fleet.imported.grouped import retention_of, split
from firnline.fleet.imported.model import ImportedRetention
from firnline.s3.compare.atoms import of_rule
from firnline.s3.model import Rule
from firnline.s3.terms import Clock


def with_origins(
    owners: Iterable[Owner], acting: Acting, stay: Collection[Rule], unnamed: Collection[str]
) -> Iterator[ImportedRetention]:
    """Rules that `stay` are no origin, and those that are `unnamed` have no ID to say."""
    of_rules = {
        rule: {atom.clock for atom in of_rule(rule, acting.minimum_size)} for rule in acting.rules
    }
    named = [each for each in acting.rules if each.enabled and each.id not in unnamed]
    gone = [(each, scope_of(each.filter)) for each in named if each not in stay]
    for owner in split(owners)[1]:
        clocks = set(_clocks(owner))
        ids = tuple(
            rule.id for rule, scope in gone if scope == owner.scope and of_rules[rule] & clocks
        )
        near = () if ids else acting.nearest(owner.scope)
        meeting = tuple(r.id for r in near if r in named and of_rules[r] & clocks)
        yield replace(retention_of(owner), rule_ids=ids, meeting=meeting)


def _clocks(owner: Owner) -> Iterator[Clock]:
    """Those of which the retention speaks, and delete markers where they go with the versions."""
    yield from owner.told
    if owner.uploads is not None:
        yield Clock.MULTIPART_UPLOADS
    if owner.removes_markers is not None or ends_versions(owner):
        yield Clock.DELETE_MARKERS
