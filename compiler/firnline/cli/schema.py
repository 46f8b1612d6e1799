"""`firnline schema`: the JSON Schema of a kind of file, or of a command's JSON output."""

from __future__ import annotations

import argparse
import json
from typing import Any

from firnline.cli.formats import FORMATS
from firnline.cli.paths import OF_THE_PROJECT, Unnamed
from firnline.cli.streams import say, write
from firnline.language.schemas import FileKind, schema
from firnline.workspace import read_folder

SUMMARY = (
    "the JSON Schema of policies, fleet files, settings and others, for editors; or of what we"
    " print as JSON"
)
SETTINGS = "settings"
PRINTED = {
    answer.value: each.schema for answer in FORMATS for each in FORMATS[answer] if each.schema
} | {"baseline": ("firnline.diagnostics", "baseline.schema.json")}


def configure(parser: argparse.ArgumentParser) -> None:
    kinds = [kind.split("/")[0] for kind in FileKind]
    choices = [*kinds, SETTINGS, *PRINTED]
    parser.add_argument(
        "kind",
        metavar="KIND",
        nargs="?",
        choices=choices,
        default="policy",
        help=f"{', '.join(choices)} (default: policy)",
    )
    parser.add_argument(
        "--project",
        metavar="DIR",
        nargs="?",
        const=Unnamed.POLICIES,
        help="of policies: with the accounts, buckets, regions and registries of this folder, which"
        f" editors then offer (default: {OF_THE_PROJECT})",
    )


def run(arguments: argparse.Namespace) -> int:
    if arguments.project is not None and arguments.kind != "policy":
        say("firnline schema: --project is about the schema of policies")
        return 2
    if arguments.project is not None:
        from firnline.language.project_schema import policy_schema_of  # seldom needed
        from firnline.language.read_files import read_files

        folder, _ = read_files(read_folder(arguments.project))
        document = policy_schema_of(folder)
    elif arguments.kind == SETTINGS:
        from firnline.language.settings_schema import settings_schema

        document = settings_schema()
    elif arguments.kind in PRINTED:
        document = printed(arguments.kind)
    else:
        document = schema(FileKind(f"{arguments.kind}/v1"))
    write(json.dumps(document, indent=2) + "\n", None)
    return 0


def printed(kind: str) -> Any:
    """The JSON Schema (draft-07) of a command's JSON output; `kind` is a key of `PRINTED`."""
    from importlib import resources

    package, file = PRINTED[kind]
    return json.loads(resources.files(package).joinpath(file).read_text("utf-8"))
