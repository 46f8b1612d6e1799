"""The settings of the project around the policies, and the code owners of its repository."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from firnline.diagnostics.kinds import Diagnostic
from firnline.language.age_settings import NO_AGE_SETTINGS, AgeSettings, read_age_settings
from firnline.language.gate_settings import NO_GATE_SETTINGS, GateSettings, read_gate_settings
from firnline.language.price_settings import NO_PRICE_SETTINGS, PriceSettings, read_price_settings
from firnline.language.review_settings import (
    NO_REVIEW_SETTINGS,
    ReviewSettings,
    read_review_settings,
)
from firnline.language.setting import BadSetting, Wrong, read, table
from firnline.language.units import NotADuration, parse_duration
from firnline.s3.terms import Days

DEFAULT_FLOOR: Final = Days(7)
_SITE = re.compile(r"https?://[!-~]+")
_KNOWN: Final = ("docs_url", "floor", "gates", "max_age", "policies", "prices", "review")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


class BadSettings(Exception):
    """The settings cannot be read; the text names the file and says what is wrong in it, and
    `diagnostics` the same where it was read.
    """

    def __init__(self, said: str, diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        super().__init__(said)
        self.diagnostics = diagnostics


@dataclass(frozen=True, slots=True)
class Project:
    """Deletions sooner than `floor` are reported. `code_owners` are as CODEOWNERS spells them, None
    where there is no such file. On the site at `docs_url` each code has a page. `policies` is the
    folder of the policies, seen from that of the settings, where they say so. `prices` and `review`
    are what they say of prices and of the review of changes, `max_age` when facts are stale.
    """

    floor: Days = DEFAULT_FLOOR
    code_owners: tuple[str, ...] | None = None
    docs_url: str | None = None
    policies: str | None = None
    prices: PriceSettings = NO_PRICE_SETTINGS
    review: ReviewSettings = NO_REVIEW_SETTINGS
    gates: GateSettings = NO_GATE_SETTINGS
    max_age: AgeSettings = NO_AGE_SETTINGS


def with_settings(
    project: Project, text: str, path: str, *, below: tuple[str, ...] = ()
) -> Project:
    """The project with the settings of a TOML text, from the table that `below` names. Raises
    `BadSettings`.
    """
    import tomllib  # only where there are settings

    try:
        said: Any = tomllib.loads(text, parse_float=Decimal)
    # Besides what is no TOML: numbers of thousands of digits, and lists in thousands of lists.
    except (ValueError, RecursionError) as error:
        from firnline.language.bad_settings import bad_toml, in_words  # seldom needed

        found = bad_toml(error, text, path)
        raise BadSettings(in_words([found]), (found,)) from None
    for name in below:
        said = said.get(name, {}) if isinstance(said, Mapping) else {}
    wrong: Wrong = []
    project = _read(project, said, wrong)
    if wrong:
        from firnline.language.bad_settings import bad_settings, in_words  # seldom needed

        every = bad_settings(wrong, text, path, below)
        raise BadSettings(in_words(every), every)
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


def _read(project: Project, said: object, wrong: Wrong) -> Project:
    values = table(said, (), _KNOWN, wrong)
    floor = read(_floor, values, "floor", wrong)
    return replace(
        project,
        floor=project.floor if floor is None else floor,
        docs_url=read(_site, values, "docs_url", wrong),
        policies=read(_folder, values, "policies", wrong),
        gates=read_gate_settings(values.get("gates", {}), wrong),
        max_age=read_age_settings(values.get("max_age", {}), wrong),
        prices=read_price_settings(values.get("prices", {}), wrong),
        review=read_review_settings(values.get("review", {}), wrong),
    )


def _floor(value: object) -> Days:
    try:
        if isinstance(value, str):
            return parse_duration(value)
    except NotADuration:
        pass
    raise BadSetting(
        ("floor",), "`floor` must be a duration", 'write days, weeks or years, such as "7d"'
    )


def _site(value: object) -> str:
    if isinstance(value, str) and _SITE.fullmatch(value):
        return value.rstrip("/")
    raise BadSetting(
        ("docs_url",),
        "`docs_url` must be an address",
        'write it as in "https://docs.example.com"',
    )


def _folder(value: object) -> str:
    if isinstance(value, str) and value and not value.startswith("/") and "\\" not in value:
        names = [name for name in value.split("/") if name not in ("", ".")]
        if names and ".." not in names:
            return "/".join(names)
    raise BadSetting(
        ("policies",), "`policies` must be a folder below this one", 'write it as in "retention"'
    )
