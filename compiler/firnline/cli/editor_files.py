"""The files that let an editor know the language: schemas, and settings that lead to them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from firnline.cli.place import Place
from firnline.language.project_schema import policy_schema_of
from firnline.language.read_files import read_files
from firnline.language.schemas import FileKind, schema
from firnline.language.settings_schema import settings_schema

POLICY_SCHEMA, FLEET_SCHEMA = ".firnline/policy.schema.json", ".firnline/fleet.schema.json"
EXPECTATIONS_SCHEMA = ".firnline/expectations.schema.json"
APPROVALS_SCHEMA = ".firnline/approvals.schema.json"
SETTINGS_SCHEMA = ".firnline/settings.schema.json"
SETTINGS = ".vscode/settings.json"


def schema_files(policies: Mapping[str, str]) -> dict[str, str]:
    """The policies' schema knows the names in the files, such as the accounts of a fleet."""
    folder, _ = read_files({path: text.encode() for path, text in policies.items()})
    documents = {
        POLICY_SCHEMA: policy_schema_of(folder),
        FLEET_SCHEMA: schema(FileKind.FLEET),
        EXPECTATIONS_SCHEMA: schema(FileKind.EXPECTATIONS),
        APPROVALS_SCHEMA: schema(FileKind.APPROVALS),
        SETTINGS_SCHEMA: settings_schema(),
    }
    return {path: json.dumps(document, indent=2) + "\n" for path, document in documents.items()}


def settings(place: Place) -> str:
    """VS Code's, for files without a modeline. The lock is written by a program."""
    of_policies, fleet = place.from_top(place.policies), place.from_top(f"{place.policies}/fleet")
    expectations = f"{of_policies}/**/expectations*.yaml"
    approvals = f"{of_policies}/**/approvals*.yaml"
    others = (f"!{fleet}*.yaml", f"!{expectations}", f"!{approvals}")
    schemas = {
        f"./{place.from_top(POLICY_SCHEMA)}": [f"{of_policies}/**/*.yaml", *others],
        f"./{place.from_top(FLEET_SCHEMA)}": [f"{fleet}.yaml"],
        f"./{place.from_top(EXPECTATIONS_SCHEMA)}": [expectations],
        f"./{place.from_top(APPROVALS_SCHEMA)}": [approvals],
    }
    return json.dumps({"yaml.schemas": schemas}, indent=2) + "\n"


def with_modeline(text: str, schema_file: str, place: Place) -> str:
    """For every other editor with yaml-language-server."""
    return f"# yaml-language-server: $schema={place.from_policies(schema_file)}\n{text}"
