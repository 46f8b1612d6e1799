"""`--realised FILE` → the entries of the ledger in it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from firnline.cli.failed import CommandFailed
from firnline.diagnostics.visible import visible
from firnline.inventory.savings.entry import Entry
from firnline.inventory.savings.ledger import NotALedger, read_ledger

_TYPE = "firnline:s3:Savings"
_STDIN = "-"


def read_ledger_file(path: str) -> list[Entry]:
    """Of what `pulumi stack export` writes, or of a ledger alone; the oldest first. Raises
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
        for ledger in _ledgers(document):
            for entry in read_ledger(ledger):
                change = entry.change
                found.setdefault((change.account, change.bucket, change.at), entry)
    except NotALedger as problem:
        raise CommandFailed(f"{called}: {visible(str(problem))}: {_HOW}") from None
    if not found:
        raise CommandFailed(f"{called} has no change of rules that `pulumi up` recorded", code=1)
    return sorted(found.values(), key=lambda entry: (entry.change.at, entry.change.bucket))


_HOW = "name the output of `pulumi stack export`"


def _text(path: str) -> str:
    if path == _STDIN:
        return sys.stdin.read()
    with open(path, encoding="utf-8") as file:
        return file.read()


def _ledgers(document: Any) -> Iterator[object]:
    if not isinstance(document, Mapping) or "deployment" not in document:
        yield document
        return
    deployment = _mapping(document["deployment"])
    for each in deployment.get("resources") or ():
        resource = _mapping(each)
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
