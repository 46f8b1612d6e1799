"""The registries of MLflow that a fleet file names → what the next `mlflow gc` destroys in each."""

from __future__ import annotations

from collections.abc import Sequence

from firnline.cli.failed import CommandFailed
from firnline.cli.gc_registries import named
from firnline.cli.streams import say, write
from firnline.language.fleet_registries import Mlflow
from firnline.reach.registries.mlflow.source import MlflowServer
from firnline.reach.source import CannotRead
from firnline.targets.mlflow_check_text import mlflow_check_text


def check(folder: str, names: Sequence[str]) -> int:
    """The exit code. Raises `CommandFailed`."""
    world, registries = named(folder, names)
    found = [
        (each.name.value, MlflowServer(each.source, world.environment, world.folder))
        for each in registries
        if isinstance(each.source, Mlflow)
    ]
    if not found:
        raise CommandFailed(_no_mlflow(folder))
    return max([_checked(name, server) for name, server in found])


def _no_mlflow(folder: str) -> str:
    others = [each.name.value for each in named(folder, ())[1] if isinstance(each.source, Mlflow)]
    if others:
        shown = " or ".join(f"`--registry {each}`" for each in others)
        return f"no registry of MLflow is named: name {shown}"
    return (
        "the fleet file has no registry of MLflow: add one, such as `registries: {mlflow: {mlflow:"
        " {tracking_uri: https://mlflow.acme.example}}}`"
    )


def _checked(name: str, server: MlflowServer) -> int:
    try:
        found, problems = server.next_gc()
    except CannotRead as why:
        say(f"firnline gc mlflow-check: {name} {why}")
        return 1
    write(mlflow_check_text(name, found, problems), None)
    return 1 if found.losses or problems else 0
