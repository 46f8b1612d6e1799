"""Cloud Custodian: `configure-lifecycle` policies, and what a run writes to `resources.json`.

Read in c7n 0.9.53, c7n/resources/s3.py, `Lifecycle`: it puts the rules of the policy beside those
that a bucket has, replaces those of the same ID, and with `Status: absent` removes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Source, whole_file
from firnline.diagnostics.remedy import AddKey, Advise, WriteValue
from firnline.language.data_tree import DataTree, Path
from firnline.lint.file_kinds import NOTHING_TO_CHECK
from firnline.lint.first_refusals import refused_by_custodian
from firnline.lint.kinds import DOCUMENT
from firnline.lint.sources.meant import as_meant, rules_as_meant
from firnline.lint.sources.parts import span_of
from firnline.lint.sources.s3_shape import configuration
from firnline.lint.unknown import Unknown
from firnline.lint.written import Form, ReadFile, Unconfigured, Written
from firnline.s3.terms import Versioning
from firnline.s3.timestamps import as_boto3

_ACTION: Final = "configure-lifecycle"
_RESOURCES: Final = frozenset({"s3", "aws.s3"})
_BESIDE_OTHERS: Final = (
    "Cloud Custodian keeps the rules that a bucket has under other IDs: this holds where there are"
    " none"
)
# c7n 0.9.53, policy.py, `get_variables`: a run fills them in.
_VARIABLE: Final = re.compile(r"\{(account_id|account|region|partition|now|policy|event|service)\b")
# PyYAML, resolver.py: what is no text to it without quotes; also whole numbers.
_NOT_TEXT: Final = re.compile(
    r"(\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?([Tt]|[ \t]+)\d\d?:\d\d:\d\d.*|[-+]?\d+)$"
)
_FILLED_IN: Final = Unknown("known only when Cloud Custodian runs")
_Found = tuple[Written, tuple[Diagnostic, ...]]


def read_policies(tree: DataTree, source: Source, _form: Form) -> ReadFile | None:
    policies = tree.data.get("policies") if isinstance(tree.data, dict) else None
    if not isinstance(policies, list) or not any(
        isinstance(each, dict) and "resource" in each for each in policies
    ):
        return None
    found = [
        each
        for number, policy in enumerate(policies)
        for each in _of_policy(tree, source, policy, ("policies", number))
    ]
    if found:
        return _all(found)
    message = f"no policy for S3 in this file has the action `{_ACTION}`"
    return ReadFile(diagnostics=(NOTHING_TO_CHECK.at(whole_file(source.path), message),))


def read_resources(tree: DataTree, source: Source, form: Form) -> ReadFile | None:
    """The buckets that a policy found, each with its configuration."""
    buckets = tree.data
    if not isinstance(buckets, list) or not any(map(_is_bucket, buckets)):
        return None
    found, without = [], []
    for number, bucket in enumerate(buckets):
        if not _is_bucket(bucket):
            continue
        lifecycle = bucket.get("Lifecycle")
        name = bucket["Name"]
        if not isinstance(lifecycle, dict) or not lifecycle.get("Rules"):
            without.append(Unconfigured(name, name))
            continue
        where: Path = (number, "Lifecycle")
        said_of_it = {"Rules": lifecycle["Rules"]}
        meant = as_meant(said_of_it, where)
        written, said = configuration(tree, meant, where, source, form, said_of_it)
        named = replace(written, resource=name, bucket=name, versioning=_versioning(bucket))
        found.append((named, tuple(replace(each, about=named.about(each.place)) for each in said)))
    nothing = "no bucket in this file has lifecycle rules"
    notes = () if found else (NOTHING_TO_CHECK.at(whole_file(source.path), nothing),)
    read = _all(found)
    return ReadFile(read.configurations, (*notes, *read.diagnostics), tuple(without))


def _is_bucket(bucket: Any) -> bool:
    return (
        isinstance(bucket, dict)
        and isinstance(bucket.get("Name"), str)
        and ("Lifecycle" in bucket or "Versioning" in bucket)
    )


def _versioning(bucket: dict[str, Any]) -> Versioning | None:
    """As GetBucketVersioning answered; None where the run did not ask."""
    said = bucket.get("Versioning")
    if not isinstance(said, dict):
        return None
    try:
        return Versioning.of_status(said.get("Status"))
    except (AttributeError, ValueError):
        return None


def _of_policy(tree: DataTree, source: Source, policy: Any, where: Path) -> Iterator[_Found]:
    if not isinstance(policy, dict) or policy.get("resource") not in _RESOURCES:
        return
    actions = policy.get("actions")
    for number, action in enumerate(actions if isinstance(actions, list) else ()):
        if not isinstance(action, dict) or action.get("type") != _ACTION:
            continue
        at: Path = (*where, "actions", number, "rules")
        said = action.get("rules")
        rules = [
            (_filled(rule), (*at, place))
            for place, rule in enumerate(said if isinstance(said, list) else ())
            if not _is_absent(rule)
        ]
        if rules or not said:  # else it only removes rules
            yield _named(tree, source, policy, rules, at)


def _named(
    tree: DataTree, source: Source, policy: dict[str, Any], rules: list[tuple[Any, Path]], at: Path
) -> _Found:
    meant = rules_as_meant(rules, at)
    written, said = configuration(tree, meant, at, source, Form.CUSTODIAN)
    name = f'policy "{policy.get("name", "")}"'
    named = replace(written, resource=name, beside_others=_BESIDE_OTHERS)
    found = (*said, *_required(tree, source, rules), *_dates(tree, at))
    return named, tuple(replace(each, about=named.about(each.place)) for each in found)


def _required(
    tree: DataTree, source: Source, rules: list[tuple[Any, Path]]
) -> Iterator[Diagnostic]:
    """What S3 takes, and Cloud Custodian's schema does not."""
    for rule, at in rules:
        if not isinstance(rule, dict):
            continue
        place = span_of(tree, at, key=True) or whole_file(source.path)
        if "ID" not in rule:
            yield DOCUMENT.at(
                place,
                "Cloud Custodian needs an `ID` in every rule",
                notes=[refused_by_custodian("'ID' is a required property")],
                remedy=AddKey("ID"),
            )
        if rule.get("Filter") == {}:
            yield DOCUMENT.at(
                span_of(tree, (*at, "Filter"), key=True) or place,
                "Cloud Custodian takes no empty `Filter`",
                notes=[refused_by_custodian("{} should be non-empty")],
                remedy=Advise('write `Filter: {Prefix: ""}` for the whole bucket'),
            )


def _dates(tree: DataTree, below: Path) -> Iterator[Diagnostic]:
    """It takes them as text, and one without quotes is a date or a number to its YAML reader."""
    for where in tree.places:
        if where[: len(below)] != below or where[-1] != "Date":
            continue
        place = span_of(tree, where, key=False)
        text = place.source.text[place.start : place.end] if place else ""
        moment = as_boto3(text) if _NOT_TEXT.match(text) else None
        if place and moment is not None:
            yield DOCUMENT.at(
                place,
                "Cloud Custodian accepts a date only in quotes",
                notes=[refused_by_custodian("not of type string")],
                remedy=WriteValue(f'"{moment:%Y-%m-%dT%H:%M:%SZ}"'),
            )


def _is_absent(rule: Any) -> bool:
    return isinstance(rule, dict) and rule.get("Status") == "absent"


def _filled(value: Any) -> Any:
    match value:
        case dict():
            return {key: _filled(each) for key, each in value.items()}
        case list():
            return [_filled(each) for each in value]
        case str() if _VARIABLE.search(value):
            return _FILLED_IN
        case _:
            return value


def _all(found: list[_Found]) -> ReadFile:
    return ReadFile(
        tuple(written for written, _ in found), tuple(each for _, said in found for each in said)
    )
