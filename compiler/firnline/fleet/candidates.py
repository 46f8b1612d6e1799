"""Accounts as the sources of `accounts_from` know them → accounts of the fleet, with labels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from firnline.language.account_sources import FIRST_WAVE
from firnline.language.fleet import Account, Fleet
from firnline.language.said import Said

_ACTIVE = "ACTIVE"
_OTHER_SIGNS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account of a source. `state` is what AWS says of it; `unusable` says why it cannot be
    managed, where that is so. In `profile`, `{id}`, `{name}` and `{label}` stand for the account's.
    """

    id: str
    name: str
    source: str
    regions: tuple[str, ...]
    role: str | None
    wave: int = FIRST_WAVE
    external_id: str | None = None
    profile: str = ""
    state: str = _ACTIVE
    unusable: str = ""

    @property
    def is_active(self) -> bool:
        return self.state == _ACTIVE


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An account of a source that is none of the fleet's, and why."""

    id: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class FoundAccounts:
    """By their ids, in order."""

    accounts: tuple[Account, ...]
    left_out: tuple[LeftOut, ...] = ()


def accounts_of(
    fleet: Fleet, before: Iterable[Account], candidates: Iterable[Candidate]
) -> FoundAccounts:
    """`before` are the accounts of the old lock: one that is in it keeps its label, whatever its
    name is now, so that no policy has to follow. `fleet` is the file; what it lists stays as it is.
    The candidates are in the order of the sources: the first of an account counts.
    """
    usable: dict[str, Candidate] = {}
    left_out: list[LeftOut] = []
    by_hand = {account.id.value: account.label for account in fleet.accounts if not account.source}
    for each in sorted(candidates, key=lambda each: each.id):
        why = _why_not(each, by_hand, usable)
        if why:
            left_out.append(LeftOut(each.id, each.name, why))
        else:
            usable[each.id] = each
    taken = {label.value for label in by_hand.values()}
    labels = _labels(list(usable.values()), taken, {each.id.value: each for each in before})
    place = fleet.namespace.span
    return FoundAccounts(
        tuple(
            Account(
                label=Said(labels[id], place),
                id=Said(id, place),
                regions=each.regions,
                role=Said(each.role, place) if each.role else None,
                wave=each.wave,
                external_id=Said(each.external_id, place) if each.external_id else None,
                source=each.source,
                name=each.name,
                profile=_profile(each, labels[id]),
            )
            for id, each in usable.items()
        ),
        tuple(left_out),
    )


def _profile(each: Candidate, label: str) -> str:
    said = {"{id}": each.id, "{name}": each.name, "{label}": label}
    return re.sub("{id}|{name}|{label}", lambda found: said[found[0]], each.profile)


def _why_not(
    each: Candidate, by_hand: dict[str, Said[str]], usable: dict[str, Candidate]
) -> str | None:
    if each.id in by_hand:
        return f"the fleet file lists it as `{by_hand[each.id].value}`, and that counts"
    if not each.is_active:
        return f"it is {each.state} in {each.source}"
    if each.id in usable:
        return f"it was found in {usable[each.id].source} before, and the first entry counts"
    return each.unusable


def _labels(
    accounts: Sequence[Candidate], taken: set[str], before: dict[str, Account]
) -> dict[str, str]:
    labels = {
        each.id: before[each.id].label.value
        for each in accounts
        if each.id in before and before[each.id].label.value not in taken
    }
    used = {*taken, *labels.values()}
    for each in accounts:
        if each.id not in labels:
            labels[each.id] = next(label for label in _possible(each) if label not in used)
            used.add(labels[each.id])
    return labels


def _possible(account: Candidate) -> Iterator[str]:
    """Its name in small letters and digits; where another account has that, with digits of its
    id.
    """
    name = _OTHER_SIGNS.sub("-", account.name.lower()).strip("-") or "account"
    yield name
    yield f"{name}-{account.id[-4:]}"
    yield f"{name}-{account.id}"
