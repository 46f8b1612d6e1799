"""Does a prefix contain a wildcard, which S3 does not support?"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.recipes import TAG_AT_WRITE
from firnline.diagnostics.remedy import Advise, Way, WriteValue
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
        " match only themselves (S3 User Guide, lifecycle configuration elements). What no prefix"
        " selects, a tag does, if the writer of the objects sets it in the same request:"
        " `aws s3api put-object --tagging kind=checkpoints`, or in boto3"
        ' `ExtraArgs={"Tagging": "kind=checkpoints"}`; that takes s3:PutObjectTagging. Objects that'
        " are there already get it by S3 Batch Operations. What is not tagged is kept."
    ),
    help="write the literal beginning of the keys, and select among them by a tag",
    wrong='retain: {checkpoints: {prefix: "runs/*/checkpoints/", delete_after: 30d}}',
    right="retain: {checkpoints: {prefix: runs/, tags: {kind: checkpoints}, delete_after: 30d}}",
)


def check(policy: Policy) -> Iterator[Diagnostic]:
    plain = in_plain(policy)
    for prefix in policy.prefixes:
        if is_wild(prefix.value):
            literal = _WILD.split(prefix.value)[0].lstrip("/")
            # Not safe: nothing matched before. Only a `*` at the end means the same as a prefix.
            free = plain[literal] == 1 and _plain(prefix.value) == literal
            yield LITERAL_WILDCARD.at(
                prefix.span,
                "S3 has no wildcards: only keys with these very characters match",
                remedy=_remedy(prefix.value),
                fix=rewrite(prefix.span, prefix.value, literal, safe=False)
                if literal and free
                else None,
            )


CHECK = Check(Subject.POLICY, check, (LITERAL_WILDCARD,))


def before_and_behind(prefix: str) -> tuple[str, str | None]:
    """What stands before the first wildcard, and the last folder behind it, or else the last name:
    S3 can select by the one, and by a tag for the other.
    """
    literal, *rest = _WILD.split(prefix.lstrip("/"))
    behind = "*".join(["", *rest])
    folders = re.findall(rf"(?<=/){_NAME}(?=/)", behind)
    names = folders or re.findall(_NAME, behind)
    return literal, names[-1] if names else None


def in_plain(policy: Policy) -> Counter[str]:
    """How many prefixes would be the same without leading slashes and trailing `*`."""
    written = {prefix.value for prefix in policy.prefixes}
    return Counter(map(_plain, written))


def is_wild(prefix: str) -> bool:
    return bool(_WILD.search(prefix))


def _remedy(prefix: str) -> Way:
    literal, name = before_and_behind(prefix)
    if name is None:
        return WriteValue(literal) if literal else Advise("write the literal beginning of the keys")
    settings = f"prefix: {literal or json.dumps(literal)}, tags: {{kind: {name}}}"
    return Advise(
        f"tag these objects when they are written, and filter by that: `{settings}`"
        f" ({TAG_AT_WRITE})"
    )


_NAME = r"[A-Za-z0-9][A-Za-z0-9_-]*"
_WILD = re.compile(r"[*?]+|\[[^\]]+\]|\{[^}]+,[^}]+\}")


def _plain(prefix: str) -> str:
    return prefix.rstrip("*").lstrip("/")
