"""Rules taken together: IDs, the two schemas, and the overlaps that the old one refuses."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from firnline.s3.law import refusals as no
from firnline.s3.law.form import StatedRule

Report = Callable[..., None]


def check_ids(rules: Sequence[StatedRule], report: Report) -> None:
    """`report(refusal, index, path)`. Rules without an ID are named by S3, each differently."""
    seen: set[str] = set()
    for rule in rules:
        if rule.id and rule.id in seen:
            report(no.ID_TWICE, rule.index, "ID", value=rule.id)
        seen.add(rule.id)


def check_schemas(rules: Sequence[StatedRule], report: Report) -> None:
    """One configuration is either of rule-level prefixes or of filters."""
    scoped = [rule for rule in rules if rule.scoped]
    for rule in scoped:
        if rule.legacy != scoped[0].legacy:
            if rule.legacy:
                report(no.PREFIX_IN_V2, rule.index, "Prefix")
            else:
                report(no.FILTER_IN_V1, rule.index, "Filter")
    if scoped and all(rule.legacy for rule in scoped):
        _check_overlaps(scoped, report)


def _check_overlaps(rules: Sequence[StatedRule], report: Report) -> None:
    """For each action, a prefix that begins with another one: it follows it in sorted order."""
    same: set[str] = set()
    for rule in rules:
        if (prefix := rule.prefix or "") in same:
            report(no.V1_TWICE, rule.index, "Prefix", prefix=prefix)
        same.add(prefix)
    reported: set[int] = set()
    for action in sorted({kind for rule in rules for kind in _kinds(rule)}):
        above: list[str] = []
        acting = [rule for rule in rules if action in _kinds(rule)]
        for rule in sorted(acting, key=lambda each: each.prefix or ""):
            prefix = rule.prefix or ""
            while above and not prefix.startswith(above[-1]):
                above.pop()
            if above and above[-1] != prefix and rule.index not in reported:
                reported.add(rule.index)
                report(
                    no.V1_OVERLAP,
                    rule.index,
                    "Prefix",
                    inner=prefix,
                    outer=above[-1],
                    action=action,
                )
            above.append(prefix)


def _kinds(rule: StatedRule) -> set[str]:
    names = {name.replace("Transitions", "Transition") for name in rule.actions}
    if rule.has_marker:
        names = names - {"Expiration"} | {"ExpiredObjectDeleteMarker"}
    return names
