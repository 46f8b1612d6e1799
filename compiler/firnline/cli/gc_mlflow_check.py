"""`firnline gc mlflow-check`: what the next `mlflow gc` would destroy that the registry needs."""

from __future__ import annotations

import argparse

from firnline.cli.failed import CommandFailed
from firnline.cli.formats import Answer
from firnline.cli.gc_extra import need_extra
from firnline.cli.named_file import refuse_unwritable
from firnline.cli.out import add_out, outputs, write_out
from firnline.cli.paths import add_folder
from firnline.cli.registry_names import add_registry_names
from firnline.cli.streams import say
from firnline.reach.registries.mlflow.next_gc import Checked

SUMMARY = "which registered versions the next `mlflow gc` would destroy"
EPILOG = """\
firnline gc mlflow-check
firnline gc mlflow-check --registry prod-mlflow
firnline gc mlflow-check --out json

`mlflow gc` deletes the artifacts of each run and logged model in the stage `deleted`, whether or
not a registered version is stored there. It has no dry run; this is one.

Exit code 1 where it would destroy a version, or where that cannot be told; 3 where a registry gave
no access.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    add_folder(parser)
    add_registry_names(parser, "all of MLflow")
    add_out(parser, Answer.MLFLOW_CHECK)


def run(arguments: argparse.Namespace) -> int:
    try:
        for _, file in outputs(Answer.MLFLOW_CHECK, arguments):
            refuse_unwritable(file)
        checked = _checked(arguments)
    except CommandFailed as why:
        say(f"firnline gc mlflow-check: {why}")
        return why.code
    write_out(checked, Answer.MLFLOW_CHECK, arguments)
    for each in checked:
        if each.found is None:
            say(f"firnline gc mlflow-check: {each.registry} {'; '.join(each.problems)}")
    if any(each.gave_no_access for each in checked):
        return 3
    return 0 if all(each.is_safe for each in checked) else 1


def _checked(arguments: argparse.Namespace) -> tuple[Checked, ...]:
    """Raises `CommandFailed`."""
    need_extra()
    # Slow to import.
    from firnline.cli.gc_mlflow_servers import check

    return check(arguments.folder, arguments.registry)
