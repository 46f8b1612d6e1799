"""The settings of a SageMaker registry in a fleet file → the source that reads it."""

from __future__ import annotations

from firnline.language.fleet_registries import Mlflow, SageMaker
from firnline.reach.registries.access_points import AccessPointsOf
from firnline.reach.registries.clock import now
from firnline.reach.registries.sagemaker.experiments import read_experiments
from firnline.reach.registries.sagemaker.source import SageMakerRegistry
from firnline.reach.registries.world import World


def sagemaker(settings: SageMaker, world: World) -> SageMakerRegistry:
    """Raises `CannotRead`, `NoAccess`."""
    access = world.access(settings.account.value, settings.region.value)
    servers = (
        each.source.tracking_uri.value
        for each in world.fleet.registries
        if isinstance(each.source, Mlflow)
    )
    return SageMakerRegistry(
        world.clients.client("sagemaker", access),
        world.clients.s3(access),
        access,
        now,
        read_experiments,
        servers_read=frozenset(servers),
        access_points=AccessPointsOf(lambda: world.clients.client("s3control", access), access),
    )
