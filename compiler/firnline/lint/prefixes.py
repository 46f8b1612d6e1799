"""Does a prefix match what it seems to?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.recipes import TAG_AT_WRITE
from firnline.diagnostics.remedy import Advise
from firnline.language.checks.leading_slash import LEADING_SLASH
from firnline.language.checks.literal_wildcard import LITERAL_WILDCARD, before_and_behind, is_wild
from firnline.language.checks.open_prefix import OPEN_PREFIX
from firnline.lint.placed import AcceptedConfiguration
from firnline.lint.spelling import tag_filter
from firnline.lint.unknown import Unknown
from firnline.lint.written import Form
from firnline.s3.terms import RuleStatus


def check(configuration: AcceptedConfiguration) -> Iterator[Diagnostic]:
    """Checks every enabled rule, also one that S3 would refuse for another reason."""
    for path, prefix in _prefixes(configuration.written.configuration):
        span = configuration.written.place(path)
        if is_wild(prefix):
            message = "S3 has no wildcards: only keys with these very characters match"
            yield LITERAL_WILDCARD.at(
                span, message, remedy=_selected(prefix, configuration.written.form)
            )
            continue
        if prefix.startswith("/"):
            meant = prefix.lstrip("/")
            message = f"this matches keys such as `{prefix}x`, but not `{meant}x`"
            yield LEADING_SLASH.at(span, message)
        if prefix[-1:].isalpha() and "." not in prefix.rpartition("/")[2]:
            yield OPEN_PREFIX.at(span, f"this matches `{prefix}-old/x` as well")


def _selected(prefix: str, form: Form) -> Advise:
    literal, name = before_and_behind(prefix)
    if name is None:
        return Advise(
            f"write `{literal}`" if literal else "write the literal beginning of the keys"
        )
    filter = tag_filter(literal, "kind", name, form)
    return Advise(
        f"tag these objects when they are written, and filter by that: {filter} ({TAG_AT_WRITE})"
    )


def _may_count(status: object) -> bool:
    """Not that of a rule that is disabled, or may turn out to be."""
    return status != RuleStatus.DISABLED and not isinstance(status, Unknown)


def _prefixes(configuration: object) -> Iterator[tuple[str, str]]:
    """Each prefix with its path."""
    rules = configuration.get("Rules") if isinstance(configuration, Mapping) else None
    for number, rule in enumerate(rules if isinstance(rules, list) else ()):
        if not isinstance(rule, Mapping) or not _may_count(rule.get("Status")):
            continue
        for steps in (("Prefix",), ("Filter", "Prefix"), ("Filter", "And", "Prefix")):
            holder: object = rule
            for step in steps:
                holder = holder.get(step) if isinstance(holder, Mapping) else None
            if isinstance(holder, str):
                yield f"Rules[{number}].{'.'.join(steps)}", holder
