"""Builds the pinned SeaweedFS from its Go module into `.engines`, once, unmodified."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from sandbox.engine.go_build import GoBuild, GoFailed

MODULE = Path(__file__).resolve().parent / "weed"

_SEAWEEDFS = GoBuild(
    "engines",
    MODULE,
    "github.com/seaweedfs/seaweedfs/weed",
    # A day of ten seconds: weed/util/constants_lifecycle_interval_10sec.go.
    ("-tags", "s3tests", "-ldflags", "-s -w"),
)


class NotBuilt(Exception):
    """There is no Go, or it failed; the text says what to do."""


def seaweedfs_binary(root: Path) -> Path:
    """Of the pinned version; it is built where it is not there."""
    folder = root / ".engines"
    folder.mkdir(exist_ok=True)
    binary = folder / f"weed-{pinned_version()}"
    with _SEAWEEDFS.only_one(folder / "lock"):
        if not binary.is_file():
            _build(binary)
    return binary


def pinned_version() -> str:
    """As go.mod pins it."""
    text = (MODULE / "go.mod").read_text(encoding="utf-8")
    found = re.search(r"^\s*(?:require )?github\.com/seaweedfs/seaweedfs (v\S+)", text, re.M)
    assert found, f"{MODULE}/go.mod requires github.com/seaweedfs/seaweedfs"
    return found[1]


def _build(binary: Path) -> None:
    go = shutil.which("go")
    if go is None:
        raise NotBuilt("there is no `go` on the PATH to build SeaweedFS with: https://go.dev/dl/")
    _SEAWEEDFS.say(
        "building SeaweedFS with Go, once. This takes 5 to 20 minutes on two cores, and about "
        "6 GB for Go's caches"
    )
    try:
        _SEAWEEDFS.into(binary, go)
    except GoFailed as failure:
        raise NotBuilt(
            f"building SeaweedFS failed: {failure}\nmend what Go complains about (a proxy: "
            "`go env GOPROXY`; disk space: about 6 GB) and run this again"
        ) from None
