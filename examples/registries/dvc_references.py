"""Prints what DVC needs, for an `exec:` registry: every output that any branch or tag names.

    registries:
      dvc: {exec: {command: [python, dvc_references.py, ../data-repository]}}

It reads a full clone with git, and needs PyYAML. The objects of a folder are listed in its `.dir`
file, which must be in the clone's cache: run `dvc fetch --all-branches --all-tags` before.
"""

from __future__ import annotations

import configparser
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

HASH = re.compile(r"^[\s-]*md5: ", re.MULTILINE)


def main(repository: Path) -> None:
    began = now()
    problems: list[str] = []
    remote, is_by_name = remote_of(repository)
    if is_by_name:
        problems.append("has a remote with `version_aware` or `worktree`, which this does not read")
    read = counted = 0
    printed: set[str] = set()
    revisions = git(repository, "for-each-ref", "--format=%(refname)").split()
    for revision in revisions:
        for file in files_of_dvc(repository, revision):
            text = git(repository, "show", f"{revision}:{file}")
            document = yaml.safe_load(text)
            problems += stored_otherwise(document, f"{file} of {revision}")
            found = list(entries(document))
            read += len(found)
            counted += len(HASH.findall(text))  # apart from reading it as YAML
            for entry in (entry for entry, is_stored in found if is_stored):
                because = f"{Path(file).parent / entry['path']} of {revision}"
                for place in places_of(repository, entry, problems):
                    if place not in printed:
                        printed.add(place)
                        reference(f"{remote}/{place}", because)
    if (repository / ".git/shallow").exists():
        problems.append("is a shallow clone without older revisions: clone it with full history")
    emit(
        "certificate",
        began=began,
        ended=now(),
        pages=len(revisions),
        count=read,
        independent_count=counted,
        counted_by="the lines with `md5:`",
        snapshot=git(repository, "rev-parse", "HEAD").strip(),
        problems=problems,
    )


def remote_of(repository: Path) -> tuple[str, bool]:
    """The URL of the default remote, and whether it keeps files by their names, not by hashes."""
    config = configparser.ConfigParser()
    with (repository / ".dvc/config").open() as file:
        config.read_file(line.lstrip() for line in file)
    name = config["core"]["remote"]
    section = config[f"'remote \"{name}\"'"]
    is_by_name = any(section.getboolean(key, False) for key in ("version_aware", "worktree"))
    return section["url"].rstrip("/"), is_by_name


def files_of_dvc(repository: Path, revision: str) -> Iterator[str]:
    for file in git(repository, "ls-tree", "-r", "--name-only", "-z", revision).split("\0"):
        if file.endswith(".dvc") or Path(file).name == "dvc.lock":
            yield file


def entries(document: Any) -> Iterator[tuple[dict[str, Any], bool]]:
    """Each entry with a hash, and whether DVC stores it: dependencies it only compares."""
    for stage in (document, *document.get("stages", {}).values()):
        for kind in ("outs", "deps"):
            for entry in stage.get(kind, ()):
                if "md5" in entry:
                    yield entry, kind == "outs" and entry.get("cache", True)


def stored_otherwise(document: Any, called: str) -> Iterator[str]:
    """A sentence for each output that the default remote does not have by its hash."""
    for stage in (document, *document.get("stages", {}).values()):
        for entry in stage.get("outs", ()):
            if any(key in entry for key in ("cloud", "remote")) or "md5" not in entry:
                yield f"{called}: {entry['path']} is stored in a way that this does not read"


def places_of(repository: Path, entry: dict[str, Any], problems: list[str]) -> Iterator[str]:
    """Below the remote: the object itself, and those that a folder consists of."""
    # What DVC 2 wrote has no `hash`, and stays where that stored it.
    root = "files/md5/" if entry.get("hash") == "md5" else ""
    yield place(root, entry["md5"])
    if not entry["md5"].endswith(".dir"):
        return
    listing = repository / ".dvc/cache" / place(root, entry["md5"])
    if not listing.exists():
        problems.append(
            f"lacks {entry['md5']} in its cache: run `dvc fetch --all-branches --all-tags` there"
        )
        return
    for each in json.loads(listing.read_text()):
        yield place(root, each["md5"])


def place(root: str, md5: str) -> str:
    return f"{root}{md5[:2]}/{md5[2:]}"


def git(repository: Path, *words: str) -> str:
    ran = subprocess.run(["git", "-C", str(repository), *words], stdout=subprocess.PIPE, check=True)
    return ran.stdout.decode("utf-8", "surrogateescape")


def reference(uri: str, *because: str) -> None:
    emit("reference", uri=uri, kind="exact", strength="pin", because=because)


def emit(line: str, **said: Any) -> None:
    print(json.dumps({line: said}))


def now() -> str:
    return datetime.now(UTC).isoformat()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
