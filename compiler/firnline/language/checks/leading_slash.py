"""Does a prefix begin with a slash, although few keys do?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise, WriteValue
from firnline.language.check import Check, Subject
from firnline.language.checks.literal_wildcard import in_plain, is_wild
from firnline.language.model import Policy
from firnline.language.rewrite import rewrite

LEADING_SLASH = Kind(
    code="FL309",
    name="leading-slash",
    severity=Severity.WARNING,
    title="a prefix begins with a slash",
    why=(
        "Keys rarely begin with `/`: S3 has no root folder, and a prefix with a leading slash"
        " matches only keys that have one too."
    ),
    help="drop the slash",
    wrong="retain: {logs: {prefix: /logs/, delete_after: 7d}}",
    right="retain: {logs: {prefix: logs/, delete_after: 7d}}",
)


def check(policy: Policy) -> Iterator[Diagnostic]:
    plain = in_plain(policy)
    for prefix in policy.prefixes:
        meant = prefix.value.lstrip("/")
        if meant != prefix.value and not is_wild(prefix.value):
            # Not safe: other keys are deleted then. A prefix written twice would be an error.
            free = meant and plain[meant] == 1
            yield LEADING_SLASH.at(
                prefix.span,
                f"this matches keys such as `{prefix.value}x`, but not `{meant}x`",
                remedy=WriteValue(meant) if meant else Advise("write what the keys begin with"),
                fix=rewrite(prefix.span, prefix.value, meant, safe=False) if free else None,
            )


CHECK = Check(Subject.POLICY, check, (LEADING_SLASH,))
