"""`--realised FILE` → the ledger in it, and the rules that its stack deploys."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from firnline.cli.failed import CommandFailed
from firnline.cli.rules_since import Ledger
from firnline.diagnostics.visible import visible
from firnline.inventory.savings.entry import Entry
from firnline.inventory.savings.ledger import NotALedger, read_ledger
from firnline.targets.pulumi_aws.deployed_rules import deployed_rules

_TYPE = "firnline:s3:Savings"
_STDIN = "-"


def read_ledger_file(path: str) -> Ledger:
    """Of what `pulumi stack export` writes, or of a ledger alone; the oldest entries first. Raises
    `CommandFailed`.
    """
    called = "stdin" if path == _STDIN else visible(path)
    try:
        document = json.loads(_text(path))
    except OSError as problem:
        raise CommandFailed(f"{called} cannot be read: {problem.strerror}") from None
    except ValueError:
        raise CommandFailed(f"{called} is not JSON: {_HOW}") from None
    found: dict[tuple[str, str, object], Entry] = {}
    try:
        resources = _resources(document)
        for ledger in [document] if resources is None else _ledgers(resources):
            for entry in read_ledger(ledger):
                change = entry.change
                found.setdefault((change.account, change.bucket, change.at), entry)
    except NotALedger as problem:
        raise CommandFailed(f"{called}: {visible(str(problem))}: {_HOW}") from None
    if not found:
        raise CommandFailed(f"{called} has no change of rules that `pulumi up` recorded", code=1)
    entries = sorted(found.values(), key=lambda entry: (entry.change.at, entry.change.bucket))
    return Ledger(entries, None if resources is None else deployed_rules(resources))


_HOW = "name the output of `pulumi stack export`"


def _text(path: str) -> str:
    if path == _STDIN:
        return sys.stdin.read()
    with open(path, encoding="utf-8") as file:
        return file.read()


def _resources(document: Any) -> list[Mapping[str, Any]] | None:
    """Of a state; None of a ledger alone."""
    if not isinstance(document, Mapping) or "deployment" not in document:
        return None
    found = _mapping(document["deployment"]).get("resources") or ()
    return [_mapping(each) for each in found]


def _ledgers(resources: Iterable[Mapping[str, Any]]) -> Iterator[object]:
    for resource in resources:
        outputs = _mapping(resource.get("outputs"))
        if resource.get("type") == _TYPE and (ledger := outputs.get("ledger")):
            yield ledger


def _mapping(value: Any) -> Mapping[str, Any]:
    """A state that has nothing there may say so by null."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise NotALedger("it is no state of Pulumi")
    return value
