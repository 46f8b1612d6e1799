"""Does a prefix match what it seems to?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic
from firnline.language.checks.leading_slash import LEADING_SLASH
from firnline.language.checks.literal_wildcard import LITERAL_WILDCARD, is_wild
from firnline.language.checks.open_prefix import OPEN_PREFIX
from firnline.rules.by_hand.placed import Config, Placed


def check(config: Config) -> Iterator[Diagnostic]:
    for each in config.rules:
        prefix = each.rule.filter.prefix
        span = config.written.place(_where(config, each))
        if is_wild(prefix):
            message = "only keys with these very characters in them would match"
            help = "write the literal beginning of the keys, and a rule for each"
            yield LITERAL_WILDCARD.at(span, message, help=help)
            continue
        if prefix.startswith("/"):
            meant = prefix.lstrip("/")
            message = f"this matches keys such as `{prefix}x`, but not `{meant}x`"
            yield LEADING_SLASH.at(span, message)
        if prefix[-1:].isalpha() and "." not in prefix.rpartition("/")[2]:
            yield OPEN_PREFIX.at(span, f"this matches `{prefix}-old/x` as well")


def _where(config: Config, placed: Placed) -> str:
    for where in ("Filter.Prefix", "Filter.And.Prefix", "Prefix"):
        if config.written.find(f"{placed.path}.{where}", False) is not None:
            return f"{placed.path}.{where}"
    return f"{placed.path}.Filter"
