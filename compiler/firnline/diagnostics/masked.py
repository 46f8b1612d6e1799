"""A text of somebody else's → the same text without the secrets that may stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_MASK: Final = "***"
# Of a URL, greedily up to the last `@` before the path: a password may contain one. With `…` it is
# a text of ours that says how to write one.
_USER: Final = re.compile(r"(?<=://)(?![\w-]*:…@[^\s/'\"@]*(?:[\s/]|$))[^\s/'\"]*@")
# Nobody chooses credentials, so that a word in small letters behind them is prose: "allow it to
# these credentials: then …". Passwords and tokens are also such words.
_PROSE: Final = r"s?:\s+[(`]?(?!bearer\b|basic\b)(?-i:[a-z]{1,14})(?![^\s`),.;:])"
_NAMED: Final = re.compile(
    r"(?i)((?:password|passwd|pwd|secret|token|api[_-]?key"
    rf"|(?:authorization|credential|signature)(?!{_PROSE}))"
    r"[\w-]*[\"']?\s*[=:]\s*)(?:(?:bearer|basic)\s+)?[\"']?[^\s\"'&,;]+[\"']?"
)
_BEARER: Final = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}")


def without_secrets(text: str, known: Iterable[str] = ()) -> str:
    """`known` are secrets that we were given, such as the password of a URL."""
    for secret in sorted(filter(None, known), key=len, reverse=True):
        text = text.replace(secret, _MASK)
    text = _USER.sub(f"{_MASK}@", text)
    text = _NAMED.sub(rf"\1{_MASK}", text)
    return _BEARER.sub(rf"\1 {_MASK}", text)
