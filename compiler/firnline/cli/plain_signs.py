"""What is written instead of a sign that the encoding of the screen lacks (cp1252, ASCII, …)."""

from __future__ import annotations

import codecs
from typing import Final

INSTEAD: Final = {
    "…": "...",
    "→": "->",
    "←": "<-",
    "·": ".",
    "×": "x",
    "─": "-",
    # Of drawings: one cell each, and no two of a drawing alike (`-`, `=` and `?` are used too).
    "█": "#",
    "▉": "@",
    "▇": "%",
    "▓": "+",
    "▒": "o",
    "░": ":",
    "≈": "~",
    "◆": "A",
    "◇": "B",
    "●": "C",
    "○": "D",
    "▲": "E",
    "△": "F",
    "■": "G",
    "□": "H",
    "┄": "!",
    "╌": "_",
    "▁": ",",
    "✖": "x",
    # Of reviews in Markdown.
    "🔴": "(!)",
    "🟡": "(-)",
    "🟢": "(+)",
    "🔵": "(i)",
    "⚪": "( )",
    "❌": "x",
}
MOST_CELLS_MORE: Final = 6
"""How much longer a line may get: by this much less is written on a screen without these signs."""
HANDLER: Final = "firnline"
"""The name of the error handler of a stream."""


def has_signs(encoding: str) -> bool:
    """Whether it can encode all of them."""
    try:
        "".join(INSTEAD).encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _written_instead(error: UnicodeError) -> tuple[str | bytes, int]:
    """Other characters become escapes, as those that a terminal would interpret."""
    assert isinstance(error, UnicodeEncodeError)
    sign = error.object[error.start]
    if sign in INSTEAD:
        return INSTEAD[sign], error.start + 1
    one = UnicodeEncodeError(error.encoding, sign, 0, 1, error.reason)
    return codecs.backslashreplace_errors(one)[0], error.start + 1


codecs.register_error(HANDLER, _written_instead)
