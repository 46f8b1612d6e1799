"""The guard's eyes: reads a bucket's live rules as often as it takes to be sure."""

from __future__ import annotations

import time
from dataclasses import dataclass

from firnline.diagnostics.kinds import Diagnostic
from firnline.fleet.accounts import Access, asking, s3_client
from firnline.fleet.live import read_live
from firnline.rules.ir import RuleSet
from firnline.targets.pulumi_aws.guard import Write, judge, not_settled

_PERMISSION = "s3:GetLifecycleConfiguration"


@dataclass(frozen=True, slots=True)
class Patience:
    """In seconds. S3 may answer with what held before the last write, so one read proves little."""

    before_second_look: float = 1.0
    reads_in_a_row: int = 3
    between_reads: float = 0.2
    settled_within: float = 60.0


@dataclass(frozen=True, slots=True)
class Look:
    """Raises `NoAccess` where the live rules cannot be read."""

    access: Access
    patience: Patience = Patience()

    def refusal(self, write: Write) -> Diagnostic | None:
        """Why the write must not happen, standing on two reads; none where it may."""
        if judge(self._read(write.bucket), write) is None:
            return None
        time.sleep(self.patience.before_second_look)
        return judge(self._read(write.bucket), write)

    def unsettled(self, write: Write) -> Diagnostic | None:
        """None once several reads in a row mean what was written."""
        deadline = time.monotonic() + self.patience.settled_within
        in_a_row = 0
        while True:
            trouble = not_settled(self._read(write.bucket), write)
            in_a_row = 0 if trouble else in_a_row + 1
            if in_a_row == self.patience.reads_in_a_row:
                return None
            if trouble and time.monotonic() >= deadline:
                return trouble
            time.sleep(self.patience.between_reads)

    def _read(self, bucket: str) -> RuleSet | None:
        from botocore.exceptions import ClientError

        client = s3_client(self.access)
        with asking(self.access.account_id, _PERMISSION):
            try:
                return read_live(client, bucket)
            except ClientError as error:
                # A bucket that the same program makes: in a preview there is none yet, and at `up`
                # the provider waits until S3 knows it everywhere.
                if error.response["Error"]["Code"] == "NoSuchBucket":
                    return None
                raise
