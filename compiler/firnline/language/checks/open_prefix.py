"""Does a prefix end in the middle of a name?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.check import Check, Subject
from firnline.language.checks.bucket_in_prefix import is_location
from firnline.language.checks.cut_by_comment import is_cut
from firnline.language.checks.literal_wildcard import is_wild
from firnline.language.model import Policy
from firnline.language.rewrite import rewrite

OPEN_PREFIX = Kind(
    code="FL314",
    name="open-prefix",
    severity=Severity.WARNING,
    title="a prefix ends in a word that longer names can start with too",
    why=(
        "S3 has no folders and compares the beginning of each key: `logs` also matches"
        " `logs_2019/a` and `logsheet.csv`."
    ),
    help="end it with `/`, or with the character that follows in the keys, such as `-`",
    wrong="retain: {checkpoints: {prefix: checkpoint, delete_after: 30d}}",
    right="retain: {checkpoints: {prefix: checkpoint/, delete_after: 30d}}",
)
# A final digit is part of a date or a number, and a dot makes it a file name.
_ENDS_IN_A_WORD = re.compile(r"(^|/)[^/.]*[^\W\d_]$")
_WIDEST = 24


def check(policy: Policy) -> Iterator[Diagnostic]:
    written = {prefix.value for each in policy.retentions for prefix in each.prefixes}
    for retention in policy.retentions:
        for prefix in retention.prefixes:
            value = prefix.value
            if not _ENDS_IN_A_WORD.search(value) or is_wild(value) or is_location(value):
                continue
            if is_cut(prefix):
                continue
            closed = f"{value}/"
            # Not safe: it may be the beginning of a name, and then nothing matches any more. A
            # leading slash is to go first, and a prefix written twice would be an error.
            free = closed not in written and not value.startswith("/")
            yield OPEN_PREFIX.at(
                prefix.span,
                f"this matches `{_shown(value)}-old/x` as well",
                fix=rewrite(prefix.span, value, closed, safe=False) if free else None,
            )


CHECK = Check(Subject.POLICY, check, (OPEN_PREFIX,))


def _shown(prefix: str) -> str:
    return prefix if len(prefix) <= _WIDEST else f"…{prefix[-_WIDEST:]}"
