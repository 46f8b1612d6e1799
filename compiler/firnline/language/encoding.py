"""Is a file in an encoding whose bytes show that it is not UTF-8, and how does one convert it?"""

from __future__ import annotations

from typing import Final

# By the byte order mark, the longer ones first, and without one by the zeros of the first letter.
_MARKS: Final = (
    (b"\xff\xfe\0\0", "UTF-32"),
    (b"\0\0\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


def other_encoding(content: bytes) -> tuple[str, str] | None:
    """What it is, and what to do; None where it may be UTF-8."""
    name = _name(content)
    if name is None:
        return None
    writer = ", as PowerShell's `>` writes it" if name.startswith("UTF-16") else ""
    return (
        f"it is {name}{writer}; only UTF-8 is read",
        f"convert it: `iconv -f {name} -t UTF-8`; in PowerShell, write the file with"
        " `Out-File -Encoding utf8` instead of `>`",
    )


def _name(content: bytes) -> str | None:
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    match [byte == 0 for byte in content[:2]]:
        case [False, True]:
            return "UTF-16LE"
        case [True, False]:
            return "UTF-16BE"
        case _:
            return None
