"""`firnline schema`: the JSON Schema of a kind of file, or of a command's JSON output."""

from __future__ import annotations

import argparse
import json
from typing import Any

from firnline.cli.formats import FORMATS
from firnline.cli.streams import write
from firnline.language.schemas import FileKind, schema

SUMMARY = (
    "the JSON Schema of policies, fleet files or locks, for editors; or of what we print as JSON"
)
PRINTED = {
    answer.value: each.schema for answer in FORMATS for each in FORMATS[answer] if each.schema
}


def configure(parser: argparse.ArgumentParser) -> None:
    kinds = [kind.split("/")[0] for kind in FileKind]
    parser.add_argument("kind", nargs="?", choices=[*kinds, *PRINTED], default="policy")


def run(arguments: argparse.Namespace) -> int:
    if arguments.kind in PRINTED:
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
