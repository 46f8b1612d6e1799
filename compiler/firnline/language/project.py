"""The settings of the project around the policies, and the code owners of its repository."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from firnline.language.gate_settings import (
    NO_GATE_SETTINGS,
    BadGateSettings,
    GateSettings,
    read_gate_settings,
)
from firnline.language.price_settings import (
    NO_PRICE_SETTINGS,
    BadPriceSettings,
    PriceSettings,
    read_price_settings,
)
from firnline.language.review_settings import (
    NO_REVIEW_SETTINGS,
    BadReviewSettings,
    ReviewSettings,
    read_review_settings,
)
from firnline.language.units import NotADuration, parse_duration
from firnline.s3.terms import Days

DEFAULT_FLOOR: Final = Days(7)
_SITE = re.compile(r"https?://[!-~]+")
_KNOWN: Final = "docs_url, floor, gates, policies, prices, review"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


class BadSettings(Exception):
    """The settings cannot be read; the text names the file and says what is wrong in it."""


@dataclass(frozen=True, slots=True)
class Project:
    """Deletions sooner than `floor` are reported. `code_owners` are as CODEOWNERS spells them, None
    where there is no such file. On the site at `docs_url` each code has a page. `policies` is the
    folder of the policies, seen from that of the settings, where they say so. `prices` and `review`
    are what they say of prices and of the review of changes.
    """

    floor: Days = DEFAULT_FLOOR
    code_owners: tuple[str, ...] | None = None
    docs_url: str | None = None
    policies: str | None = None
    prices: PriceSettings = NO_PRICE_SETTINGS
    review: ReviewSettings = NO_REVIEW_SETTINGS
    gates: GateSettings = NO_GATE_SETTINGS


def with_settings(
    project: Project, text: str, path: str, *, below: tuple[str, ...] = ()
) -> Project:
    """The project with the settings of a TOML text, from the table that `below` names. Raises
    `BadSettings`.
    """
    import tomllib  # only where there are settings

    try:
        table: Any = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"{path}: {error}") from None
    for name in below:
        table = table.get(name, {})
    for key, value in table.items() if isinstance(table, Mapping) else ():
        match key:
            case "floor":
                project = replace(project, floor=_floor(value, path))
            case "docs_url":
                project = replace(project, docs_url=_site(value, path))
            case "gates":
                project = replace(project, gates=_gates(value, path))
            case "policies":
                project = replace(project, policies=_folder(value, path))
            case "prices":
                project = replace(project, prices=_prices(value, path))
            case "review":
                project = replace(project, review=_review(value, path))
            case _:
                raise BadSettings(f"{path}: unknown setting `{key}`; known here: {_KNOWN}")
    return project


def owners_in(text: str) -> tuple[str, ...]:
    """All owners in a CODEOWNERS text: `@user`, `@org/team` and e-mail addresses.

    On a line the pattern comes first and the owners after it, up to a `#` (GitHub Docs, about code
    owners).
    """
    words = [word for line in text.splitlines() for word in _words(line)[1:]]
    return tuple(
        dict.fromkeys(word for word in words if word.startswith("@") or _EMAIL.fullmatch(word))
    )


def _words(line: str) -> list[str]:
    return re.split(r"(?:^|\s)#", line, maxsplit=1)[0].split()


def _floor(value: object, path: str) -> Days:
    try:
        if isinstance(value, str):
            return parse_duration(value)
    except NotADuration:
        pass
    raise BadSettings(f'{path}: `floor` must be a duration such as "7d"')


def _site(value: object, path: str) -> str:
    if isinstance(value, str) and _SITE.fullmatch(value):
        return value.rstrip("/")
    raise BadSettings(f'{path}: `docs_url` must be an address such as "https://docs.example.com"')


def _folder(value: object, path: str) -> str:
    if isinstance(value, str) and value and not value.startswith("/") and "\\" not in value:
        names = [name for name in value.split("/") if name not in ("", ".")]
        if names and ".." not in names:
            return "/".join(names)
    raise BadSettings(f'{path}: `policies` must be a folder below this one, such as "retention"')


def _prices(value: object, path: str) -> PriceSettings:
    try:
        return read_price_settings(value)
    except BadPriceSettings as problem:
        raise BadSettings(f"{path}: {problem}") from None


def _review(value: object, path: str) -> ReviewSettings:
    try:
        return read_review_settings(value)
    except BadReviewSettings as problem:
        raise BadSettings(f"{path}: {problem}") from None


def _gates(value: object, path: str) -> GateSettings:
    try:
        return read_gate_settings(value)
    except BadGateSettings as problem:
        raise BadSettings(f"{path}: {problem}") from None
