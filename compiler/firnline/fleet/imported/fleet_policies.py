"""The policies of single buckets → as few as say the same, each proved for all its buckets."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile
from typing import Final

from firnline.fleet.imported.model import ImportedRetention, Relation
from firnline.fleet.imported.proved_shared import Imported, NotTheSame, Place, relations
from firnline.fleet.imported.shared_policies import (
    OwnPolicy,
    SharedPolicy,
    own_policy,
    shared_policies,
    split,
)
from firnline.fleet.imported.shared_text import as_data, shared_text
from firnline.fleet.imported.single_prefixes import one_by_one, together
from firnline.fleet.imported.text import policy_text
from firnline.inventory.advice.names import policy_name
from firnline.language.edit_map import entries
from firnline.language.pyyaml import as_name

_MOST_REMARKS: Final = 12
_FEWEST_WORDS: Final = 2


@dataclass(frozen=True, slots=True)
class FleetPolicy:
    """`members` in the order of accounts and buckets, and what is proved of each."""

    name: str
    text: str
    members: tuple[Imported, ...]
    relations: Mapping[Place, Relation]
    overridden: frozenset[Place]


@dataclass(frozen=True, slots=True)
class Refused:
    """A bucket whose policy does not do, even for it alone."""

    imported: Imported
    why: NotTheSame


@dataclass(frozen=True, slots=True)
class Names:
    """`name` is what the user says, `taken` are those of policies that are there."""

    owner: str | None = None
    name: str | None = None
    taken: Collection[str] = ()


def fleet_policies(
    imported: Sequence[Imported], said: Names
) -> tuple[tuple[FleetPolicy, ...], tuple[Refused, ...]]:
    """Every bucket is in one of them, or refused."""
    by_place = {each.place: each for each in imported}
    owns = [_own(each) for each in imported]
    found: list[FleetPolicy] = []
    refused: list[Refused] = []
    for shared in shared_policies(owns):
        for proved in _proved(shared, by_place, said.owner):
            if isinstance(proved, Refused):
                refused.append(proved)
                continue
            name = _free(said.name or _name(proved), {*said.taken, *_names(found)})
            found.append(_named(proved, name))
    return tuple(found), tuple(refused)


def _proved(
    shared: SharedPolicy, by_place: Mapping[Place, Imported], owner: str | None
) -> Iterator[FleetPolicy | Refused]:
    members = tuple(by_place[each.place] for each in shared.members)
    text = _text(shared, by_place, owner)
    told = relations(text, members)
    if not isinstance(told, NotTheSame):
        yield FleetPolicy(_UNNAMED, text, members, told, frozenset(shared.overrides))
        return
    if len(members) == 1:
        yield Refused(members[0], told)
        return
    for part in split(shared):
        yield from _proved(part, by_place, owner)


_UNNAMED: Final = "imported-policy-without-a-name"


def _own(each: Imported) -> OwnPolicy:
    kept = (stays.rule.id for stays in each.policy.kept)
    return own_policy(*each.place, as_data(_own_text(each)), kept)


def _own_text(each: Imported) -> str:
    account, bucket = each.place
    there = [(account, [bucket])]
    policy = one_by_one(each.policy)
    return policy_text(policy, _UNNAMED, None, there, on_one_line=False, laid_out=False)


def _text(shared: SharedPolicy, by_place: Mapping[Place, Imported], owner: str | None) -> str:
    base, shared = together(by_place[shared.base.place].policy, shared)
    there: dict[str, list[str]] = defaultdict(list)
    for account, bucket in (each.place for each in shared.members):
        there[account].append(bucket)
    members = [by_place[each.place] for each in shared.members]
    origins = tuple(_with_origins(each, members) for each in base.retentions)
    policy = replace(base, comments=tuple(_comments(members)), retentions=origins)
    one_line = not shared.overrides
    in_all = list(there.items())
    text = policy_text(
        policy,
        _UNNAMED,
        owner,
        in_all,
        adopts=shared.adopts,
        on_one_line=one_line,
        laid_out=False,
    )
    return shared_text(text, shared)


def _with_origins(retention: ImportedRetention, members: Sequence[Imported]) -> ImportedRetention:
    """With the rules of all members of which it comes."""
    ids = (
        rule
        for each in members
        for other in each.policy.retentions
        if _is_of(other, retention)
        for rule in other.rule_ids
    )
    return replace(retention, rule_ids=tuple(dict.fromkeys(ids)))


def _is_of(one: ImportedRetention, other: ImportedRetention) -> bool:
    """Whether they share a scope."""
    scopes = [(each.tags, each.over, each.under) for each in (one, other)]
    return scopes[0] == scopes[1] and not set(one.prefixes).isdisjoint(other.prefixes)


def _comments(members: Sequence[Imported]) -> Iterator[str]:
    """Those of all of them as they are, and the others with their bucket."""
    said: dict[str, list[str]] = defaultdict(list)
    for each in members:
        for remark in each.policy.comments:
            said[remark].append(each.policy.bucket.name)
    lines = [
        remark if len(buckets) == len(members) else f"{_some(buckets)}: {remark}"
        for remark, buckets in said.items()
    ]
    yield from lines[:_MOST_REMARKS]
    if len(lines) > _MOST_REMARKS:
        yield f"and {len(lines) - _MOST_REMARKS} more such remarks"


def _some(buckets: Sequence[str]) -> str:
    first, *others = buckets
    return f"{first} and {len(others)} more" if others else first


def _named(policy: FleetPolicy, name: str) -> FleetPolicy:
    said = entries({"policy": as_name(name)}, quoted=False)
    text = re.sub(rf"^policy: {_UNNAMED}$", lambda _: said, policy.text, count=1, flags=re.M)
    return replace(policy, name=name, text=text)


def _name(policy: FleetPolicy) -> str:
    """The words with which the names of its buckets begin and end alike; those with settings of
    their own may have others.
    """
    usual = [each for each in policy.members if each.place not in policy.overridden]
    names = [each.policy.bucket.name for each in (usual if usual[1:] else policy.members)]
    if len(policy.members) == 1:
        return policy_name(names[0])
    words = [re.split(r"[-._]", name) for name in names]
    shortest = min(map(len, words))
    begin = _alike(words)
    end = _alike([each[::-1] for each in words], most=shortest - len(begin))[::-1]
    shared = [*begin, *end]
    if len(shared) < min(shortest, _FEWEST_WORDS):
        return policy_name(f"{names[0]}-and-others")
    return policy_name("-".join(shared))


def _alike(names: Sequence[Sequence[str]], most: int | None = None) -> list[str]:
    """The words with which all begin."""
    pairs = takewhile(lambda here: len(set(here)) == 1, zip(*names, strict=False))
    return [here[0] for here in islice(pairs, most)]


def _names(policies: Sequence[FleetPolicy]) -> Iterator[str]:
    return (each.name for each in policies)


def _free(name: str, taken: Collection[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free
