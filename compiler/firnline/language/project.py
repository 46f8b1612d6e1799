"""The settings of the project around the policies, and the code owners of its repository."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from firnline.language.units import NotADuration, parse_duration
from firnline.s3.terms import Days

DEFAULT_FLOOR: Final = Days(7)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


class BadSettings(Exception):
    """The settings cannot be read; the text names the file and says what is wrong in it."""


@dataclass(frozen=True, slots=True)
class Project:
    """Deletions sooner than `floor` are reported. `code_owners` are as CODEOWNERS spells them, None
    where there is no such file.
    """

    floor: Days = DEFAULT_FLOOR
    code_owners: tuple[str, ...] | None = None


def with_settings(
    project: Project, text: str, path: str, *, below: tuple[str, ...] = ()
) -> Project:
    """The project with the settings of a TOML text, from the table that `below` names. Raises
    `BadSettings`.
    """
    import tomllib  # only where there are settings

    try:
        table: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"{path}: {error}") from None
    for name in below:
        table = table.get(name, {})
    for key, value in table.items() if isinstance(table, Mapping) else ():
        if key != "floor":
            raise BadSettings(f"{path}: unknown setting `{key}`; known here: floor")
        project = replace(project, floor=_floor(value, path))
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
