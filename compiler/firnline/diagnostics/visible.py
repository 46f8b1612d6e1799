"""How are characters shown that a terminal would interpret, hide or reorder?"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# C0 and C1 controls, bidirectional marks and overrides, zero-width and other invisible characters,
# line and paragraph separators, lone surrogates, tags: "Trojan Source" (CVE-2021-42574) and
# terminal escapes are among these. XML, and so a request to S3, cannot contain U+FFFE and U+FFFF.
ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_ODD_OR_SPACE = re.compile(f"{ODD.pattern}|[\n\t]")


def is_plain(text: str) -> bool:
    """Whether it has printable ASCII alone, so no character that is odd, a line end or a tab."""
    return text.isascii() and text.isprintable()


def visible(text: str) -> str:
    """The text with every such character written as its escape; line ends and tabs too."""
    if is_plain(text):
        return text
    return _ODD_OR_SPACE.sub(lambda match: _escape(match.group()), text)


def width(text: str) -> int:
    """How many terminal cells the text takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(_cells(character) for character in text)


@cache  # there are some five thousand
def _escape(character: str) -> str:
    named = {"\n": "\\n", "\t": "    ", "\r": "\\r"}
    if character in named:
        return named[character]
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _cells(character: str) -> int:
    # Marks without a cell of their own; vowels and finals of Hangul combine with the letter before.
    if unicodedata.category(character) in ("Mn", "Me") or "\u1160" <= character <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
