"""`firnline schema`: the JSON Schema of a kind of file, for editors."""

from __future__ import annotations

import argparse
import json

from firnline.cli.streams import write
from firnline.language.shape import SCHEMAS, schema

SUMMARY = "the JSON Schema of policies, fleet files or locks, for editors"


def configure(parser: argparse.ArgumentParser) -> None:
    kinds = [kind.split("/")[0] for kind in SCHEMAS]
    parser.add_argument("kind", nargs="?", choices=kinds, default="policy")


def run(arguments: argparse.Namespace) -> int:
    write(json.dumps(schema(f"{arguments.kind}/v1"), indent=2) + "\n", None)
    return 0
