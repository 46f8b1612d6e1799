"""Does a prefix hope for a wildcard?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.model import Policy

LITERAL_WILDCARD = Kind(
    code="FL308",
    name="literal-wildcard",
    severity=Severity.ERROR,
    title="a wildcard in a prefix is an ordinary character to S3",
    why=(
        "S3 compares the prefix with the beginning of each key, byte for byte; `*` and `?` match"
        " only themselves (S3 User Guide, lifecycle configuration elements)."
    ),
    help="write the literal beginning of the keys; several prefixes may stand in a list",
    wrong='retain: {logs: {prefix: "logs/*/debug", delete_after: 7d}}',
    right="retain: {logs: {prefix: [logs/a/debug, logs/b/debug], delete_after: 7d}}",
)


def check(policy: Policy) -> Iterator[Diagnostic]:
    for retention in policy.retentions:
        for prefix in retention.prefixes:
            wild = next((sign for sign in prefix.value if sign in "*?"), None)
            if wild:
                literal = prefix.value.split(wild)[0]
                yield LITERAL_WILDCARD.at(
                    prefix.span,
                    f"only keys with a real `{wild}` in them would match",
                    help=f"write {literal}" if literal and prefix.value == literal + wild else None,
                )
