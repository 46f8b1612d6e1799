"""Which retention does a rule come from, by its ID?"""

from __future__ import annotations

import re

# firnline/<namespace>/<policy>/<retention>, and what distinguishes several rules of one
# (rules.lower)
_OURS = re.compile(r"firnline/[^/]+/([^/]+)/(\*|[a-z0-9][a-z0-9._-]*)(?:[+:?].*)?", re.DOTALL)


def retention_of(rule_id: str) -> str | None:
    """`policy/retention`, or a policy alone for its top-level settings; None where the rule is not
    of Firnline.
    """
    found = _OURS.fullmatch(rule_id)
    if found is None:
        return None
    return found[1] if found[2] == "*" else f"{found[1]}/{found[2]}"
