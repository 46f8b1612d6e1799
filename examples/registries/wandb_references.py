"""Prints what W&B's reference artifacts need, from an export, for an `exec:` registry.

    registries:
      wandb: {exec: {command: [python, wandb_references.py, wandb-export]}}

The export is a folder that a job writes with W&B's public API: `index.json`, a list of all versions
of all artifacts, each with `name`, `version`, `state`, `aliases` and `created_by`; and for each
that is not deleted its manifest as W&B has it, `<name>-<version>.json`, with `contents`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

DELETED = "DELETED"


def main(export: Path) -> None:
    began = now()
    index: list[dict[str, Any]] = json.loads((export / "index.json").read_text())
    needed = [each for each in index if each["state"] != DELETED]
    problems: list[str] = []
    for version in needed:
        manifest = export / f"{called(version)}.json"
        if not manifest.exists():
            problems.append(f"lacks the manifest {manifest.name}: export it again")
            continue
        because = [f"W&B {version['name']}:{version['version']}"]
        because += [f"alias {alias}" for alias in version["aliases"]]
        # An alias is what a deployment goes by; `latest` is only the newest.
        strength = "pin" if set(version["aliases"]) - {"latest"} else "live"
        for uri in locations_in(json.loads(manifest.read_text())):
            emit(
                "reference",
                uri=uri,
                strength=strength,
                because=because,
                owner=version["created_by"],
                experiment=version["name"],
            )
    manifests = len(list(export.glob("*.json"))) - 1  # all but the index
    emit(
        "certificate",
        began=began,
        ended=now(),
        pages=1,
        count=len(needed),
        independent_count=manifests,
        counted_by="the manifests of the export",
        problems=problems,
    )


def called(version: dict[str, Any]) -> str:
    return f"{version['name']}-{version['version']}"


def locations_in(manifest: dict[str, Any]) -> Iterator[str]:
    """Of entries that W&B refers to; what it stores itself has no `ref`."""
    for entry in manifest["contents"].values():
        if entry.get("ref", "").startswith("s3://"):
            yield entry["ref"]


def emit(line: str, **said: Any) -> None:
    print(json.dumps({line: said}))


def now() -> str:
    return datetime.now(UTC).isoformat()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
