"""Policies for tests: a fragment becomes a whole file, and a file a compilation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from firnline.diagnostics.kinds import Diagnostic, Example
from firnline.pipeline import Compilation, check_files

TODAY = date(2026, 11, 21)
PREAMBLE = {
    "firnline": "policy/v1",
    "policy": "example",
    "owner": "lab",
    "why": "an example",
    "applies_to": "[{account: lab, buckets: lab-data}]",
    "versioning": "off",
}


def whole(fragment: str) -> str:
    """The fragment with the lines of the preamble that it does not say itself."""
    if fragment.startswith("firnline:"):
        return fragment
    lines = [f"{key}: {value}\n" for key, value in PREAMBLE.items() if not _says(fragment, key)]
    return "".join(lines) + fragment + "\n"


def files_of(example: Example) -> dict[str, bytes]:
    """What a kind shows as its example, as files."""
    texts = example if isinstance(example, Mapping) else {"policy.yaml": example}
    return {
        f"policies/{name}": whole(text).encode("utf-8", "surrogateescape")
        for name, text in texts.items()
    }


def compiled(example: Example) -> Compilation:
    return check_files(files_of(example), TODAY)


def codes(found: tuple[Diagnostic, ...]) -> list[str]:
    return sorted({diagnostic.kind.code for diagnostic in found})


def _says(fragment: str, key: str) -> bool:
    return re.search(rf"^{key}:", fragment, re.MULTILINE) is not None
