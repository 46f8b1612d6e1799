"""`firnline schema`: the JSON Schema of a kind of file, for editors, or of a report."""

from __future__ import annotations

import argparse
import json

from firnline.cli.streams import write
from firnline.language.shape import SCHEMAS, schema

SUMMARY = "the JSON Schema of policies, fleet files or locks; or of what `check`, `diff` print"
REPORT, DIFF = "report", "diff"


def configure(parser: argparse.ArgumentParser) -> None:
    kinds = [kind.split("/")[0] for kind in SCHEMAS]
    parser.add_argument("kind", nargs="?", choices=[*kinds, REPORT, DIFF], default="policy")


def run(arguments: argparse.Namespace) -> int:
    if arguments.kind == REPORT:
        from firnline.diagnostics.json import report_schema

        document = report_schema()
    elif arguments.kind == DIFF:
        from firnline.targets.changes_json import diff_schema

        document = diff_schema()
    else:
        document = schema(f"{arguments.kind}/v1")
    write(json.dumps(document, indent=2) + "\n", None)
    return 0
