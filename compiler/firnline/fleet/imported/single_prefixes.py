"""Retentions of several prefixes, prefix by prefix: another bucket may tell the prefixes apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from firnline.fleet.imported.model import ImportedPolicy, ImportedRetention
from firnline.fleet.imported.names import named
from firnline.fleet.imported.shared_policies import RETAIN, SharedPolicy


def one_by_one(policy: ImportedPolicy) -> ImportedPolicy:
    """Each retention for one prefix, under a name of its own."""
    alone = (
        replace(each, prefixes=(prefix,)) for each in policy.retentions for prefix in each.prefixes
    )
    return replace(policy, retentions=named(alone))


def together(policy: ImportedPolicy, shared: SharedPolicy) -> tuple[ImportedPolicy, SharedPolicy]:
    """The policy whose prefixes the shared one tells apart, with prefixes in one retention where
    all buckets say the same of them.
    """
    parts = list(_parts(policy, shared))
    retentions = named(each for each, _ in parts)
    names = {scope: each.name for each, (_, scope) in zip(retentions, parts, strict=True)}
    overrides = {
        place: {
            path: value for path, value in settings.items() if path[0] != RETAIN or path[1] in names
        }
        for place, settings in shared.overrides.items()
    }
    base = replace(shared.base, names=names)
    return replace(policy, retentions=retentions), replace(shared, base=base, overrides=overrides)


def _parts(policy: ImportedPolicy, shared: SharedPolicy) -> Iterator[tuple[ImportedRetention, str]]:
    """Each with the scope of its first prefix."""
    scopes = {name: scope for scope, name in shared.base.names.items()}
    alone = iter(one_by_one(policy).retentions)
    said = _overrides(shared)
    for each in policy.retentions:
        alike: dict[object, list[tuple[str, str]]] = defaultdict(list)
        for part in islice(alone, len(each.prefixes)):
            scope = scopes[part.name]
            alike[frozenset(said[scope])].append((part.prefixes[0], scope))
        for of_them in alike.values():
            prefixes = tuple(prefix for prefix, _ in of_them)
            yield replace(each, prefixes=prefixes), of_them[0][1]


def _overrides(shared: SharedPolicy) -> dict[str, set[object]]:
    """By scope."""
    found: dict[str, set[object]] = defaultdict(set)
    for place, settings in shared.overrides.items():
        for path, value in settings.items():
            if path[0] == RETAIN:
                found[path[1]].add((place, path[2:], value))
    return found
