"""Who must review a change to a file, by a CODEOWNERS text of GitHub or GitLab?

Patterns are those of .gitignore without `!`, `[…]` and `\\#`; the last one that matches decides,
and it may name nobody (GitHub Docs, about code owners). A line that names something else than
people and teams counts as one that names nobody: GitHub leaves it out. GitLab adds sections,
`[Name] @default`: in each of them the last match decides, so a file has the owners of all sections,
but for `^[Name]`, where a review is optional (GitLab Docs, Code Owners).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

_SECTION: Final = re.compile(
    r"(?P<optional>\^?)\[(?P<name>[^\]]*)\](?:\[[0-9]+\])?(?P<owners>(?:\s.*)?)$"
)
_COMMENT: Final = re.compile(r"(?:^|\s)#")
# `@@` is a role of GitLab's.
_OWNER: Final = re.compile(r"@{1,2}[\w.-]+(?:/[\w.-]+)*|[^@\s]+@[^@\s]+\.[^@\s]+")
_WORD: Final = re.compile(r"(?:\\.|[^\s\\])+")


def is_owner(word: str) -> bool:
    """Whether it names somebody there: `@user`, `@org/team` or an e-mail address."""
    return _OWNER.fullmatch(word) is not None


def owners_of(text: str, path: str) -> tuple[str, ...]:
    """`path` is seen from the top of the repository, with slashes."""
    found: dict[str, tuple[str, ...]] = {}
    for section, pattern, owners in _entries(text):
        if _matcher(pattern).search(path):
            found[section] = owners
    every = [owners for owners in found.values() if all(map(_OWNER.fullmatch, owners))]
    return tuple(dict.fromkeys(owner for owners in every for owner in owners))


def _entries(text: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """The section, the pattern and the owners of each line that has a pattern, and counts."""
    section, default, counts = "", (), True
    for raw in text.split("\n"):
        line = _COMMENT.split(raw, maxsplit=1)[0].strip()
        if head := _SECTION.fullmatch(line):
            section, default = head["name"].lower(), tuple(head["owners"].split())
            counts = not head["optional"]
        elif line and counts:
            pattern, *owners = _WORD.findall(line)
            yield section, pattern.replace("\\ ", " "), tuple(owners) or default


@cache
def _matcher(pattern: str) -> re.Pattern[str]:
    """A pattern with a slash, other than at its end, is seen from the top; one without matches a
    name at any depth. What matches a folder matches all below it, but not `folder/*`, which is what
    is in it and no deeper.
    """
    is_anchored = "/" in pattern.rstrip("/")
    parts = pattern.strip("/").split("/")
    begin = "^" if is_anchored else "(?:^|/)"
    body = ""
    for nth, part in enumerate(parts):
        is_last = nth == len(parts) - 1
        if part == "**":
            body += ".*" if is_last else "(?:.*/)?"
        else:
            body += _part(part) + ("" if is_last else "/")
    if pattern.endswith("/"):
        return re.compile(f"{begin}{body}/")
    in_it_alone = is_anchored and parts[-1] == "*"
    end = r"\Z" if in_it_alone else r"(?:\Z|/)"
    return re.compile(f"{begin}{body}{end}")


def _part(part: str) -> str:
    return "".join(
        "[^/]*" if each == "*" else "[^/]" if each == "?" else re.escape(each) for each in part
    )
