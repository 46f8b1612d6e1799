"""Is a prefix cut off where YAML reads a comment?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import Span
from firnline.language.check import Check, Subject
from firnline.language.model import Policy
from firnline.language.said import Said

CUT_BY_COMMENT = Kind(
    code="FL007",
    name="cut-by-comment",
    severity=Severity.WARNING,
    title="a prefix ends where a comment begins",
    why="In YAML a `#` after a space starts a comment, so the rest of the key is not read.",
    help="quote the prefix if the `#` belongs to it; else put a space after the `#`",
    wrong="""\
retain:
  team:
    prefix: team #1/
    delete_after: 30d
""",
    right="""\
retain:
  team:
    prefix: "team #1/"
    delete_after: 30d
""",
)
# A comment that a person wrote has a space after the `#`, or several words. The spaces before it
# mean nothing: `fmt` sets them.
_LIKE_A_KEY = re.compile(r" +(#[^\s#]+)[ \t]*$", re.MULTILINE)


def check(policy: Policy) -> Iterator[Diagnostic]:
    for retention in policy.retentions:
        for prefix in retention.prefixes:
            if end := _end(prefix):
                yield CUT_BY_COMMENT.at(
                    Span(prefix.span.source, prefix.span.start, end),
                    f"only `{prefix.value}` is read",
                )


CHECK = Check(Subject.POLICY, check, (CUT_BY_COMMENT,))


def is_cut(prefix: Said[str]) -> bool:
    """Whether the text after a prefix looks like more of a key."""
    return _end(prefix) is not None


def _end(prefix: Said[str]) -> int | None:
    """The end of what looks like the rest of the key."""
    text, span = prefix.span.source.text, prefix.span
    if text.startswith(('"', "'"), span.start):
        return None
    rest = _LIKE_A_KEY.match(text, span.end)
    return rest.end(1) if rest else None
