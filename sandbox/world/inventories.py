"""The inventory buckets, and a daily inventory of each bucket: all versions, all fields."""

from firnline.testing import Emulator, seed
from firnline.testing.inventory_configuration import InventoryConfiguration
from sandbox.world.accounts import BUCKETS, CENTRAL, INVENTORY, INVENTORY_BUCKETS


def configure_inventories(aws: Emulator) -> None:
    """And delivers the first ones at once, for which S3 takes up to 48 hours."""
    state = aws.middleware.state
    with state.lock:
        for region, name in INVENTORY_BUCKETS.items():
            seed.create_bucket(CENTRAL.id, name, region, aws.started)
        for bucket in BUCKETS:
            destination = INVENTORY_BUCKETS[bucket.region]
            state.inventories.store.put(bucket.name, InventoryConfiguration(INVENTORY, destination))
    aws.deliver_inventories()
