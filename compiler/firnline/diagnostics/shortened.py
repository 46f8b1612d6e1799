"""A text that people read → as much of it as anybody reads."""

from __future__ import annotations

from typing import Final

LONGEST: Final = 2000


def shortened(text: str, longest: int = LONGEST) -> str:
    """Its beginning and its end, where it is longer, and how much is left out between them: a
    message begins with the value that it is about, and ends with what is wrong with that.
    """
    if len(text) <= longest:
        return text
    end = longest // 3
    start = longest - end
    left_out = f"… ({len(text) - longest:,} characters) …"
    return f"{text[:start]}{left_out}{text[-end:]}"
