"""`firnline gc mlflow-check`: what the next `mlflow gc` would destroy that the registry needs."""

from __future__ import annotations

import argparse

from firnline.cli.failed import CommandFailed
from firnline.cli.gc_extra import need_extra
from firnline.cli.paths import add_folder
from firnline.cli.registry_names import add_registry_names
from firnline.cli.streams import say

SUMMARY = "which registered versions the next `mlflow gc` would destroy"
EPILOG = """\
firnline gc mlflow-check
firnline gc mlflow-check --registry prod-mlflow

`mlflow gc` deletes the artifacts of each run and logged model in the stage `deleted`, whether or
not a registered version is stored there. It has no dry run; this is one.

Exit code 1 where it would destroy a version, or where that cannot be told.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    add_folder(parser)
    add_registry_names(parser, "all of MLflow")


def run(arguments: argparse.Namespace) -> int:
    try:
        return _checked(arguments)
    except CommandFailed as why:
        say(f"firnline gc mlflow-check: {why}")
        return why.code


def _checked(arguments: argparse.Namespace) -> int:
    """Raises `CommandFailed`."""
    need_extra()
    # Slow to import.
    from firnline.cli.gc_mlflow_servers import check

    return check(arguments.folder, arguments.registry)
