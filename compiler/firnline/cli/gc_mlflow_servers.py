"""The registries of MLflow that a fleet file names → what the next `mlflow gc` destroys in each."""

from __future__ import annotations

from collections.abc import Sequence

from firnline.cli.failed import CommandFailed
from firnline.cli.gc_registries import named
from firnline.language.fleet_registries import Mlflow
from firnline.reach.registries.mlflow.next_gc import Checked
from firnline.reach.registries.mlflow.source import MlflowServer
from firnline.reach.source import CannotRead, GaveNoAccess


def check(folder: str, names: Sequence[str]) -> tuple[Checked, ...]:
    """Raises `CommandFailed`."""
    world, registries = named(folder, names)
    found = [
        (each.name.value, MlflowServer(each.source, world))
        for each in registries
        if isinstance(each.source, Mlflow)
    ]
    if not found:
        raise CommandFailed(_no_mlflow(folder))
    return tuple(_checked(name, server) for name, server in found)


def _no_mlflow(folder: str) -> str:
    others = [each.name.value for each in named(folder, ())[1] if isinstance(each.source, Mlflow)]
    if others:
        shown = " or ".join(f"`--registry {each}`" for each in others)
        return f"no registry of MLflow is named: name {shown}"
    return (
        "the fleet file has no registry of MLflow: add one, such as `registries: {mlflow: {mlflow:"
        " {tracking_uri: https://mlflow.acme.example}}}`"
    )


def _checked(name: str, server: MlflowServer) -> Checked:
    try:
        return Checked(name, *server.next_gc())
    except CannotRead as why:
        return Checked(name, None, (str(why),), gave_no_access=isinstance(why, GaveNoAccess))
