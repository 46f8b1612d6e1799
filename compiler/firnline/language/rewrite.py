"""Another value for a scalar, written in place of the old one and in the same quotes."""

from __future__ import annotations

import json
import re

from firnline.diagnostics.fix import Edit, Fix
from firnline.diagnostics.position import Span

# Nothing in it can mean something to YAML, in a block or between braces.
PLAIN = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./=+-]*")


def rewrite(span: Span, old: str, new: str, *, safe: bool) -> Fix | None:
    """None where the text is not simply `old`: with escapes, on several lines, with an anchor."""
    written = span.source.text[span.start : span.end]
    if written == old:
        text = new if PLAIN.fullmatch(new) else json.dumps(new, ensure_ascii=False)
        return Fix((Edit(span, text),), safe)
    if written in (f"'{old}'", f'"{old}"') and not {"'", '"', "\\", "\n"} & set(old + new):
        return Fix((Edit(Span(span.source, span.start + 1, span.end - 1), new),), safe)
    return None
