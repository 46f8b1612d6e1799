"""The JSON Schema of firnline.toml, for editors; commands read it by `project`."""

from __future__ import annotations

import json
from pkgutil import get_data
from typing import Any

from firnline.language.gate_settings import CODES


def settings_schema() -> dict[str, Any]:
    """With every gate that there is."""
    text = get_data("firnline.language", "settings.schema.json")
    assert text is not None
    document: dict[str, Any] = json.loads(text)
    levels = document["properties"]["gates"]["properties"]["levels"]
    levels["properties"] = {code: {"$ref": "#/definitions/level"} for code in CODES}
    return document
