"""`accounts_from` of a fleet file → where accounts are found."""

from __future__ import annotations

from collections.abc import Iterator

from firnline.language.account_sources import FIRST_WAVE, AccountSource, C7nOrg, Organization
from firnline.language.nodes import List, Map, Node, Text
from firnline.language.values import one_or_many, said_under, tags_in, whole_number


def account_sources_in(node: Node | None) -> Iterator[AccountSource]:
    for entry in node.items if isinstance(node, List) else (node,):
        if not isinstance(entry, Map):
            continue
        organization = entry.get("organization")
        if isinstance(organization, Map):
            yield _organization(organization)
        else:
            yield C7nOrg(
                file=said_under(entry, "c7n_org", ""),
                regions=one_or_many(entry.get("regions")),
                exclude=one_or_many(entry.get("exclude")),
                wave=wave_in(entry),
            )


def wave_in(settings: Map) -> int:
    wave = settings.get("wave")
    return whole_number(wave) if isinstance(wave, Text) else FIRST_WAVE


def _organization(settings: Map) -> Organization:
    external_id = settings.get("external_id")
    return Organization(
        units=one_or_many(settings.get("ou")),
        tags=tags_in(settings.get("tags")),
        role_name=said_under(settings, "role_name", ""),
        regions=one_or_many(settings.get("regions")),
        exclude=one_or_many(settings.get("exclude")),
        wave=wave_in(settings),
        external_id=said_under(settings, "external_id", "") if external_id else None,
        profile=said_under(settings, "profile", "").value,
    )
