"""Does a prefix match what it seems to?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.remedy import Advise
from firnline.language.checks.leading_slash import LEADING_SLASH
from firnline.language.checks.literal_wildcard import LITERAL_WILDCARD, is_wild
from firnline.language.checks.open_prefix import OPEN_PREFIX
from firnline.lint.placed import AcceptedConfiguration
from firnline.s3.terms import RuleStatus


def check(configuration: AcceptedConfiguration) -> Iterator[Diagnostic]:
    """Checks every enabled rule, also one that S3 would refuse for another reason."""
    for path, prefix in _prefixes(configuration.written.configuration):
        span = configuration.written.place(path)
        if is_wild(prefix):
            message = "only keys that contain these characters literally would match"
            remedy = Advise("write the literal beginning of the keys, and a rule for each")
            yield LITERAL_WILDCARD.at(span, message, remedy=remedy)
            continue
        if prefix.startswith("/"):
            meant = prefix.lstrip("/")
            message = f"this matches keys such as `{prefix}x`, but not `{meant}x`"
            yield LEADING_SLASH.at(span, message)
        if prefix[-1:].isalpha() and "." not in prefix.rpartition("/")[2]:
            yield OPEN_PREFIX.at(span, f"this matches `{prefix}-old/x` as well")


def _prefixes(configuration: object) -> Iterator[tuple[str, str]]:
    """Each prefix with its path."""
    rules = configuration.get("Rules") if isinstance(configuration, Mapping) else None
    for number, rule in enumerate(rules if isinstance(rules, list) else ()):
        if not isinstance(rule, Mapping) or rule.get("Status") == RuleStatus.DISABLED:
            continue
        for steps in (("Prefix",), ("Filter", "Prefix"), ("Filter", "And", "Prefix")):
            holder: object = rule
            for step in steps:
                holder = holder.get(step) if isinstance(holder, Mapping) else None
            if isinstance(holder, str):
                yield f"Rules[{number}].{'.'.join(steps)}", holder
