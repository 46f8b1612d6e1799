"""Rules taken together: IDs, the two schemas, and the overlaps that the old one refuses."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from firnline.s3.law import refusals as no
from firnline.s3.law.stated import StatedRule
from firnline.s3.law.verdict import path_in_rule

Report = Callable[..., None]


def check_ids(rules: Sequence[StatedRule], report: Report) -> None:
    """`report(refusal, index, path, other)`. S3 names each rule without an ID differently."""
    first: dict[str, int] = {}
    for rule in rules:
        if rule.id and rule.id in first:
            other = path_in_rule(first[rule.id], "ID")
            report(no.ID_TWICE, rule.index, "ID", other, value=rule.id)
        first.setdefault(rule.id, rule.index)


def check_schemas(rules: Sequence[StatedRule], report: Report) -> None:
    """One configuration is either of rule-level prefixes or of filters."""
    scoped = [rule for rule in rules if rule.scope.scoped]
    for rule in scoped:
        if rule.scope.legacy != scoped[0].scope.legacy:
            if rule.scope.legacy:
                other = path_in_rule(scoped[0].index, "Filter")
                report(no.PREFIX_IN_V2, rule.index, "Prefix", other)
            else:
                other = path_in_rule(scoped[0].index, "Prefix")
                report(no.FILTER_IN_V1, rule.index, "Filter", other)
    if scoped and all(rule.scope.legacy for rule in scoped):
        _check_overlaps(scoped, report)


def _check_overlaps(rules: Sequence[StatedRule], report: Report) -> None:
    """For each action, a prefix that begins with another one: it follows it in sorted order."""
    first: dict[str, int] = {}
    for rule in rules:
        if (prefix := _prefix(rule)) in first:
            other = path_in_rule(first[prefix], "Prefix")
            report(no.V1_TWICE, rule.index, "Prefix", other, prefix=prefix)
        first.setdefault(prefix, rule.index)
    reported: set[int] = set()
    for action in sorted({kind for rule in rules for kind in _kinds(rule)}):
        above: list[StatedRule] = []
        acting = [rule for rule in rules if action in _kinds(rule)]
        for rule in sorted(acting, key=_prefix):
            prefix = _prefix(rule)
            while above and not prefix.startswith(_prefix(above[-1])):
                above.pop()
            if above and _prefix(above[-1]) != prefix and rule.index not in reported:
                reported.add(rule.index)
                outer = above[-1]
                report(
                    no.V1_OVERLAP,
                    rule.index,
                    "Prefix",
                    path_in_rule(outer.index, "Prefix"),
                    inner=prefix,
                    outer=_prefix(outer),
                    action=action,
                )
            above.append(rule)


def _prefix(rule: StatedRule) -> str:
    return rule.scope.prefix or ""


def _kinds(rule: StatedRule) -> set[str]:
    names = {name.replace("Transitions", "Transition") for name in rule.actions}
    if rule.end.has_marker:
        names = names - {"Expiration"} | {"ExpiredObjectDeleteMarker"}
    return names
