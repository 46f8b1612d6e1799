"""Where `resolve` finds accounts besides those that the fleet file lists: `accounts_from`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from firnline.language.said import Said
from firnline.language.tag import Tag

FIRST_WAVE = 1
"""Of an account that names none."""


@dataclass(frozen=True, slots=True)
class Organization:
    """The accounts of an AWS organization: those below one of its units, or all, which have every
    tag. Each is reached by the role of that name. `{id}`, `{name}` and `{label}` in `profile` stand
    for those of the account.
    """

    units: tuple[Said[str], ...]
    tags: tuple[Tag, ...]
    role_name: Said[str]
    regions: tuple[Said[str], ...]
    exclude: tuple[Said[str], ...] = ()
    wave: int = FIRST_WAVE
    external_id: Said[str] | None = None
    profile: str = ""


@dataclass(frozen=True, slots=True)
class C7nOrg:
    """The accounts file of c7n-org; `regions` are for accounts of which the file says none."""

    file: Said[str]
    regions: tuple[Said[str], ...] = ()
    exclude: tuple[Said[str], ...] = ()
    wave: int = FIRST_WAVE


AccountSource: TypeAlias = Organization | C7nOrg
