"""What may be posted of a file that was made from a pull request, perhaps by code of its own?"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from firnline.diagnostics.visible import ODD, visible
from firnline.forge.marker import Marker, read_marker

MOST: Final = 65_536
"""Characters of a comment: GitHub answers 422 to more, "body is too long (maximum is 65536
characters)".
"""
BUDGET: Final = 60_000
"""Characters of the file: the rest is for what is added here."""
# Within a line it is what a bucket or a key is called, and no comment of ours begins with it.
_ANOTHER: Final = re.compile(r"^\s*<!--\s*firnline", re.IGNORECASE | re.MULTILINE)
# GitHub mentions where `(^|\W)@` and a name stand in rendered text (html-pipeline, MentionFilter):
# so behind markup and entities too, and `@` may be an entity itself.
_AT: Final = re.compile(
    r"(?P<before>&#?[A-Za-z0-9]+|[A-Za-z0-9])?(?P<at>@|&#0*64;?|&#[xX]0*40;?|&commat;)(?!&#8203;)"
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9._/-]*)?(?=(?P<after>[\\&])|)"
)
# In code nobody is mentioned, and what stands there is to be copied: spans in a line, and fences.
_CODE: Final = re.compile(
    r"^(?P<fence>`{3,})[^`\n]*\n.*?^(?P=fence)$"
    r"|(?<![`\\])(?P<ticks>`+)(?!`)[^\n]*?(?<!`)(?P=ticks)(?!`)",
    re.MULTILINE | re.DOTALL,
)
_BROKEN: Final = "\u200b"  # zero-width space: as Renovate keeps release notes from mentioning
# It stays where it breaks a mention already.
_ODD: Final = re.compile(rf"(?<!@){_BROKEN}|(?!{_BROKEN}){ODD.pattern}")


class NotPostable(Exception):
    """The text says why."""


@dataclass(frozen=True, slots=True)
class CommentFile:
    """`text` begins below the marker."""

    marker: Marker
    text: str


def read_comment(content: str) -> CommentFile:
    """Raises `NotPostable`."""
    first, _, text = content.partition("\n")
    marker = read_marker(first)
    if marker is None:
        raise NotPostable(
            "its first line is no `<!-- firnline:comment v1 … -->`: `firnline diff --out"
            " markdown:FILE` writes one"
        )
    if another := _ANOTHER.search(text):
        line = text.count("\n", 0, another.start()) + 2
        raise NotPostable(f"line {line} begins another marker of ours: only the first line may")
    return CommentFile(marker, text)


def body_of(comment: CommentFile, posted_as: Marker, *, of_a_fork: bool) -> str:
    """The text below another marker, with no mentions but those that this one lists. What a fork
    wrote may look like code and be none. Raises `NotPostable` if it is too long.
    """
    text = disarmed(comment.text, posted_as.mentions, also_in_code=of_a_fork)
    body = f"{posted_as.line()}\n{text}".rstrip()
    if len(body) > MOST:
        raise NotPostable(
            f"{len(body):,} characters: GitHub takes {MOST:,}, and the file should have {BUDGET:,}"
        )
    return body


def disarmed(text: str, mentions: Collection[str], *, also_in_code: bool) -> str:
    """The text with odd characters as escapes, and an invisible space behind `@` wherever it could
    mention somebody else.
    """
    allowed = {each.lower() for each in mentions}
    shown = _ODD.sub(lambda odd: visible(odd.group()), text)
    said, end = [], 0
    for code in [] if also_in_code else _CODE.finditer(shown):
        said += [_without_mentions(shown[end : code.start()], allowed), code.group()]
        end = code.end()
    return "".join([*said, _without_mentions(shown[end:], allowed)])


def _without_mentions(text: str, allowed: Collection[str]) -> str:
    return _AT.sub(lambda found: _disarmed(found, allowed), text)


def _disarmed(found: re.Match[str], allowed: Collection[str]) -> str:
    before, at, name, after = (found[each] or "" for each in ("before", "at", "name", "after"))
    in_a_word = len(before) == 1
    called = f"@{name.rstrip('.')}".lower()
    if in_a_word or not (name or after == "&") or (called in allowed and not after):
        return found.group()
    return f"{before}{at}{_BROKEN}{name}"
