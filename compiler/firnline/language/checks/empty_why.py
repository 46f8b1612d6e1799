"""Does `why` say more than the name?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.check import Check, Subject
from firnline.language.model import Policy
from firnline.language.said import Said

EMPTY_WHY = Kind(
    code="FL611",
    name="empty-why",
    severity=Severity.WARNING,
    title="a reason only repeats the name",
    is_spelling=True,
    why=(
        "The reason is what a person relies on years later to decide whether the data may be"
        " deleted."
    ),
    help="say what the data is for, or why it is kept this long",
    wrong=(
        "retain: {checkpoints: {why: the checkpoints, prefix: checkpoints/, delete_after: 90d}}"
    ),
    right=(
        "retain: {checkpoints: {why: resume a run after a crash, prefix: checkpoints/,"
        " delete_after: 90d}}"
    ),
)
_SAYS_NOTHING = {"a", "all", "an", "the", "our", "of", "for"}
_SAYS_NOTHING |= {"bucket", "data", "file", "object", "policy", "retention"}


def check(policy: Policy) -> Iterator[Diagnostic]:
    yield from _empty(policy.why, [policy.name])
    for retention in policy.retentions:
        if retention.why is not None:
            yield from _empty(retention.why, [retention.name, *retention.prefixes])


CHECK = Check(Subject.POLICY, check, (EMPTY_WHY,))


def _empty(why: Said[str], names: Iterable[Said[str]]) -> Iterator[Diagnostic]:
    known = [_words(name.value) for name in names]
    if why.value and any(_words(why.value) <= words for words in known):
        yield EMPTY_WHY.at(why.span, f"`{why.value}` says no more than the name")


def _words(text: str) -> set[str]:
    """Words in the singular, without those that carry no meaning."""
    words = {word.removesuffix("s") for word in re.findall(r"[^\W_]+", text.lower())}
    return words - _SAYS_NOTHING
