"""Where the sandbox keeps its files."""

from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class SandboxPaths:
    """`root` is the checkout, or any folder that a test hands in."""

    root: Path = CHECKOUT

    @property
    def folder(self) -> Path:
        return self.root / ".sandbox"

    @property
    def state(self) -> Path:
        return self.folder / "state.json"

    @property
    def lock(self) -> Path:
        return self.folder / "lock"

    @property
    def emulator_log(self) -> Path:
        return self.folder / "emulator.log"

    @property
    def request_log(self) -> Path:
        return self.folder / "requests.jsonl"

    @property
    def empty_aws_config(self) -> Path:
        return self.folder / "aws-config-empty"

    @property
    def pulumi_home(self) -> Path:
        return self.folder / "pulumi-home"

    def world(self, world: str) -> Path:
        return self.folder / "worlds" / world

    def backend(self, world: str) -> Path:
        """A new world has a new Pulumi backend, so that state and buckets never disagree."""
        return self.world(world) / "pulumi"

    def inventories(self, world: str) -> Path:
        """What is in the inventory buckets, by bucket and key."""
        return self.world(world) / "inventory"
