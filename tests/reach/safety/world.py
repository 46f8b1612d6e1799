"""A bucket, a registry and a policy in a folder; what Firnline says of them by its own commands."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from firnline.cli import main
from tests.inventory.facts.written import MADE, VERSIONS, write
from tests.reach.registries.fleets import fleet_folder

_FIELDS = (*VERSIONS, "Size", "StorageClass", "LastModifiedDate")
_POLICY = """\
firnline: policy/v1
policy: models
owner: ml@acme.example
why: what no registry needs may go
applies_to: [{account: lab, buckets: [lab]}]
versioning: enabled
references: {from: REGISTRIES, grace: 14d}
retain:
  models:
    prefix: models/
    delete_after: 30d
    delete_when: unreferenced
    old_versions: {delete_after: 30d}
"""
OLD = 100
"""Days: older than any least age."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`verdict` is what was said where nothing was judged; `orphans` is empty then."""

    code: int
    orphans: frozenset[str]
    missing: frozenset[str]
    verdict: str


class World:
    """`registries` of the fleet file by their names: the documents that they list."""

    def __init__(self, folder: Path, stored: Sequence[tuple[str, int]]) -> None:
        self.folder = folder
        self.stored = stored
        self.named = ["catalogue"]
        self.manifest = write(folder, [_row(*each) for each in stored], _FIELDS)

    def registry(self, paths: Sequence[str], name: str = "catalogue") -> None:
        """Writes what a registry lists."""
        self._folder()
        document = json.dumps([{"path": path} for path in paths])
        (self.folder / "policies" / f"{name}.json").write_text(document, encoding="utf-8")

    def read(self, *words: str) -> int:
        """`firnline gc refs`."""
        self._folder()
        return self._run("gc", "refs", "policies", "--out", "refs.jsonl", *words).code

    def audit(self, *words: str) -> Answer:
        """`firnline gc audit`, of what was read."""
        asked = ("gc", "audit", str(self.manifest), "--references", "refs.jsonl")
        return self._run(*asked, "--policies", "policies", "--out", "json", *words)

    def judged(self, paths: Sequence[str]) -> Answer:
        """Of a registry that lists these paths, read without a fault."""
        self.registry(paths)
        assert self.read() == 0
        return self.audit()

    def _folder(self) -> None:
        lines = [
            f'  {name}: {{json: {{file: {name}.json, path: "[*].path"}}}}\n' for name in self.named
        ]
        policies = fleet_folder(self.folder, "".join(lines))
        policy = _POLICY.replace("REGISTRIES", json.dumps(self.named))
        (policies / "models.yaml").write_text(policy, encoding="utf-8")

    def _run(self, *words: str) -> Answer:
        with (
            chdir(self.folder),
            redirect_stdout(_screen()) as out,
            redirect_stderr(_screen()) as err,
        ):
            code = main(words)
        text = _shown(out)
        told = json.loads(text) if text.startswith("{") else {"buckets": [], "missing": []}
        return Answer(
            code,
            frozenset(_orphans(told)),
            frozenset(each["location"] for each in told["missing"]),
            " ".join(_shown(err).split()),
        )


def _screen() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8")


def _shown(screen: io.TextIOWrapper) -> str:
    screen.flush()
    written = screen.buffer
    assert isinstance(written, io.BytesIO)
    return written.getvalue().decode()


def _orphans(told: Any) -> Iterator[str]:
    for bucket in told["buckets"]:
        assert not bucket.get("more_orphans"), "the list is cut: store less"
        yield from (each["key"] for each in bucket["orphans"])


def _row(key: str, days: int, made: datetime = MADE) -> dict[str, object]:
    return {
        "Key": key,
        "Size": 2**30,
        "StorageClass": "STANDARD",
        "LastModifiedDate": made - timedelta(days=days),
        "VersionId": "v",
        "IsLatest": True,
        "IsDeleteMarker": False,
    }
