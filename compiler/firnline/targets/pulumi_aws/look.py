"""Reads one bucket's live rules for the guard."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from firnline.fleet.accounts import Access, Clients, NoAccess, requesting
from firnline.fleet.live import (
    Live,
    read_answer,
    read_is_empty,
    read_object_lock,
    read_versioning,
)
from firnline.fleet.questions import (
    LIST_VERSIONS,
    READ_LIFECYCLE,
    READ_OBJECT_LOCK,
    READ_VERSIONING,
)
from firnline.s3.terms import Versioning
from firnline.targets.pulumi_aws.agreement import Patience
from firnline.targets.pulumi_aws.proved_rules import BucketState


@dataclass(frozen=True, slots=True)
class Look:
    """Blocks, and raises `NoAccess` where the live rules cannot be read."""

    access: Access
    clients: Clients
    patience: Patience = field(default_factory=Patience)

    def read(self, bucket: str) -> Live:
        """One answer. It may be the state before the last write."""
        client = self.clients.s3(self.access)
        with self._requesting(READ_LIFECYCLE):
            return read_answer(client, bucket)

    def is_empty(self, bucket: str) -> bool:
        """One request."""
        client = self.clients.s3(self.access)
        with self._requesting(LIST_VERSIONS):
            return read_is_empty(client, bucket)

    def state(self, bucket: str) -> BucketState | None:
        """None where there is no such bucket yet."""
        client = self.clients.s3(self.access)
        try:
            with self._requesting(READ_VERSIONING):
                versioning = read_versioning(client, bucket)
            # Object Lock needs versioning (S3 User Guide, "Locking objects with Object Lock").
            if versioning is Versioning.OFF:
                return BucketState(versioning)
            with self._requesting(READ_OBJECT_LOCK):
                return BucketState(versioning, read_object_lock(client, bucket))
        except NoAccess as error:
            if error.code == "NoSuchBucket":
                return None
            raise

    def _requesting(self, permission: str) -> AbstractContextManager[None]:
        return requesting(self.access.account_id, permission, self.access.role_arn)
