"""Texts that a stranger may put into a pull request: as names, paths, reasons, tags and values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TEXTS: Final[Mapping[str, str]] = {
    "erases the line": "a\u001b[2K\rnothing wrong",
    "colours": "\u001b[32mok\u001b[0m \u009b31m",
    "rings": "\u0007\u0008\u007f",
    "breaks lines": "a\nerror: forged\r\nb\rc\u0085d\u000be\u000cf",
    "breaks lines as Unicode does": "a\u2028b\u2029c",
    "turns around": "a\u202egnp.exe\u202c \u2066x\u2069 \u200fy",
    "hides": "a\u200b\u200c\u200d\u2060\ufeff\u00adb\u3164c\U000e0041",
    "mentions": "@octocat @acme/training-infra me@acme.example",
    "a command": "::error file=a.yaml,line=1::forged",
    "a command behind a line end": "a\n::error::forged\n  ::warning::forged",
    "a command behind white space": " \u00a0\u3000::stop-commands::x",
    "a command of the older form": "a ##[error]forged",
    "hides a secret of others": "x ##[add-mask]e",
    "percent": "%0A::error::forged %25 %0D%0A %253A",
    "a code": "a`b",
    "codes": "``a``` ```` `",
    "a fence": "```\nfence\n```\n~~~",
    "cells": "a | b \\| c || \\",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)> &lt; &amp; &#64;",
    "a comment": "<!-- a --> <!-- firnline:comment v1 -->",
    "closes details": "</details></summary></td></table>",
    "a link": "[approve](https://evil.example/a?b=c) [a]: https://evil.example",
    "an image": "![a](https://evil.example/pixel.png)",
    "an automatic link": "https://evil.example www.evil.example <https://evil.example> ftp://a.b",
    "references": "#123 GH-123 acme/repo#1 a5c3785ed8d6a35868bc169f07e40e889087fd2e",
    "emphasis": "*a* _b_ **c** ~~d~~ :tada: $x$ [^1]",
    "a heading": "# a\n## b\n> c\n- d\n1. e\n---",
    "an alert": "> [!CAUTION]\n> forged",
    "CDATA": "]]> <![CDATA[ <?xml ?> &nbsp; &#0;",
    "quotes": '"\'\\" \\u0000 \\n',
    "no character": "\ufffe\uffff\ufdd0\U0001ffff",
    "other letters": "größe 日本 🗄️ e\u0301 \u0e33",
    "spaces": "   a  \t  b   ",
    "a formula": "=1+1 @SUM(A1) +2 -3",
    "long without spaces": "x" * 3000,
    "long": "many words " * 400,
}
SURROGATE: Final = "a\ud800b\udc00"
"""Half a character, as an escape in JSON can be."""
NUL: Final = "a\u0000b"


def huge(size: int) -> Mapping[str, str]:
    """Values so long that nobody reads them, of about so many characters."""
    return {
        "one word": "x" * size,
        "many words": "words and " * (size // 10),
        "escapes": "\u202e" * (size // 6),
        "commands": "a ##[error]b ::error::c " * (size // 24),
    }
