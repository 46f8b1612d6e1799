"""Reads one bucket's live rules for the guard."""

from __future__ import annotations

from dataclasses import dataclass, field

from firnline.fleet.accounts import Access, asking, s3_client
from firnline.fleet.live import Live, read_answer
from firnline.targets.pulumi_aws.agreement import Patience

_PERMISSION = "s3:GetLifecycleConfiguration"


@dataclass(frozen=True, slots=True)
class Look:
    """Blocks, and raises `NoAccess` where the live rules cannot be read."""

    access: Access
    patience: Patience = field(default_factory=Patience)

    def read(self, bucket: str) -> Live:
        """One answer. It may be one that held before the last write."""
        client = s3_client(self.access)
        with asking(self.access.account_id, _PERMISSION):
            return read_answer(client, bucket)
