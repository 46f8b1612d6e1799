"""Reads one bucket's live rules for the guard, and reads them back after a write."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from firnline.diagnostics.kinds import Diagnostic
from firnline.fleet.accounts import Access, asking, s3_client
from firnline.fleet.live import Live, read_answer
from firnline.targets.pulumi_aws.agreement import Patience
from firnline.targets.pulumi_aws.erased import Erased
from firnline.targets.pulumi_aws.guard import Write, not_settled

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

    def read_back(self, write: Write, accepted: Live) -> Diagnostic | None:
        """None once several reads in a row mean what was written, and none before them held a rule
        that was not there when the guard looked (`accepted`)."""
        deadline = time.monotonic() + self.patience.settled_within
        erased = Erased(write, accepted)
        in_a_row = 0
        while True:
            live = self.read(write.bucket)
            trouble = not_settled(live.rules, write)
            erased.note(live)
            in_a_row = 0 if trouble else in_a_row + 1
            if in_a_row == self.patience.equal_read_backs:
                return erased.found()
            if trouble and time.monotonic() >= deadline:
                return trouble
            time.sleep(self.patience.between_read_backs)
