"""S3's own message names the filter of a rule: what of that is known?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from firnline.lint.unknown import concerns
from firnline.lint.written import Written
from firnline.s3.law.filters import in_words
from firnline.s3.law.read_scope import read_scope
from firnline.s3.law.stated import StatedScope
from firnline.s3.law.verdict import Finding

_SCOPE: Final = ("Filter", "Prefix")


def without_unknown_scope(finding: Finding, written: Written, supposed: Any) -> Finding:
    """The finding without the words for a filter that is not known, or not how it will be sent.

    `supposed` is the configuration that it is about, with values for the unknown ones.
    """
    number = finding.rule
    if number is None or not _is_open(written, number):
        return finding
    rules = supposed["Rules"]
    rule = rules[number] if number < len(rules) else None
    if not isinstance(rule, dict):
        return finding
    scope = read_scope(rule, lambda *_: None)
    return replace(finding, message=finding.message.replace(in_words(scope), _elided(scope)))


def _is_open(written: Written, number: int) -> bool:
    here = [f"Rules[{number}].{name}" for name in _SCOPE]
    return number in written.sent_in_several_ways or any(
        concerns(unknown, each) for unknown in written.unknown for each in here
    )


def _elided(scope: StatedScope) -> str:
    return "prefix '…'" if in_words(scope).startswith("prefix") else "filter '(…)'"
