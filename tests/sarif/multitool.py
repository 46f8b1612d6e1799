"""Microsoft's SARIF Multitool: the schema of OASIS, and what GitHub requires besides."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests import install

NO_ADDRESS = ("Warning_ProvideToolnformationUri", "Warning_ProvideHelpUris")
"""Where a project says no `docs_url`, there is no address that is sure to be published."""


def objections(documents: Mapping[str, str], folder: Path) -> list[str]:
    """What it says against these documents, by their names; remarks are no objections."""
    programs = install.find_sarif_multitool()
    if not programs:
        pytest.skip("`python -m tests.install slow` installs the SARIF Multitool")
    for name, text in documents.items():
        (folder / f"{name}.sarif").write_text(text, encoding="utf-8")
    report = folder / "report.json"
    rules = ["--rule-kind", "Sarif;Ghas"]
    output = ["--output", str(report), "--log", "ForceOverwrite"]
    ran = subprocess.run(
        [str(programs[0]), "validate", str(folder / "*.sarif"), *rules, *output],
        # It needs no libicu then.
        env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
        capture_output=True,
        text=True,
        timeout=250,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    (run,) = json.loads(report.read_text(encoding="utf-8-sig"))["runs"]
    assert f"{len(documents)} files scanned" in ran.stdout
    return [
        f"{each['ruleId']} {each['locations']} {each['message']}"
        for each in run["results"]
        if each["message"]["id"] not in NO_ADDRESS
    ]
