"""The first line of a review, by which its comment is found again: fields ↔ a line.

    <!-- firnline:comment v1 key=KEY verdict=DIGEST head=SHA mentions=@acme/ml,@ada run=7.1 -->

`mentions` and `run` may be missing. What could end the comment, or begin another, fits no field.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

NO_CHANGE: Final = "none"
"""The verdict where nothing changes: no comment is begun for it."""
NO_COMMIT: Final = "none"
"""The head where what was compared is in no commit."""

_KEY: Final = r"[A-Za-z0-9][A-Za-z0-9._/-]{0,99}"
_VERDICT: Final = rf"{NO_CHANGE}|sha256:[0-9a-f]{{64}}"
_HEAD: Final = rf"{NO_COMMIT}|[0-9a-f]{{40}}|[0-9a-f]{{64}}"
_MENTION: Final = r"@[A-Za-z0-9][A-Za-z0-9-]{0,99}(?:/[A-Za-z0-9][A-Za-z0-9._-]{0,99})?"
_RUN: Final = r"[0-9]{1,20}\.[0-9]{1,9}"
_LINE: Final = re.compile(
    rf"<!-- firnline:comment v1 key=({_KEY}) verdict=({_VERDICT}) head=({_HEAD})"
    rf"(?: mentions=({_MENTION}(?:,{_MENTION})*))?(?: run=({_RUN}))? -->"
)


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """Of a workflow: later ones have greater numbers, and one that is run again a further
    attempt, at the same commit.
    """

    id: int
    attempt: int


@dataclass(frozen=True, slots=True)
class Marker:
    """`key` says which review of a pull request it is, one for each project of a repository.
    `verdict` is a digest of what the review concludes, `head` the commit that was reviewed.
    `mentions` are the people and teams that may be mentioned in the text. `run` is of the workflow
    that posted it. Raises `ValueError` where a field cannot be written.
    """

    key: str
    verdict: str
    head: str
    mentions: tuple[str, ...] = ()
    run: Run | None = None

    def __post_init__(self) -> None:
        fields = ((_KEY, self.key), (_VERDICT, self.verdict), (_HEAD, self.head))
        for form, value in (*fields, *((_MENTION, each) for each in self.mentions)):
            if re.fullmatch(form, value) is None:
                raise ValueError(f"{value!r} fits no field of a marker")

    def line(self) -> str:
        mentions = f" mentions={','.join(self.mentions)}" if self.mentions else ""
        run = "" if self.run is None else f" run={self.run.id}.{self.run.attempt}"
        fields = f"key={self.key} verdict={self.verdict} head={self.head}{mentions}{run}"
        return f"<!-- firnline:comment v1 {fields} -->"


def read_marker(line: str) -> Marker | None:
    """None for any other line: it is read as it is written, and no otherwise."""
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    key, verdict, head, mentions, run = found.groups()
    names = tuple(mentions.split(",")) if mentions else ()
    return Marker(key, verdict, head, names, Run(*map(int, run.split("."))) if run else None)


def may_mention(name: str) -> bool:
    """Whether it is the name of a person or a team, as `@acme/ml`."""
    return re.fullmatch(_MENTION, name) is not None


def key_of(name: str) -> str:
    """Of a project, whatever it is called: as it is, or with a digest where that is no key."""
    if re.fullmatch(_KEY, name):
        return name
    readable = re.sub(r"[^A-Za-z0-9]+", "-", name[:60]).strip("-") or "project"
    return f"{readable}-{_digest(name)[:12]}"


def verdict_of(conclusion: str) -> str:
    """A digest of what decides: where it stays the same, the comment is changed in place."""
    return f"sha256:{_digest(conclusion)}"


def _digest(text: str) -> str:
    return sha256(text.encode(errors="surrogatepass")).hexdigest()
