"""On which day is an action of S3's due, where it has a day instead of an age?"""

from __future__ import annotations

import re
from typing import assert_never

from firnline.language.nodes import List, Map, Node, Text
from firnline.language.synonyms import plain


def date_in(node: Node) -> str | None:
    """Its own text, or that of one of its members; None where it has an age."""
    match node:
        case Text():
            return node.value if re.match(r"\d{4}-\d\d-\d\d", node.value) else None
        case List():
            return next((day for item in node.items if (day := date_in(item))), None)
        case Map():
            days = (value for key, value in node.entries if "date" in plain(key.value))
            return next((each.value for each in days if isinstance(each, Text)), None)
        case _:
            assert_never(node)
