"""Diagnostics as SARIF 2.1.0, as code scanning of GitHub takes it.

What GitHub requires, and its limits: GitHub Docs, SARIF support for code scanning.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, assert_never

from firnline import __version__
from firnline.diagnostics.baseline import Fingerprint
from firnline.diagnostics.kinds import Diagnostic, Kind, Severity, Waived
from firnline.diagnostics.position import Source, Span
from firnline.diagnostics.repository import Repository
from firnline.diagnostics.sarif_places import COLUMNS, fixed, location, plain
from firnline.language.fingerprint import sha256_of
from firnline.language.within import policy_in, within

MOST_RESULTS: Final = 5000
"""GitHub takes 25,000 and shows these."""
MOST_CHARACTERS: Final = 9_000_000
"""GitHub takes 10 MB of gzip: so much text is less in any case."""
_MOST_RELATED: Final = 100

_FAMILIES: Final[Mapping[str, str]] = {
    "FL0": "file",
    "FL1": "shape",
    "FL2": "refused-by-s3",
    "FL3": "does-something-else",
    "FL4": "data-loss",
    "FL5": "cost",
    "FL6": "governance",
    "FL7": "deployment",
    "FL9": "tool",
}
_DATA_LOSS: Final = "FL4"
_ATTACKS: Final[Mapping[str, str]] = {"FL734": "external/mitre-attack/T1485.001"}
"""Kinds that may be an attack: MITRE ATT&CK, Lifecycle-Triggered Deletion."""


def sarif(
    found: Sequence[Diagnostic], repository: Repository, waived: Sequence[Waived] = ()
) -> str:
    """Of too many results the gravest are kept, and a notification says how many are left out."""
    reasons = {id(each.diagnostic): each for each in waived}
    ranks = {severity: rank for rank, severity in enumerate(Severity)}
    every = [*found, *(each.diagnostic for each in waived)]
    every.sort(key=lambda each: (id(each) in reasons, ranks[each.severity]))
    kinds = sorted({each.kind for each in every}, key=lambda kind: kind.code)
    pages = {each.kind.code: each.documented_at for each in every if each.documented_at}
    indices = {kind.code: index for index, kind in enumerate(kinds)}
    prints = _fingerprints(every, repository)
    results = list(
        _within_limits(
            {
                **_result(each, repository),
                "ruleIndex": indices[each.kind.code],
                "partialFingerprints": {"primaryLocationLineHash": prints[id(each)]},
                **(
                    {"suppressions": [_suppression(reasons[id(each)])]}
                    if id(each) in reasons
                    else {}
                ),
            }
            for each in every
        )
    )
    run = {
        "tool": {"driver": _driver([_rule(each, pages.get(each.code)) for each in kinds])},
        "columnKind": COLUMNS,
        "originalUriBaseIds": {
            "%SRCROOT%": {"description": {"text": "The top of the repository."}}
        },
        "results": results,
    }
    if left_out := len(every) - len(results):
        run["invocations"] = [_left_out(left_out)]
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(document, indent=1) + "\n"


def _driver(rules: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": "firnline",
        "semanticVersion": __version__,
        "rules": rules,
    }


def _rule(kind: Kind, page: str | None) -> dict[str, Any]:
    family = kind.code[:3]
    properties: dict[str, Any] = {"tags": ["s3", "lifecycle", _FAMILIES[family]]}
    if attack := _ATTACKS.get(kind.code):
        properties["tags"].append(attack)
    if family == _DATA_LOSS or attack:
        properties["tags"].append("security")
        properties["security-severity"] = _security_severity(kind.severity)
    return {
        "id": kind.code,
        "name": "".join(word.capitalize() for word in kind.name.split("-")),
        "shortDescription": {"text": f"{kind.title}."},
        "fullDescription": {"text": f"{kind.title}. {kind.why}"},
        "help": {"text": f"{kind.why}\n\nhelp: {kind.help}"},
        **({"helpUri": page} if page else {}),
        "defaultConfiguration": {"level": _level(kind.severity)},
        "properties": properties,
    }


def _result(diagnostic: Diagnostic, repository: Repository) -> dict[str, Any]:
    about = f"{diagnostic.resource}: " if diagnostic.resource else ""
    said = [f"{about}{diagnostic.message}", *(f"note: {each}" for each in diagnostic.notes)]
    said += [f"help: {diagnostic.help}"] if diagnostic.help else []
    result: dict[str, Any] = {
        "ruleId": diagnostic.kind.code,
        "level": _level(diagnostic.severity),
        "message": {"text": "\n".join(map(plain, said))},
        "locations": [location(diagnostic.place, repository)],
    }
    if related := diagnostic.also[:_MOST_RELATED]:
        result["relatedLocations"] = [
            {"id": nth, **location(place, repository), "message": {"text": plain(label)}}
            for nth, (place, label) in enumerate(related, start=1)
        ]
    fix = diagnostic.fix
    if fix is not None and fix.safe:
        change = fixed(fix, diagnostic.help or diagnostic.kind.help, repository)
        result |= {"fixes": [change]} if change else {}
    return result


def _suppression(waived: Waived) -> dict[str, Any]:
    return {
        "kind": "inSource",
        "status": "accepted",
        "justification": plain(f"{waived.why} (waived until {waived.until})"),
    }


def _within_limits(results: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    characters = 0
    for number, result in enumerate(results, start=1):
        characters += len(json.dumps(result, indent=1))
        if number > MOST_RESULTS or characters > MOST_CHARACTERS:
            return
        yield result


def _left_out(number: int) -> dict[str, Any]:
    text = f"{number:,} results are left out, as GitHub shows no more; they are no graver."
    notification = {"level": "warning", "message": {"text": text}}
    return {"executionSuccessful": True, "toolExecutionNotifications": [notification]}


def _fingerprints(every: Sequence[Diagnostic], repository: Repository) -> dict[int, str]:
    """By the identity of each diagnostic: a finding is the same wherever its policy stands, and
    whatever its numbers are. Of several in one place each has a number behind.
    """
    keys = within(every)
    names: dict[Source, str] = {}
    counts: Counter[str] = Counter()
    prints = {}
    for each in every:
        place, where = each.place, str(each.place)
        if isinstance(place, Span):
            where = repository.path(place.path) or place.path
            if place.source not in names:
                names[place.source] = policy_in(place.source)
            where = names[place.source] or where
        same = Fingerprint(where, each.kind.code, keys[id(each)], "")
        digest = sha256_of(repr((same.path, same.code, same.within)))[:16]
        counts[digest] += 1
        prints[id(each)] = f"{digest}:{counts[digest]}"
    return prints


def _level(severity: Severity) -> str:
    match severity:
        case Severity.ERROR | Severity.GATE:
            return "error"
        case Severity.WARNING:
            return "warning"
        case Severity.NOTE:
            return "note"
        case _:
            assert_never(severity)


def _security_severity(severity: Severity) -> str:
    """From 0 to 10; GitHub calls it high from 7 on, and medium from 4 on."""
    match severity:
        case Severity.ERROR | Severity.GATE:
            return "8.0"
        case Severity.WARNING:
            return "5.0"
        case Severity.NOTE:
            return "2.0"
        case _:
            assert_never(severity)
