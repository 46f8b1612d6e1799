"""Does a prefix contain a wildcard, which S3 does not support?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import WriteValue
from firnline.language.check import Check, Subject
from firnline.language.model import Policy
from firnline.language.rewrite import rewrite

LITERAL_WILDCARD = Kind(
    code="FL308",
    name="literal-wildcard",
    severity=Severity.ERROR,
    title="a wildcard in a prefix is an ordinary character to S3",
    why=(
        "S3 compares the prefix with the beginning of each key, byte for byte; `*`, `?` and `[a-z]`"
        " match only themselves (S3 User Guide, lifecycle configuration elements)."
    ),
    help="write the literal beginning of the keys; several prefixes may be in a list",
    wrong='retain: {logs: {prefix: "logs/*/debug/", delete_after: 7d}}',
    right="retain: {logs: {prefix: [logs/a/debug/, logs/b/debug/], delete_after: 7d}}",
)


def check(policy: Policy) -> Iterator[Diagnostic]:
    plain = in_plain(policy)
    for prefix in policy.prefixes:
        if is_wild(prefix.value):
            literal = _WILD.split(prefix.value)[0].lstrip("/")
            ends_there = _WILD.sub("", prefix.value).lstrip("/") == literal
            # Not safe: nothing matched before. Only a `*` at the end means the same as a prefix.
            free = plain[literal] == 1 and _plain(prefix.value) == literal
            yield LITERAL_WILDCARD.at(
                prefix.span,
                "only keys that contain these characters literally would match",
                remedy=WriteValue(literal) if literal and ends_there else None,
                fix=rewrite(prefix.span, prefix.value, literal, safe=False)
                if literal and free
                else None,
            )


CHECK = Check(Subject.POLICY, check, (LITERAL_WILDCARD,))


def in_plain(policy: Policy) -> Counter[str]:
    """How many prefixes would be the same without leading slashes and trailing `*`."""
    written = {prefix.value for prefix in policy.prefixes}
    return Counter(map(_plain, written))


def is_wild(prefix: str) -> bool:
    return bool(_WILD.search(prefix))


_WILD = re.compile(r"[*?]+|\[[^\]]+\]|\{[^}]+,[^}]+\}")


def _plain(prefix: str) -> str:
    return prefix.rstrip("*").lstrip("/")
