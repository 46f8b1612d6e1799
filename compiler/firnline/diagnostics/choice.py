"""Which diagnostics are selected?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity

_CODE = re.compile(r"FL\d{0,3}", re.IGNORECASE)


def chosen(
    found: Iterable[Diagnostic], select: Sequence[str], ignore: Sequence[str]
) -> tuple[Diagnostic, ...]:
    """Diagnostics of the selected kinds (all, where none is), without the ignored ones. A gate is
    never ignored: only an approval opens it.

    Each word is a code, the beginning of one (a family), or a name.
    """
    return tuple(
        each
        for each in found
        if (not select or _is_any(each.kind, select))
        and (each.severity is Severity.GATE or not _is_any(each.kind, ignore))
    )


def unknown_words(words: Iterable[str], kinds: Collection[Kind]) -> tuple[str, ...]:
    """The words that match no kind."""
    return tuple(word for word in words if not any(_is_any(kind, [word]) for kind in kinds))


def _is_any(kind: Kind, words: Iterable[str]) -> bool:
    return any(
        kind.code.startswith(word.upper()) if _CODE.fullmatch(word) else kind.name == word.lower()
        for word in words
    )
