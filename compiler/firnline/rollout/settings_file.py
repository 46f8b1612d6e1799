"""The content of a settings file of Pulumi: of the project, or of a stack."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from firnline.language.pyyaml import NotYaml, plain_values


def settings_in(path: Path) -> Mapping[str, Any]:
    """All values as text. Empty where there is no such file; invalid YAML counts as empty: Pulumi
    itself refuses it.
    """
    try:
        content = plain_values(path.read_bytes())
    except (FileNotFoundError, NotYaml):
        return {}
    return content if isinstance(content, dict) else {}
