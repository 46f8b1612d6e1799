"""Does a prefix hope for a wildcard?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.model import Policy

LITERAL_WILDCARD = Kind(
    code="FL308",
    name="literal-wildcard",
    severity=Severity.ERROR,
    title="a wildcard in a prefix is an ordinary character to S3",
    why=(
        "S3 compares the prefix with the beginning of each key, byte for byte; `*`, `?` and `[a-z]`"
        " match only themselves (S3 User Guide, lifecycle configuration elements)."
    ),
    help="write the literal beginning of the keys; several prefixes may stand in a list",
    wrong='retain: {logs: {prefix: "logs/*/debug", delete_after: 7d}}',
    right="retain: {logs: {prefix: [logs/a/debug, logs/b/debug], delete_after: 7d}}",
)


def check(policy: Policy) -> Iterator[Diagnostic]:
    for retention in policy.retentions:
        for prefix in retention.prefixes:
            if is_wild(prefix.value):
                literal = _WILD.split(prefix.value)[0].lstrip("/")
                ends_there = _WILD.sub("", prefix.value).lstrip("/") == literal
                yield LITERAL_WILDCARD.at(
                    prefix.span,
                    "only keys with these very characters in them would match",
                    help=f"write {literal}" if literal and ends_there else None,
                )


def is_wild(prefix: str) -> bool:
    return bool(_WILD.search(prefix))


_WILD = re.compile(r"[*?]+|\[[^\]]+\]|\{[^}]+,[^}]+\}")
