"""What `firnline init` was told: of which bucket, in which account, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from firnline.cli.place import Place

STARTER = "starter"


class World(Enum):
    """Where a stack deploys to, as its configuration states it."""

    AWS = "aws"
    SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True)
class Answers:
    """`label` is the account's, for policies. `code_owner` is who reviews approvals."""

    bucket: str
    account_id: str
    label: str
    regions: tuple[str, ...]
    role: str | None
    owner: str
    code_owner: str | None
    namespace: str
    stack: str
    world: World
    requirement: str
    place: Place
    template: str = STARTER
    """The policy to begin with, one of `filled.templates`."""
