"""All records of one resource by list, and a second witness of how many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from firnline.reach.registries.sagemaker.requests import Api, Gone
from firnline.reach.registries.sagemaker.resources import Resource
from firnline.reach.source import CannotRead

Scopes: TypeAlias = Sequence[Mapping[str, str]]

_PAGE: Final = 100
_ATTEMPTS: Final = 4


class Witness(StrEnum):
    """What counted independently of the list, as certificates write it."""

    SEARCH = "Search"
    OPPOSITE_LIST = "a second list in the opposite order"
    SECOND_LIST = "a second list"


@dataclass(frozen=True, slots=True)
class Listing:
    """`independent` is the count of the witness."""

    summaries: tuple[dict[str, Any], ...]
    independent: int
    counted_by: Witness
    problems: tuple[str, ...] = ()


def listing_of(api: Api, resource: Resource, scopes: Scopes = ({},)) -> Listing:
    """Counted by Search where it counts the resource and agrees, otherwise by another listing, in
    the opposite order. What any listing shows is read. `scopes` are the parameters of lists that
    together are all, such as one of each group. Raises `CannotRead`.
    """
    first = _listed(api, resource, "Ascending", scopes)
    hits = _hits(api, resource) if resource.search else None
    if hits == len(first):
        return Listing(tuple(first.values()), hits, Witness.SEARCH)
    return _listed_again(api, resource, scopes, first, hits)


def _listed_again(
    api: Api,
    resource: Resource,
    scopes: Scopes,
    first: dict[str, dict[str, Any]],
    hits: int | None,
) -> Listing:
    read, before = dict(first), first
    for attempt in range(_ATTEMPTS):
        again = _listed(api, resource, ("Descending", "Ascending")[attempt % 2], scopes)
        read |= again
        if again.keys() == before.keys():
            return _counted(resource, read, len(again), len(before), hits)
        before = again
    problem = (
        f"lists other {resource.what}s each time ({len(first):,}, then {len(before):,}): read it"
        " again when fewer change"
    )
    return Listing(tuple(read.values()), len(before), _witness(resource), (problem,))


def _counted(
    resource: Resource, read: dict[str, dict[str, Any]], again: int, listed: int, hits: int | None
) -> Listing:
    """Search may lag behind with what is new; where it knows of more, something is missing."""
    gone = len(read) - listed
    if hits is not None and hits > listed:
        problem = (
            f"lists {listed:,} {resource.what}s, but Search counts {hits:,}: its index may lag"
            " behind deletions; read it again in some minutes"
        )
        return Listing(tuple(read.values()), hits + gone, Witness.SEARCH, (problem,))
    return Listing(tuple(read.values()), again + gone, _witness(resource))


def _witness(resource: Resource) -> Witness:
    return Witness.OPPOSITE_LIST if resource.is_sorted else Witness.SECOND_LIST


def _listed(api: Api, resource: Resource, order: str, scopes: Scopes) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for scope in scopes:
        parameters = {**scope, "MaxResults": _PAGE}
        if resource.is_sorted:
            parameters |= {"SortBy": "CreationTime", "SortOrder": order}
        for summary in api.items(resource.listing, resource.items, **parameters):
            found[resource.name_of(summary)] = {**summary, **scope}
    return found


def _hits(api: Api, resource: Resource) -> int | None:
    """None where Search does not say exactly, or may not be called: it is only a witness."""
    try:
        total = api.call("Search", Resource=resource.search, MaxResults=1).get("TotalHits")
    except (CannotRead, Gone):
        return None
    if not total or total.get("Relation") != "EqualTo":
        return None
    return int(total["Value"])
